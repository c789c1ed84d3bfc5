# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The SDK for JavaScript, installed by its lock."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules" / "installed.json"


@pytest.fixture(scope="session")
def sdk() -> Path:
    """The folder with what the lock names, installed once; a copy of the lock beside it says so, and is written last."""
    lock = HERE / "package-lock.json"
    if not INSTALLED.exists() or INSTALLED.read_bytes() != lock.read_bytes():
        subprocess.run(["npm", "ci"], cwd=HERE, check=True, timeout=300)
        shutil.copy(lock, INSTALLED)
    return HERE
