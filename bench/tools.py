# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a run needs: programs of the machine, two small ones of our own, and an environment with what is compared."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "bench"
BUILT = ROOT / ".bench"
"""Not kept by git. On the same disk as the repository, since a durable record is part of what is measured."""
MOCK, LOAD = BUILT / "mock", BUILT / "load"
OURS, THEIRS = BUILT / "waarmerk", BUILT / "litellm"
"""Environments of what is compared: ours as it is installed for production."""
_LOCK = SOURCES / "requirements.lock"
_PACKAGES = {"cc": "gcc and libc6-dev", "nginx": "nginx", "taskset": "util-linux"}


def require() -> None:
    """Raises `SystemExit`, in words, when this machine lacks something."""
    if not sys.platform.startswith("linux"):
        raise SystemExit("The bench reads /proc and pins processes to cores, so it needs Linux.")
    missing = [package for program, package in _PACKAGES.items() if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"Missing programs. Debian and Ubuntu: apt install {' '.join(missing)}")


def build() -> None:
    """Compile the model server and the load."""
    BUILT.mkdir(exist_ok=True)
    for program in (MOCK, LOAD):
        source = SOURCES / f"{program.name}.c"
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-o", str(program), str(source)], check=True)


def install(python: str, *, theirs: bool) -> None:
    """Make the environments of what is compared, with this interpreter, as their locks say; again when one of these changed."""
    if _make(OURS, ROOT / "requirements.lock", python):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(BUILT / "wheel")]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = (BUILT / "wheel").glob("*.whl")
        subprocess.run([*_pip(OURS), "--no-index", "--no-deps", str(wheel)], check=True)
    # Started from source that is not compiled, a process keeps what compiling took: 4 MiB that no installation has.
    subprocess.run([str(OURS / "bin" / "python"), "-m", "compileall", "-q", "app", "watermark"], cwd=ROOT, check=True)
    if theirs:
        _make(THEIRS, _LOCK, python)


def _make(environment: Path, lock: Path, python: str) -> bool:
    """Whether it had to be made."""
    installed, wanted = environment / "installed.lock", f"# {python}\n{lock.read_text()}"
    if installed.exists() and installed.read_text() == wanted:
        return False
    print(f"Making an environment for {environment.name}, once (some minutes).", flush=True)
    subprocess.run([python, "-m", "venv", "--clear", str(environment)], check=True)
    options = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock))
    subprocess.run([*_pip(environment), *options], check=True)
    installed.write_text(wanted)
    return True


def _pip(environment: Path) -> Sequence[str]:
    return [str(environment / "bin" / "pip"), "install", "--disable-pip-version-check", "--quiet"]


def pinned(command: Sequence[str], core: int) -> Sequence[str]:
    """The command on one core: 0 is the first that we may use, -1 the last."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core]), *command]


def locked(package: str) -> str:
    """The version that is compared."""
    return next(
        line.split("==")[1].split()[0] for line in _LOCK.read_text().splitlines() if line.startswith(f"{package}==")
    )
