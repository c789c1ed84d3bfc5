# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What runs when Python starts is found, in an environment where it really does run."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from app.cli.startup_hooks import DEVELOPMENT, startup_hooks

ROOT = Path(__file__).parents[3]
LOOK = "from app.cli.startup_hooks import startup_hooks; print(*(path.name for path in startup_hooks()))"


class Python:
    """An environment of its own, which borrows the packages of this one by PYTHONPATH: their `.pth` files do not run there."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=True)
        self.site = next(folder.glob("lib/python3*/site-packages"))
        self.trace = folder / "ran"
        self._program = folder / "bin" / "python"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WAARMERK_")},
            "PYTHONPATH": os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("-packages"))]),
            "WAARMERK_HOME": str(folder / "home"),
        }

    def plant(self, name: str) -> Path:
        """Something that leaves a trace when it runs."""
        file = self.site / name
        file.write_text(f"import pathlib; pathlib.Path({str(self.trace)!r}).touch()\n")
        return file

    def run(self, *arguments: str, status: int = 0, **environment: str) -> str:
        """What it printed. Fails when it ended otherwise than expected."""
        run = subprocess.run(
            [self._program, *arguments],
            env=self._environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert run.returncode == status, run.stdout
        return run.stdout


@pytest.fixture
def python(tmp_path: Path) -> Python:
    return Python(tmp_path / "venv")


@pytest.mark.parametrize("name", ["planted.pth", "sitecustomize.py"])
def test_what_runs_when_python_starts_is_found(name: str, python: Python) -> None:
    assert python.run("-c", LOOK).split() == []
    python.plant(name)
    assert python.run("-c", LOOK).split() == [name]
    assert python.trace.exists()


def test_isolated_mode_is_no_defence(python: Python) -> None:
    python.plant("planted.pth")
    python.run("-I", "-c", "")
    assert python.trace.exists()


def test_in_production_doctor_says_that_it_cannot_serve(python: Python) -> None:
    planted = python.plant("planted.pth")
    said = python.run("-m", "app", "doctor", status=1, WAARMERK_ENVIRONMENT="production", WAARMERK_POLICIES=str(ROOT))
    assert f"FAIL  python       runs when it starts: {planted}" in said


def test_a_developers_environment_holds_what_is_on_the_list_and_no_more() -> None:
    assert {path.name for path in startup_hooks()} <= DEVELOPMENT.keys()
