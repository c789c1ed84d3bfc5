# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A test that needs a command which no wheel brings says so: `@pytest.mark.needs("strace")`.

Where the command is missing, the test is left out and the last line of the run names it; under `CI=true` that is a failure.
"""

import os
import shutil
from collections import defaultdict

import pytest

LEFT_OUT = pytest.StashKey[dict[str, list[pytest.Item]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(command): the test runs a command that is no Python package")
    config.stash[LEFT_OUT] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in tuple(items):
        command = next((mark.args[0] for mark in item.iter_markers("needs") if not shutil.which(mark.args[0])), None)
        if command is not None:
            left_out[command].append(item)
            items.remove(item)
    config.stash[LEFT_OUT] = left_out
    if left_out and os.environ.get("CI") == "true":
        raise pytest.UsageError(sentence(left_out))
    config.hook.pytest_deselected(items=[item for group in left_out.values() for item in group])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.write_line(sentence(config.stash[LEFT_OUT]))


def sentence(left_out: dict[str, list[pytest.Item]]) -> str:
    """Which tests did not run, and what to install."""
    if not left_out:
        return "No suite was left out."
    said = "; ".join(
        f"{', '.join(sorted({item.path.name for item in items}))} ({len(items)} tests: `{command}` is not installed)"
        for command, items in sorted(left_out.items())
    )
    return f"Left out: {said}."
