# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The comparison: all targets are alive, each round measures each of them, and every other round goes through them backwards."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import TypeAlias

from bench.measure import Run, Workload, run, wait_until_ready
from bench.targets import Target

Figures: TypeAlias = dict[str, float]
"""What one run gave, by name; of a void run only what was wrong with it."""
Rounds: TypeAlias = dict[str, dict[str, list[Figures]]]
"""By target, by measurement: one entry per round."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A workload, how long it may take about, and the fewest answers that say something."""

    workload: Workload
    seconds: float
    fewest: int

    def count(self, rate: float) -> int:
        """Answers to ask for, of a target that gives so many a second in a closed loop."""
        if self.workload.rate:
            return round(self.workload.rate * self.seconds)
        return max(self.fewest, round(rate * self.seconds))


def measurements(seconds: float) -> Mapping[str, Measurement]:
    """What is measured, each for about this long."""
    return {
        "json_32": Measurement(Workload(connections=32), seconds, 128),
        "json_128": Measurement(Workload(connections=128), seconds, 256),
        "stream": Measurement(Workload(connections=32, words=200), 0, 32),
        "first": Measurement(Workload(connections=64, words=20, rate=10), 2 * seconds, 0),
        "steady": Measurement(Workload(connections=512, rate=50), 2 * seconds, 0),
    }


def compare(
    targets: Sequence[Target], model: Target, rounds: int, seconds: float, between: Callable[[], None]
) -> Rounds:
    """Measure every target in every round; `between` is what else each round measures."""
    rates = {target.name: _warm(target, model, seconds) for target in targets}
    asked = measurements(seconds)
    found: Rounds = {target.name: {name: [] for name in asked} for target in targets}
    for number in range(rounds):
        between()
        for name, measurement in asked.items():
            for target in targets if number % 2 == 0 else tuple(reversed(targets)):
                done = run(target, model, measurement.workload, measurement.count(rates[target.name]))
                found[target.name][name].append(figures(done))
                print(f"round {number + 1} of {rounds}  {name:<9} {target.name:<9} {_told(name, done)}", flush=True)
    return found


def figures(done: Run) -> Figures:
    """What a run says, in the form it is kept in."""
    if done.void:
        return {"errors": done.errors, "forwarded": done.forwarded, "answers": done.answers}
    return {
        "answers": done.answers,
        "rate": done.rate,
        "cpu_ms": done.cpu_ms_per_answer,
        "cpu_us_per_event": done.cpu_us_per_event,
        "memory_mib": done.memory_mib,
        "first_p50_ms": percentile(done.first_ms, 50),
        "p50_ms": percentile(done.total_ms, 50),
        "p99_ms": percentile(done.total_ms, 99),
    }


def percentile(values: Sequence[float], which: int) -> float:
    """Between two values it is interpolated, so that a median is a median."""
    return quantiles(values, n=100, method="inclusive")[which - 1] if len(values) > 1 else values[0]


def batches(log: Path) -> Iterator[tuple[int, int]]:
    """Units and commits of each ledger that was closed, as the server's last lines say."""
    for line in log.read_text().splitlines():
        said = json.loads(line) if line.startswith("{") else {}
        if said.get("message") == "ledger closed":
            yield said["units"], said["batches"]


def _warm(target: Target, model: Target, seconds: float) -> float:
    """Run until code is compiled, caches are full and pools are open; answers a second."""
    wait_until_ready(target)
    rate = run(target, model, Workload(), 64).rate
    return run(target, model, Workload(connections=128), max(128, round(rate * seconds / 2))).rate


def _told(name: str, done: Run) -> str:
    if done.void:
        return f"VOID: {done.errors} errors, {done.forwarded} of {done.answers} forwarded"
    said = {
        "stream": f"{done.cpu_us_per_event:9.2f} us CPU per event",
        "first": f"{percentile(done.first_ms, 50):9.2f} ms to the first word",
        "steady": f"{percentile(done.total_ms, 50):9.2f} ms p50",
    }
    return said.get(name, f"{done.cpu_ms_per_answer:9.4f} ms CPU, {done.rate:7.0f} answers/s")
