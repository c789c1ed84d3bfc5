# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the cost of a call grows: with its answer, with its history, with what the policy folder holds, with the log behind it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

from bench.comparison import batches
from bench.measure import Workload, run, wait_until_ready
from bench.targets import Installation, Target

ANSWERS = (200, 1_000, 4_000, 16_000, 32_000)
MESSAGES = (2, 10, 40, 160)
APPLICATIONS = (1, 10, 100, 300)
ENTRIES = (0, 20_000, 100_000, 300_000)
_ROUNDS = 3
_RECORDS_OF_A_CALL = 2

Curve: TypeAlias = list[dict[str, float]]
"""Points: `x`, and CPU milliseconds per request for each target."""


def with_request(targets: Sequence[Target], model: Target, count: Mapping[str, int]) -> dict[str, Curve]:
    """By length of the answer, in bytes, and by length of the history, in messages."""
    sizes = {
        "answer": {size: Workload(bytes=size) for size in ANSWERS},
        "history": {size: Workload(messages=size) for size in MESSAGES},
    }
    return {
        name: _curve({x: [(target, asked) for target in targets] for x, asked in workloads.items()}, model, count)
        for name, workloads in sizes.items()
    }


def with_applications(
    folder: Path, like: Installation, model: Target, count: Mapping[str, int]
) -> tuple[Curve, list[tuple[int, int]]]:
    """By number of applications in the policy folder. And, of the smallest, the units and commits of 32 connections."""
    installed = {
        number: Installation(folder / f"applications-{number}", model.port, applications=number, like=like)
        for number in APPLICATIONS
    }
    with ExitStack() as stack:
        serving = {number: stack.enter_context(each.serving()) for number, each in installed.items()}
        curve = _curve({number: [(target, Workload())] for number, target in serving.items()}, model, count)
    return curve, list(batches(installed[APPLICATIONS[0]].log))


def with_log(folder: Path, like: Installation, model: Target, count: Mapping[str, int]) -> Curve:
    """By number of entries that the log holds already: one installation, whose log is filled between the runs."""
    installation = Installation(folder / "log", model.port, like=like)
    curve: Curve = []
    for before, entries in zip((0, *ENTRIES), ENTRIES, strict=False):
        if entries > before:
            calls = (entries - before) // _RECORDS_OF_A_CALL
            installation.run("bench.records", "fill", str(calls), WAARMERK_LEDGER_TIMEOUT="60")
        with installation.serving() as target:
            curve += _curve({entries: [(target, Workload())]}, model, count)
    return curve


def _curve(points: Mapping[int, Sequence[tuple[Target, Workload]]], model: Target, count: Mapping[str, int]) -> Curve:
    """The least of some rounds, each through all points: a disturbance can only add, and should not fall on one of them."""
    found: dict[tuple[int, str], list[float]] = {}
    warm = {target.port: (target, workload) for asked in points.values() for target, workload in asked}
    for target, workload in warm.values():
        wait_until_ready(target)
        run(target, model, workload, count[target.name] // 2)
    for _ in range(_ROUNDS):
        for x, asked in points.items():
            for target, workload in asked:
                done = run(target, model, workload, count[target.name])
                if not done.void:
                    found.setdefault((x, target.name), []).append(done.cpu_ms_per_answer)
                said = "VOID" if done.void else f"{done.cpu_ms_per_answer:9.4f} ms CPU"
                print(f"{x:<7} {target.name:<9} {said}", flush=True)
    return [{"x": x, **{name: min(values) for (at, name), values in found.items() if at == x}} for x in points]
