# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk stop` and `start` name only what exists, and want a reason."""

from pathlib import Path

import pytest

from tests.commands import Commands


@pytest.fixture
def run(tmp_path: Path) -> Commands:
    commands = Commands(tmp_path / "home")
    commands("init")
    return commands


@pytest.mark.parametrize(
    ("kind", "name"), [("application", "balie"), ("deployment", "demo-smollm2"), ("provider", "self-hosted")]
)
def test_what_is_stopped_is_started_again(run: Commands, kind: str, name: str) -> None:
    assert f"Stopped: {kind} {name}." in run("stop", kind, name, "--reason", "incident").output
    assert f"In use again: {kind} {name}" in run("start", kind, name, "--reason", "opgelost").output
    assert "nothing with this name" in run("start", kind, name, "--reason", "nog eens", status=1).output


def test_a_misspelt_name_stops_nothing_silently(run: Commands) -> None:
    assert (
        "There is no application bali. There are: balie"
        in run("stop", "application", "bali", "--reason", "x", status=1).output
    )


def test_a_stop_wants_a_reason(run: Commands) -> None:
    assert "--reason" in run("stop", "application", "balie", status=2).output
