# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> Callable[..., Sequence[Path]]:
    """The files of the repository that match git's patterns: tracked, or new and not ignored."""

    def files(*patterns: str) -> Sequence[Path]:
        said = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", *patterns],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        found = [ROOT / name for name in sorted(said.stdout.split("\0")) if name and (ROOT / name).is_file()]
        assert found, f"no file matches {patterns}: this test would look at nothing"
        return found

    return files


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())
