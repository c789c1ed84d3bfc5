# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk init` makes what is missing and overwrites nothing."""

import stat
from pathlib import Path

from tests.commands import Commands


def test_it_makes_keys_settings_and_database_once(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    said = run("init").output
    assert "DEVELOPMENT" in said
    assert "Database is current" in said
    kept = {path: path.read_bytes() for path in (run.home / "keys").iterdir()}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in [*kept, run.home / "settings.env"])
    (run.home / "settings.env").write_text("WAARMERK_PORT=9000\n")
    again = run("init").output
    assert "Made keys" not in again
    assert {path: path.read_bytes() for path in kept} == kept
    assert (run.home / "settings.env").read_text() == "WAARMERK_PORT=9000\n"


def test_production_is_not_prepared_by_accident(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home", environment="production", policies=str(tmp_path))
    assert "--production" in run("init", status=1).output
    assert not run.home.exists()
    assert "DEVELOPMENT" not in run("init", "--production").output
