# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A test whose command is missing is named at the end of the run, and fails it where nothing may be missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import pytest

@pytest.mark.needs("no-such-command")
def test_with_a_command() -> None:
    raise AssertionError("ran")

@pytest.mark.needs("git")
def test_with_git() -> None:
    pass
"""


@pytest.fixture
def suite(root: Path, tmp_path: Path) -> Path:
    shutil.copy(root / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -q --strict-markers\n")
    return tmp_path


@pytest.mark.parametrize("processes", ["0", "2"])
def test_at_a_newcomers_the_rest_runs_and_the_end_says_what_did_not(processes: str, suite: Path) -> None:
    run = run_pytest(suite, "-n", processes, CI="false")
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout
    assert run.stdout.count("Left out: test_suite.py (1 tests: `no-such-command` is not installed).") == 1


@pytest.mark.parametrize("processes", ["0", "2"])
def test_where_nothing_may_be_missing_it_fails(processes: str, suite: Path) -> None:
    run = run_pytest(suite, "-n", processes, CI="true")
    assert run.returncode != 0
    assert "`no-such-command` is not installed" in run.stdout


def test_a_complete_run_says_so(suite: Path) -> None:
    (suite / "test_suite.py").write_text(SUITE.replace("no-such-command", "git").replace("raise", "if False: raise"))
    assert "No suite was left out." in run_pytest(suite, CI="true").stdout


def run_pytest(suite: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=suite,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
