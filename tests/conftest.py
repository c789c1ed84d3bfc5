# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A test that needs a command which no wheel brings says so: `@pytest.mark.needs("strace")`.

Where the command is missing, the test is left out and the last line of the run names it; under `CI=true` that is a failure.
"""

import os
import shutil
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import settings

LEFT_OUT = pytest.StashKey[str]()
NOTHING = "No suite was left out."

# How long an example takes says what else this machine does, and nothing about the code.
settings.register_profile("waarmerk", settings(), deadline=None)
settings.load_profile("waarmerk")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(command): the test runs a command that is no Python package")
    config.stash[LEFT_OUT] = NOTHING


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        command = next((mark.args[0] for mark in item.iter_markers("needs") if not shutil.which(mark.args[0])), None)
        if command is not None:
            left_out[command].append(item)
    if not left_out:
        return
    config.stash[LEFT_OUT] = sentence(left_out)
    without = [item for group in left_out.values() for item in group]
    items[:] = [item for item in items if item not in without]
    config.hook.pytest_deselected(items=without)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker process tells the one that reports (pytest-xdist), and that one decides."""
    left_out = session.config.stash[LEFT_OUT]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = left_out
    elif left_out != NOTHING and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401  (pytest-xdist has no public type for it)
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", "A worker ended early.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.write_line(config.stash[LEFT_OUT])


def sentence(left_out: dict[str, list[pytest.Item]]) -> str:
    """Which tests did not run, and what to install."""
    said = "; ".join(
        f"{', '.join(sorted({item.path.name for item in items}))} ({len(items)} tests: `{command}` is not installed)"
        for command, items in sorted(left_out.items())
    )
    return f"Left out: {said}."
