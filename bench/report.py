# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""From what was measured to what is said of it. Pure: the same result gives the same page, and a test holds the page to that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

Result: TypeAlias = dict[str, Any]
"""`bench/result.json`, as `bench.__main__` writes it."""

_PAGE = Path(__file__).with_name("page.txt")
CURVES = {
    "answer": "letters of the answer",
    "history": "messages in the request",
    "applications": "applications",
    "log": "entries in the log",
}
NAMES = {
    "direct": "the model server alone",
    "nginx": "nginx `proxy_pass`",
    "litellm": "LiteLLM",
    "waarmerk": "Waarmerk",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """What we promised ourselves, and how to find it in a result; None where the result does not say.

    `beyond`: what the bound leaves out, measured in the same run.
    """

    says: str
    bound: float
    measured: Callable[[Result], float | None]
    unit: str = "×"
    at_least: bool = False
    beyond: Callable[[Result], float | None] | None = None

    def row(self, result: Result) -> str:
        """As a row of the table."""
        found, more = self.measured(result), self.beyond(result) if self.beyond else 0.0
        bound = f"{'at least' if self.at_least else 'at most'} {self.bound:g}{self.unit}"
        if found is None or more is None:
            return f"| {self.says} | not measured | {bound} | - |"
        if more:
            bound += f" + {short(more)}{self.unit}"
        met = found >= self.bound if self.at_least else found <= self.bound + more
        return f"| {self.says} | **{short(found)}{self.unit}** | {bound} | {'yes' if met else 'no'} |"


def middle(result: Result, target: str, measurement: str, figure: str) -> float | None:
    """The median over the rounds that were not void; None when none was."""
    found = [entry[figure] for entry in _rounds(result, target, measurement) if figure in entry]
    return median(found) if found else None


def ratio(result: Result, above: str, below: str, measurement: str, figure: str) -> float | None:
    """The median of the ratios of each round: what disturbs a round disturbs both."""
    pairs = zip(_rounds(result, above, measurement), _rounds(result, below, measurement), strict=False)
    found = [one[figure] / other[figure] for one, other in pairs if figure in one and figure in other]
    return median(found) if found else None


def added(result: Result, target: str, measurement: str, figure: str) -> float | None:
    """The median of what each round gave above asking the model server directly."""
    pairs = zip(_rounds(result, target, measurement), _rounds(result, "direct", measurement), strict=False)
    found = [one[figure] - other[figure] for one, other in pairs if figure in one and figure in other]
    return median(found) if found else None


def commit_wait(result: Result) -> float | None:
    """Milliseconds until one record is durable when nothing else happens."""
    return median(map(median, result["commit_ms"])) if result.get("commit_ms") else None


def batch(result: Result) -> float | None:
    """Units that became durable in one commit, on average."""
    found: Sequence[Sequence[int]] = result.get("batches", ())
    units, commits = (sum(column) for column in zip(*found, strict=True)) if found else (0, 0)
    return units / commits if commits else None


def _beside(one: str, other: str, measurement: str, figure: str) -> Callable[[Result], float | None]:
    return lambda result: ratio(result, one, other, measurement, figure)


GOALS = (
    Goal("CPU of a JSON request, 32 connections: times nginx", 24, _beside("waarmerk", "nginx", "json_32", "cpu_ms")),
    Goal("CPU of a JSON request, 128 connections: times nginx", 24, _beside("waarmerk", "nginx", "json_128", "cpu_ms")),
    Goal(
        "CPU of a JSON request, 32 connections: LiteLLM's times ours",
        30,
        _beside("litellm", "waarmerk", "json_32", "cpu_ms"),
        at_least=True,
    ),
    Goal("CPU of a streamed event: times nginx", 4.5, _beside("waarmerk", "nginx", "stream", "cpu_us_per_event")),
    Goal(
        "CPU of a streamed event: LiteLLM's times ours",
        15,
        _beside("litellm", "waarmerk", "stream", "cpu_us_per_event"),
        at_least=True,
    ),
    Goal(
        "First word, above direct; the wait for the disk apart",
        2,
        lambda result: added(result, "waarmerk", "first", "first_p50_ms"),
        " ms",
        beyond=commit_wait,
    ),
    Goal(
        "Whole answer (p50), above direct, 50 requests/s", 3, lambda r: added(r, "waarmerk", "steady", "p50_ms"), " ms"
    ),
    Goal("Units per commit, 32 connections", 20, batch, "", at_least=True),
    Goal("Memory under load", 80, lambda r: middle(r, "waarmerk", "json_128", "memory_mib"), " MiB"),
)


def goals(result: Result) -> str:
    """The ratios, and whether they are what we want them to be."""
    return _table(("", "measured", "wanted", "met"), [goal.row(result) for goal in GOALS])


def absolutes(result: Result) -> str:
    """What each target took, in its own units."""
    columns = (
        ("CPU ms per request, 32", "json_32", "cpu_ms"),
        ("128", "json_128", "cpu_ms"),
        ("requests/s, 32", "json_32", "rate"),
        ("128", "json_128", "rate"),
        ("CPU µs per event", "stream", "cpu_us_per_event"),
        ("memory, MiB", "json_128", "memory_mib"),
    )
    rows = [[middle(result, name, *column) for _, *column in columns] for name in _present(result)]
    return _table(("", *(title for title, *_ in columns)), _named(result, rows))


def waiting(result: Result) -> str:
    """What each target adds to the time that a caller waits."""
    columns = (
        ("first word, light load", "first", "first_p50_ms"),
        ("first word, 32 streams", "stream", "first_p50_ms"),
        ("whole answer p50, 50/s", "steady", "p50_ms"),
        ("p99, 50/s", "steady", "p99_ms"),
    )
    rows = [[added(result, name, *column) for _, *column in columns] for name in _present(result)[1:]]
    return _table(("ms above direct", *(title for title, *_ in columns)), _named(result, rows, skip=1))


def growths(result: Result, name: str, title: str) -> str:
    """One curve as a table: CPU milliseconds per request."""
    points = result["growth"][name]
    who = [target for target in NAMES if target in points[0]]
    rows = [f"| {point['x']:,} | {' | '.join(short(point.get(target)) for target in who)} |" for point in points]
    return _table((title, *(NAMES[target] for target in who)), rows)


def void(result: Result) -> Sequence[str]:
    """Runs that do not count, in words."""
    return [
        f"{NAMES[target]}, {measurement}, round {number}: {entry['errors']:.0f} wrong answers of {entry['answers']:.0f}, "
        f"{entry['forwarded']:.0f} forwarded."
        for target, measured in result["comparison"].items()
        for measurement, entries in measured.items()
        for number, entry in enumerate(entries, 1)
        if "errors" in entry
    ]


def page(result: Result) -> str:
    """docs/benchmark.md."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    lost = void(result)
    return _PAGE.read_text().format(
        goals=goals(result),
        absolutes=absolutes(result),
        waiting=waiting(result),
        commit=short(commit_wait(result)),
        rounds=len(result["commit_ms"]),
        **{name: growths(result, name, title) for name, title in CURVES.items()},
        void=" ".join(["Void runs:", *lost]) if lost else "No run was void.",
        versions=versions,
        **{name: machine[name] for name in ("day", "cores", "kernel")},
        load=short(machine["load"]),
    )


def _rounds(result: Result, target: str, measurement: str) -> Sequence[dict[str, float]]:
    found: Sequence[dict[str, float]] = result["comparison"].get(target, {}).get(measurement, ())
    return found


def _present(result: Result) -> Sequence[str]:
    return [name for name in NAMES if name in result["comparison"]]


def _named(result: Result, rows: Sequence[Sequence[float | None]], skip: int = 0) -> Sequence[str]:
    names = _present(result)[skip:]
    return [f"| {NAMES[name]} | {' | '.join(map(short, row))} |" for name, row in zip(names, rows, strict=True)]


def _table(titles: Sequence[str], rows: Sequence[str]) -> str:
    return "\n".join([f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *rows])


def short(value: float | None) -> str:
    """Three digits say all that a noisy machine can."""
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
