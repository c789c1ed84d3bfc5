# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The linter notices what is banned, everywhere but in the one file that is there for it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
BANNED = RUFF["flake8-tidy-imports"]["banned-api"]


@pytest.mark.parametrize("name", BANNED)
@pytest.mark.parametrize("file", ["app/policy/planted.py", "app/main.py", "watermark/planted.py"])
def test_what_is_banned_is_noticed(name: str, file: str) -> None:
    assert "TID251" in faults(
        f"import {name.partition('.')[0]}\nprint({name})\n" if "." in name else f"import {name}\n", file
    )


@pytest.mark.parametrize(("file", "line"), [("app/settings.py", "os.environ"), ("app/domain/clock.py", "time.time()")])
def test_the_one_file_that_is_there_for_it_may(file: str, line: str) -> None:
    assert "TID251" not in faults(f"import os\nimport time\nprint({line})\n", file)


def test_nobody_else_is_let_off() -> None:
    """A file that is let off a ban is let off all of them, so the list stays as short as it is."""
    assert [glob for glob, rules in RUFF["per-file-ignores"].items() if "TID251" in rules] == [
        "app/settings.py",
        "app/domain/clock.py",
        "tests/**",
    ]


def test_every_exception_says_why() -> None:
    lines = (
        (ROOT / "pyproject.toml")
        .read_text()
        .split("[tool.ruff.lint]")[1]
        .split("[tool.ruff.lint.mccabe]")[0]
        .splitlines()
    )
    silent = [line for line in lines if line.strip().startswith('"') and "#" not in line and not line.endswith("[")]
    assert silent == []


def faults(source: str, file: str) -> str:
    run = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "check", "--output-format=concise", "--stdin-filename", file, "-"],
        cwd=ROOT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout
