# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`python -m tests.fuzz [SECONDS] [TARGET …]`: each target fuzzed for that long, guided by what it covers; two at a time.

`python -m tests.fuzz TARGET FILE …` runs one target once on each of these files. Inputs that were found, and the corpus that
a run goes on from, are kept in `.fuzz/`. The exit status is 1 when anything was found.
"""

import importlib
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

TARGETS = sorted(path.stem for path in Path(__file__).with_name("targets").glob("[!_]*.py"))
"""Each is a module with `SEEDS` and `run`, which fails on an input that breaks a promise."""
KEPT = Path(".fuzz")
_SECONDS = 60
_LONGEST_INPUT = 4096
_LONGEST_RUN = 10
"""Seconds for one input of that size; thousands are run in one second."""
_MEGABYTES = 2048
_FINDING = re.compile(r"crash-|timeout-|oom-|leak-")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one target."""

    target: str
    runs: int
    features: int
    findings: Sequence[Path]
    said: str
    """The end of what the fuzzer wrote."""


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    match arguments:
        case ["--alone", target, limit]:
            fuzz(target, int(limit))
            return 0
        case [target, *files] if target in TARGETS and files and not {*files} & {*TARGETS}:
            for file in files:
                importlib.import_module(f"tests.fuzz.targets.{target}").run(Path(file).read_bytes())
            return 0
    seconds = int(arguments[0]) if arguments and arguments[0].isdecimal() else _SECONDS
    targets = [name for name in arguments if not name.isdecimal()] or TARGETS
    if unknown := {*targets} - {*TARGETS}:
        sys.stderr.write(f"{', '.join(sorted(unknown))}: there is no such target; there are {', '.join(TARGETS)}\n")
        return 2
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(partial(_watch, seconds=seconds), targets))
    return 1 if any(outcome.findings for outcome in outcomes) else 0


def fuzz(target: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends here (libFuzzer)."""
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415  it changes how modules are imported

    with atheris.instrument_imports(include=["app", "watermark", "yaml", "idna", "json"]):
        module = importlib.import_module(f"tests.fuzz.targets.{target}")
    seeds, corpus = _folder(target, "seeds"), _folder(target, "corpus")
    for number, seed in enumerate(module.SEEDS):
        (seeds / str(number)).write_bytes(seed)
    options = {
        "max_total_time": seconds,
        "max_len": _LONGEST_INPUT,
        "timeout": _LONGEST_RUN,
        "rss_limit_mb": _MEGABYTES,
        "artifact_prefix": f"{KEPT / target}/",
        "print_final_stats": 1,
    }
    given = [f"-{name}={value}" for name, value in options.items()]
    atheris.Setup([target, *given, str(corpus), str(seeds)], module.run)
    atheris.Fuzz()


def _watch(target: str, seconds: int) -> Outcome:
    """Fuzz one target in a process of its own, and say what came of it."""
    folder = _folder(target)
    before = {*folder.iterdir()}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--alone", target, str(seconds)], capture_output=True, check=False
    )
    said = ran.stderr.decode("utf-8", "replace")
    found = [file for file in sorted({*folder.iterdir()} - before) if _FINDING.match(file.name)]
    counted = re.findall(r"stat::number_of_executed_units: (\d+)", said)
    features = re.findall(r"\bft: (\d+)", said)
    outcome = Outcome(target, int((counted or ["0"])[-1]), int((features or ["0"])[-1]), found, said[-4000:])
    _tell(outcome, seconds, failed=ran.returncode)
    if ran.returncode and not found:
        return Outcome(target, outcome.runs, outcome.features, [folder], outcome.said)
    return outcome


def _tell(outcome: Outcome, seconds: int, *, failed: int) -> None:
    speed = f"{outcome.runs:>9,} runs ({outcome.runs / max(seconds, 1):>7,.0f}/s), {outcome.features:>5,} features"
    print(f"{outcome.target:<14}{speed}, {len(outcome.findings)} found", flush=True)
    if failed:
        print(outcome.said, f"ended with status {failed}", sep="\n", flush=True)
    for file in outcome.findings:
        print(f"    again: .venv/bin/python -m tests.fuzz {outcome.target} {file}", flush=True)


def _folder(*names: str) -> Path:
    folder = KEPT.joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
