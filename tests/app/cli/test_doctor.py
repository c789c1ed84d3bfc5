# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk doctor` finds what keeps a house from serving, names the remedy, and changes nothing."""

import shutil
import socket
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from app.settings import Settings
from tests.claims import NOW, ClaimAuthority, certify
from tests.commands import Commands


def test_a_new_house_can_serve_and_its_development_keys_are_noted(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init")
    said = run("doctor").output
    assert "ok    database" in said
    assert "ok    log" in said
    assert "DEVELOPMENT keys" in said
    assert "scaleway-mistral-small: its file cannot be read" in said
    assert "FAIL" not in said


def test_it_says_what_manifests_wait_for(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init", "--production")
    keys = run.home / "keys"
    said = run("doctor").output
    assert "note  manifests    there is no certificate yet, so none are made" in said
    assert f"-> Hand {keys / 'claim-request.pem'} to an authority" in said
    certify(keys, ClaimAuthority())
    assert "ok    manifests    signed for Gemeente Voorbeeld, until" in run("doctor").output
    certify(keys, ClaimAuthority(), days=20)
    assert "note  manifests    signed for Gemeente Voorbeeld" in run("doctor").output
    certify(keys, ClaimAuthority(), begins=NOW - timedelta(days=100))
    said = run("doctor", status=1).output
    assert "FAIL  manifests" in said
    assert "is not valid now" in said


def test_a_home_of_before_is_told_how_to_get_manifests(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init")
    for name in ("claim.pem", "claim-chain.pem", "root.pem"):
        (run.home / "keys" / name).unlink()
    said = run("doctor").output
    assert "note  manifests    there is no key for them" in said
    assert "-> Run waarmerk init" in said


def test_without_keys_it_cannot_serve(tmp_path: Path) -> None:
    said = Commands(tmp_path / "home")("doctor", status=1).output
    assert "FAIL  house" in said
    assert "waarmerk init" in said


def test_a_policy_that_cannot_be_loaded_is_told_by_file(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "deployments.yaml").write_text("deployments: {")
    said = Commands(tmp_path / "home", policies=str(tmp_path / "policies"))("doctor", status=1).output
    assert "FAIL  policy" in said
    assert "deployments.yaml" in said


def test_a_log_that_was_changed_is_told(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init")
    run("key", "create", "balie")
    with closing(sqlite3.connect(run.home / "waarmerk.db")) as database, database:
        database.execute("UPDATE log_entry SET bytes = replace(bytes, 'balie', 'belie')")
    said = run("doctor", status=1).output
    assert "FAIL  log" in said
    assert "waarmerk evidence verify" in said


def test_it_reaches_out_only_when_asked_and_only_to_what_may_be_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    folder = tmp_path / "policies"
    only_own_machines(folder)
    run = Commands(tmp_path / "home", policies=str(folder), policy_variables=f'{{"DEMO_PORT": "{port}"}}')
    run("init")
    assert "  reach  " not in run("doctor").output
    said = run("doctor", "--reach").output
    assert "note  reach        demo-smollm2" in said
    assert "chatgpt" not in said


def only_own_machines(folder: Path) -> None:
    """The example, without what would lead off this machine."""
    shutil.copytree(Settings().policies, folder)
    balie = folder / "applications" / "balie.yaml"
    balie.write_text(balie.read_text().replace("deployment: scaleway-mistral-small", "deployment: demo-smollm2"))
