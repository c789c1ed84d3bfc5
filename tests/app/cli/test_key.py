# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk key`: a key is shown once, listed without its secret, and withdrawn."""

from pathlib import Path

import pytest

from tests.commands import Commands


@pytest.fixture
def run(tmp_path: Path) -> Commands:
    commands = Commands(tmp_path / "home")
    commands("init")
    return commands


def test_the_life_of_a_key(run: Commands) -> None:
    made = run("key", "create", "balie", "--label", "zaaksysteem")
    secret = made.stdout.strip()
    assert secret.startswith("wmk_")
    name = made.stderr.split("the key ")[1].split(" ")[0]
    listed = run("key", "list").output
    assert name in listed
    assert "zaaksysteem" in listed
    assert secret not in listed
    assert f"Key {name} of balie is withdrawn." in run("key", "revoke", name).output
    assert "No key is in force" in run("key", "list").output
    assert "nothing with this name" in run("key", "revoke", name, status=1).output


def test_a_new_content_key_leaves_the_old_one_beside_it(run: Commands) -> None:
    before = (run.home / "keys" / "content.key").read_bytes()
    said = run("key", "renew-content").output
    assert "content-001.key" in said
    assert (run.home / "keys" / "content-001.key").read_bytes() == before
    assert (run.home / "keys" / "content.key").read_bytes() != before
    run("doctor")


def test_scopes_are_named_and_known(run: Commands) -> None:
    run("key", "create", "balie", "--scope", "org:evidence:read")
    assert "org:evidence:read" in run("key", "list").output
    run("key", "create", "balie", "--scope", "everything", status=2)


def test_an_application_that_policy_does_not_know_gets_no_key(run: Commands) -> None:
    assert "balie, oude-tool, proeftuin" in run("key", "create", "bali", status=1).output
