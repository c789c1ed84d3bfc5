# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

from app.evidence.note import parse_key
from tests.claims import ClaimAuthority, certify
from tests.commands import Commands


def test_it_names_the_key_of_the_log_and_the_root_of_manifests(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init")
    said = run("trust-anchor").output
    assert "DEVELOPMENT" in said
    assert f"manifests  {run.home / 'keys' / 'root.pem'}" in said
    (line,) = (line for line in said.splitlines() if line.startswith("log  "))
    assert len(parse_key(line.split()[1]).public_key) == 32


def test_without_a_certificate_it_says_so_and_with_one_whose_root_to_ask_for(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init", "--production")
    assert "manifests  none are made" in run("trust-anchor").output
    certify(run.home / "keys", ClaimAuthority())
    said = run("trust-anchor").output
    assert "the root of the authority that certified Gemeente Voorbeeld" in said
    assert "DEVELOPMENT" not in said
