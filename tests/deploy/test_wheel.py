# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who builds the wheel from the same source gets the same bytes, so a release can be built again and compared."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ("LICENSE", "README.md", "pyproject.toml", "app", "policies", "watermark")


def test_the_wheel_is_the_same_whoever_builds_it_and_when(tmp_path: Path) -> None:
    first, second = (build(tmp_path / name, age) for name, age in (("one", 0), ("two", 10**9)))
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert "app/pipeline.py" in names
    assert [name for name in names if name.endswith(".pth") or name.partition("/")[0] in {"tests", "deploy"}] == []


def build(folder: Path, age: int) -> Path:
    """From a copy of the source whose files are this many seconds old."""
    folder.mkdir()
    for name in SOURCE:
        origin, target = ROOT / name, folder / name
        if origin.is_dir():
            shutil.copytree(origin, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, target)
    for path in folder.rglob("*"):
        when = path.stat().st_mtime - age
        os.utime(path, (when, when))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=folder, check=True, capture_output=True
    )
    [wheel] = (folder / "dist").glob("*.whl")
    return wheel
