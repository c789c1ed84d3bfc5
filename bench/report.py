# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""From what was measured to what is said of it. Pure: the same result gives the same page, and a test holds the page to that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeAlias

Result: TypeAlias = dict[str, Any]
"""`bench/result.json`, as `bench.__main__` writes it."""

NAMES = {
    "direct": "the model server alone",
    "nginx": "nginx `proxy_pass`",
    "litellm": "LiteLLM",
    "waarmerk": "Waarmerk",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """What we promised ourselves, and how to find it in a result; None where the result does not say."""

    says: str
    bound: float
    measured: Callable[[Result], float | None]
    unit: str = "×"
    at_least: bool = False

    def row(self, result: Result) -> str:
        """As a row of the table."""
        found = self.measured(result)
        bound = f"{'at least' if self.at_least else 'at most'} {self.bound:g}{self.unit}"
        if found is None:
            return f"| {self.says} | not measured | {bound} | - |"
        met = found >= self.bound if self.at_least else found <= self.bound
        return f"| {self.says} | **{_short(found)}{self.unit}** | {bound} | {'yes' if met else 'no'} |"


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
    found: Sequence[float] = result.get("commit_ms", ())
    return median(found) if found else None


def batch(result: Result) -> float | None:
    """Units that became durable in one commit, on average."""
    found: Sequence[Sequence[int]] = result.get("batches", ())
    units, commits = (sum(column) for column in zip(*found, strict=True)) if found else (0, 0)
    return units / commits if commits else None


def first_word(result: Result) -> float | None:
    """Milliseconds to the first word above direct, without the wait for the record before it."""
    whole, waited = added(result, "waarmerk", "first", "first_p50_ms"), commit_wait(result)
    return None if whole is None or waited is None else max(0.0, whole - waited)


GOALS = (
    Goal("CPU per JSON request at 32 connections, times nginx", 24, lambda r: ratio(r, "waarmerk", "nginx", "json_32", "cpu_ms")),
    Goal("CPU per JSON request at 128 connections, times nginx", 24, lambda r: ratio(r, "waarmerk", "nginx", "json_128", "cpu_ms")),
    Goal("CPU per JSON request at 32 connections, LiteLLM's times ours", 30, lambda r: ratio(r, "litellm", "waarmerk", "json_32", "cpu_ms"), at_least=True),
    Goal("CPU per streamed event, times nginx", 4.5, lambda r: ratio(r, "waarmerk", "nginx", "stream", "cpu_us_per_event")),
    Goal("CPU per streamed event, LiteLLM's times ours", 15, lambda r: ratio(r, "litellm", "waarmerk", "stream", "cpu_us_per_event"), at_least=True),
    Goal("Time to the first word above direct, without the commit", 2, first_word, " ms"),
    Goal("Time to an answer (p50) above direct, at 50 requests/s", 3, lambda r: added(r, "waarmerk", "steady", "p50_ms"), " ms"),
    Goal("Records per commit at 32 connections", 20, batch, "", at_least=True),
    Goal("Memory under load (PSS)", 80, lambda r: middle(r, "waarmerk", "json_128", "memory_mib"), " MiB"),
)  # fmt: skip


def goals(result: Result) -> str:
    """The ratios, and whether they are what we want them to be."""
    return _table(("", "measured", "wanted", "met"), [goal.row(result) for goal in GOALS])


def absolutes(result: Result) -> str:
    """What each target took, in its own units."""
    columns: Sequence[tuple[str, Callable[[str], float | None]]] = (
        ("CPU ms/request, 32", lambda name: middle(result, name, "json_32", "cpu_ms")),
        ("CPU ms/request, 128", lambda name: middle(result, name, "json_128", "cpu_ms")),
        ("requests/s, 32", lambda name: middle(result, name, "json_32", "rate")),
        ("CPU µs/event", lambda name: middle(result, name, "stream", "cpu_us_per_event")),
        ("first word, ms", lambda name: middle(result, name, "first", "first_p50_ms")),
        ("p50 at 50/s, ms", lambda name: middle(result, name, "steady", "p50_ms")),
        ("p99 at 50/s, ms", lambda name: middle(result, name, "steady", "p99_ms")),
        ("PSS, MiB", lambda name: middle(result, name, "json_128", "memory_mib")),
    )
    rows = [
        f"| {NAMES[name]} | {' | '.join(_short(column(name)) for _, column in columns)} |"
        for name in NAMES
        if name in result["comparison"]
    ]
    return _table(("", *(title for title, _ in columns)), rows)


def _rounds(result: Result, target: str, measurement: str) -> Sequence[dict[str, float]]:
    found: Sequence[dict[str, float]] = result["comparison"].get(target, {}).get(measurement, ())
    return found


def _table(titles: Sequence[str], rows: Sequence[str]) -> str:
    return "\n".join([f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *rows])


def _short(value: float | None) -> str:
    """Three digits say all that a noisy machine can."""
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
