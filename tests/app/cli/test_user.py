# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk user`: a person comes in by a link that is shown once, and is shut out by a command."""

from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import Commands


@pytest.fixture
def run(tmp_path: Path) -> Commands:
    commands = Commands(tmp_path / "home", public_address="https://waarmerk.example")
    commands("init")
    return commands


def secret_in(result: Result) -> str:
    """Of the link, which is all there is on standard output."""
    address, secret = result.stdout.strip().split("#")
    assert address == "https://waarmerk.example/review/setup"
    assert secret.startswith("usr_")
    assert len(secret.split(".")[1]) >= 43
    return secret


def test_the_life_of_an_account(run: Commands) -> None:
    made = run("user", "add", "j.jansen", "--role", "reviewer", "--role", "auditor", "--uses", "balie")
    secret = secret_in(made)
    assert "within 72 hours" in made.stderr
    listed = run("user", "list").output
    assert listed.startswith("j.jansen             invited")
    assert "auditor reviewer  uses balie" in listed
    assert secret.split(".")[1] not in listed
    assert secret_in(run("user", "link", "j.jansen")) != secret
    run("user", "change", "j.jansen", "--role", "administrator", "--no-uses")
    listed = run("user", "list").output
    assert "administrator" in listed
    assert "uses" not in listed
    assert "reviewer" not in listed
    run("user", "disable", "j.jansen")
    assert "disabled" in run("user", "list").output
    assert "waarmerk user enable" in run("user", "link", "j.jansen", status=1).output
    secret_in(run("user", "enable", "j.jansen"))
    assert "invited" in run("user", "list").output


def test_no_account_is_said(run: Commands) -> None:
    assert "waarmerk user add" in run("user", "list").stderr


def test_a_role_is_given_and_known(run: Commands) -> None:
    run("user", "add", "j.jansen", status=2)
    run("user", "add", "j.jansen", "--role", "king", status=2)
    run("user", "add", "j.jansen", "--role", "reviewer")
    assert "This name is taken." in run("user", "add", "j.jansen", "--role", "reviewer", status=1).output


def test_a_name_that_is_none_or_nobodys_is_told(run: Commands) -> None:
    assert "/name" in run("user", "add", "J Jansen", "--role", "reviewer", status=1).output
    for command in ("link", "disable", "enable"):
        assert "nothing with this name" in run("user", command, "piet", status=1).output
    assert "nothing with this name" in run("user", "change", "piet", "--role", "reviewer", status=1).output


def test_an_application_that_policy_does_not_know_separates_nobody(run: Commands) -> None:
    run("user", "add", "j.jansen", "--role", "reviewer")
    for command in (
        ("add", "k.peters", "--role", "reviewer", "--uses", "bali"),
        ("change", "j.jansen", "--uses", "bali"),
    ):
        assert "balie, oude-tool, proeftuin" in run("user", *command, status=1).output
    assert "k.peters" not in run("user", "list").output


def test_a_change_says_what_changes(run: Commands) -> None:
    run("user", "add", "j.jansen", "--role", "reviewer")
    run("user", "change", "j.jansen", status=2)
    run("user", "change", "j.jansen", "--uses", "balie", "--no-uses", status=2)
    run("user", "change", "j.jansen", "--actor", "p-4711")
    assert "reviewer" in run("user", "list").output
