# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Packages for Node, installed by the lock beside them."""

import fcntl
import shutil
import subprocess
from pathlib import Path


def installed(folder: Path) -> Path:
    """The folder with what its lock names, installed once; a copy of the lock beside it says so, and is written last.

    Several workers may come for it at once: the first installs, the others wait.
    """
    lock, noted = folder / "package-lock.json", folder / "node_modules" / "installed.json"
    with lock.open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not noted.exists() or noted.read_bytes() != lock.read_bytes():
            subprocess.run(["npm", "ci"], cwd=folder, check=True, timeout=600)
            shutil.copy(lock, noted)
    return folder
