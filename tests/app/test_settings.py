# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings come from where they are said to come from, and what cannot be is refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Environment, Settings, load


def test_overrides_win_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.env").write_text("WAARMERK_PORT=1001\nWAARMERK_HOST=10.0.0.1\nWAARMERK_WORKERS=3\n")
    monkeypatch.setenv("WAARMERK_HOME", str(tmp_path))
    monkeypatch.setenv("WAARMERK_PORT", "1002")
    monkeypatch.setenv("WAARMERK_HOST", "10.0.0.2")
    settings = load(host="10.0.0.3")
    assert (settings.host, settings.port, settings.workers, settings.home) == ("10.0.0.3", 1002, 3, tmp_path)


def test_a_setting_that_does_not_exist_in_the_file_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.env").write_text("WAARMERK_PROT=1001\n")
    monkeypatch.setenv("WAARMERK_HOME", str(tmp_path))
    with pytest.raises(ValidationError):
        load()


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": "production"},
        {"public_address": "waarmerk.example"},
        {"public_address": "https://waarmerk.example/"},
        {"tls_certificate": "x.pem"},
        {"workers": 0},
        {"max_body": 0},
        {"port": 70000},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**changes)  # type: ignore[arg-type]


def test_lists_are_written_with_commas() -> None:
    settings = Settings(allowed_hosts="a.example, b.example:8443", trusted_proxies="10.0.0.0/8")
    assert settings.answered_hosts == ("a.example", "b.example:8443")
    assert settings.trusted_proxies == ("10.0.0.0/8",)


def test_the_public_address_is_answered_and_in_development_this_machine_too() -> None:
    own = {"public_address": "https://Waarmerk.example:8443", "port": 9000}
    assert Settings(**own).answered_hosts == ("waarmerk.example:8443", "127.0.0.1:9000", "localhost:9000")  # type: ignore[arg-type]
    production = Settings(**own, environment=Environment.PRODUCTION, policies=Path("/p"))  # type: ignore[arg-type]
    assert production.answered_hosts == ("waarmerk.example:8443",)
    assert production.log_host == "waarmerk.example"


def test_the_database_is_sqlite_in_the_home_folder_unless_named(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).database_url == f"sqlite:///{tmp_path}/waarmerk.db"
    assert Settings(database="postgresql://u@h/n").database_url == "postgresql://u@h/n"
