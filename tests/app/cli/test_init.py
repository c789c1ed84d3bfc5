# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk init` makes what is missing and overwrites nothing."""

import stat
from pathlib import Path

from cryptography.x509 import load_pem_x509_csr

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


def test_a_home_of_before_gets_its_claim_key_and_keeps_the_rest(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init")
    keys = run.home / "keys"
    for name in ("claim.pem", "claim-chain.pem", "root.pem"):
        (keys / name).unlink()
    kept = {path: path.read_bytes() for path in keys.iterdir()}
    said = run("init").output
    assert "Made keys" not in said
    assert "Made certificates" in said
    assert {path: path.read_bytes() for path in kept} == kept
    assert len(list(keys.iterdir())) == len(kept) + 3


def test_production_gets_a_request_and_no_certificate_of_its_own_making(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home", public_address="https://waarmerk.example")
    said = run("init", "--production").output
    assert "claim-request.pem: hand it to a certificate authority" in said
    request = load_pem_x509_csr((run.home / "keys" / "claim-request.pem").read_bytes())
    assert request.subject.rfc4514_string() == "CN=waarmerk.example"
    assert not (run.home / "keys" / "claim-chain.pem").exists()
    assert "request" not in run("init", "--production").output
