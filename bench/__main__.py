# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`./dev bench`: what Waarmerk costs beside nginx and LiteLLM, in one run on this machine. bench/README.md says how to read it."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC
from importlib.metadata import version
from pathlib import Path

from app.domain.clock import SystemClock
from bench import growth, targets
from bench.comparison import compare
from bench.report import Result, absolutes, goals, page
from bench.targets import Installation, Target
from bench.tools import BUILT, OURS, ROOT, SOURCES, THEIRS, build, install, locked, require

RESULT = SOURCES / "result.json"
PAGE = ROOT / "docs" / "benchmark.md"
_ROUNDS, _SECONDS = 5, 2.0
_QUICK_ROUNDS, _QUICK_SECONDS = 2, 1.0
_GROWTH = {"nginx": 8_000, "waarmerk": 1_000}
"""Requests of each point of a curve: a second or so."""


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="nginx and Waarmerk only, a minute or two; nothing is kept"
    )
    parser.add_argument("--page", action="store_true", help="write page and pictures from the result that was kept")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="of the comparison, at least 3 to be believed")
    parser.add_argument("--python", default=sys.executable, help="runs both Waarmerk and LiteLLM")
    asked = parser.parse_args()
    require()
    build()
    install(asked.python, theirs=not asked.quick)
    if not asked.page:
        with tempfile.TemporaryDirectory(dir=BUILT, prefix="run-") as folder:
            result = quick(Path(folder)) if asked.quick else whole(Path(folder), asked.rounds)
        print(f"\n{goals(result)}\n\n{absolutes(result)}")
        if asked.quick:
            return
        RESULT.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(page(json.loads(RESULT.read_text())))
    subprocess.run([str(THEIRS / "bin" / "python"), str(SOURCES / "pictures.py")], check=True)
    print(f"\nWrote {RESULT.relative_to(ROOT)}, {PAGE.relative_to(ROOT)} and its pictures.")


def quick(folder: Path) -> Result:
    """Waarmerk beside nginx, shortly."""
    with targets.direct() as model, targets.nginx(folder, model.port) as nginx:
        prepared = Installation(folder / "prepared", model.port)
        with Installation(folder / "waarmerk", model.port, like=prepared).serving() as waarmerk:
            return _compared((model, nginx, waarmerk), model, prepared, _QUICK_ROUNDS, _QUICK_SECONDS)


def whole(folder: Path, rounds: int) -> Result:
    """Everything: the comparison, and how the cost grows."""
    with targets.direct() as model, targets.nginx(folder, model.port) as nginx:
        prepared = Installation(folder / "prepared", model.port)
        waarmerk = Installation(folder / "waarmerk", model.port, like=prepared)
        with waarmerk.serving() as ours, targets.litellm(folder, model.port) as litellm:
            result = _compared((model, nginx, ours, litellm), model, prepared, rounds, _SECONDS)
        with Installation(folder / "growth", model.port, like=prepared).serving() as ours:
            curves = growth.with_request((nginx, ours), model, _GROWTH)
        curves["applications"], batches = growth.with_applications(folder, prepared, model, _GROWTH)
        curves["log"] = growth.with_log(folder, prepared, model, _GROWTH)
    return {"machine": machine(), **result, "batches": batches, "growth": curves}


def machine() -> dict[str, object]:
    """What the figures were measured on, as far as it matters."""
    said = subprocess.run(["nginx", "-v"], stderr=subprocess.PIPE, text=True, check=True).stderr
    return {
        "day": SystemClock().now().astimezone(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release().partition("-")[0],
        "load": os.getloadavg()[2],
        "versions": {
            "Waarmerk": version("waarmerk"),
            **_ours(),
            "nginx": said.rpartition("/")[2].strip(),
            "LiteLLM": locked("litellm"),
        },
    }


def _ours() -> dict[str, str]:
    """Of the interpreter that was measured."""
    ask = "import json, platform, sqlite3 as s; print(json.dumps([platform.python_version(), s.sqlite_version]))"
    said = subprocess.run([str(OURS / "bin" / "python"), "-c", ask], capture_output=True, check=True).stdout
    return dict(zip(("Python", "SQLite"), json.loads(said), strict=True))


def _compared(
    compared: tuple[Target, ...], model: Target, prepared: Installation, rounds: int, seconds: float
) -> Result:
    beside = Installation(prepared.folder.with_name("beside"), model.port, like=prepared)
    waits: list[list[float]] = []

    def between() -> None:
        waits.append(json.loads(beside.run("bench.records", "wait", "40")))

    return {"comparison": compare(compared, model, rounds, seconds, between), "commit_ms": waits}


if __name__ == "__main__":
    main()
