# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Sequence

import pytest
from click.testing import CliRunner

from app.cli.migrate import migrate_command
from app.domain.errors import EvidenceUnavailable


class Steps:
    """A database that lacks steps."""

    def __init__(self, *lacking: str) -> None:
        self.lacking = list(lacking)
        self.asked: list[str] = []

    def pending(self, url: str) -> Sequence[str]:
        """What it lacks."""
        self.asked.append(url)
        if url == "broken":
            raise EvidenceUnavailable
        return list(self.lacking)

    def migrate(self, url: str) -> Sequence[str]:
        """Take them."""
        taken = self.pending(url)
        self.lacking.clear()
        return taken


def run(steps: Steps, *arguments: str) -> tuple[int, str]:
    command = migrate_command(lambda: "of-the-settings", steps.pending, steps.migrate)
    outcome = CliRunner().invoke(command, arguments)
    return outcome.exit_code, outcome.output


def test_every_step_is_taken() -> None:
    steps = Steps("0001", "0002")
    assert run(steps) == (0, "Taken: 0001, 0002\n")
    assert run(steps) == (0, "The database is up to date.\n")
    assert steps.asked == ["of-the-settings"] * 2


def test_a_check_changes_nothing() -> None:
    steps = Steps("0001")
    assert run(steps, "--check") == (1, "The database lacks: 0001\n")
    assert steps.lacking == ["0001"]
    assert run(Steps(), "--check") == (0, "The database is up to date.\n")


@pytest.mark.parametrize("arguments", [("--database", "broken"), ("--database", "broken", "--check")])
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...]) -> None:
    code, said = run(Steps("0001"), *arguments)
    assert code == 1
    assert "Nothing can be recorded now" in said
