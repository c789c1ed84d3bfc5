# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bench.report import (
    GOALS,
    absolutes,
    added,
    batch,
    commit_wait,
    goals,
    middle,
    page,
    ratio,
    short,
    void,
)

ROOT = Path(__file__).parents[2]
MEASUREMENTS = ("json_32", "json_128", "stream", "first", "steady")
FIGURES = ("answers", "rate", "cpu_ms", "cpu_us_per_event", "memory_mib", "first_p50_ms", "p50_ms", "p99_ms")


@pytest.fixture
def result() -> dict[str, Any]:
    """Three rounds in which a figure is a base of its target times the number of the round."""
    base = {"direct": 1.0, "nginx": 2.0, "waarmerk": 20.0, "litellm": 800.0}
    return {
        "comparison": {
            target: {name: [dict.fromkeys(FIGURES, value * number) for number in (1, 2, 3)] for name in MEASUREMENTS}
            for target, value in base.items()
        },
        "commit_ms": [[1.0, 3.0, 2.0], [5.0, 4.0, 6.0], [9.0, 8.0, 7.0]],
        "batches": [[100, 5]],
    }


def test_figures_are_medians_over_rounds(result: dict[str, Any]) -> None:
    assert middle(result, "nginx", "json_32", "cpu_ms") == 4
    assert added(result, "waarmerk", "steady", "p50_ms") == 38
    assert commit_wait(result) == 5
    assert batch(result) == 20


def test_a_ratio_is_taken_within_a_round(result: dict[str, Any]) -> None:
    """What disturbs a round disturbs both: of these medians the ratio would be 12."""
    for target, spent in (("waarmerk", (20.0, 90.0, 60.0)), ("nginx", (2.0, 10.0, 5.0))):
        for entry, value in zip(result["comparison"][target]["json_32"], spent, strict=True):
            entry["cpu_ms"] = value
    assert ratio(result, "waarmerk", "nginx", "json_32", "cpu_ms") == 10


def test_the_first_word_may_wait_for_the_disk(result: dict[str, Any]) -> None:
    assert "| **38 ms** | at most 2 ms + 5 ms | no |" in goals(result)
    result["commit_ms"] = [[36.0]]
    assert "| **38 ms** | at most 2 ms + 36 ms | yes |" in goals(result)


def test_a_void_run_counts_for_nothing_and_is_named(result: dict[str, Any]) -> None:
    assert void(result) == []
    result["comparison"]["waarmerk"]["stream"][1] = {"errors": 3, "forwarded": 64, "answers": 64}
    assert void(result) == ["Waarmerk, stream, round 2: 3 wrong answers of 64, 64 forwarded."]
    assert middle(result, "waarmerk", "stream", "cpu_us_per_event") == 40
    result["comparison"]["waarmerk"]["stream"] = [{"errors": 3, "forwarded": 64, "answers": 64}]
    assert middle(result, "waarmerk", "stream", "cpu_us_per_event") is None


def test_goals_are_told_as_met_or_not(result: dict[str, Any]) -> None:
    rows = goals(result).splitlines()[2:]
    assert len(rows) == len(GOALS)
    assert rows[0] == "| CPU of a JSON request, 32 connections: times nginx | **10×** | at most 24× | yes |"
    assert rows[2] == "| CPU of a JSON request, 32 connections: LiteLLM's times ours | **40×** | at least 30× | yes |"
    assert rows[3].endswith("**10×** | at most 4.5× | no |")


def test_what_was_not_measured_is_not_met(result: dict[str, Any]) -> None:
    del result["comparison"]["litellm"], result["batches"], result["commit_ms"]
    unmeasured = [row for row in goals(result).splitlines() if "not measured" in row]
    assert len(unmeasured) == 4
    assert all(row.endswith("| - |") for row in unmeasured)
    assert "LiteLLM" not in absolutes(result)


def test_three_digits_are_shown() -> None:
    assert [short(value) for value in (0.012345, 1.2345, 12.345, 123.45, 12345.6, None)] == [
        *("0.0123", "1.23", "12.3", "123", "12,346"),
        "-",
    ]


def test_the_page_is_what_the_kept_result_says() -> None:
    """`./dev bench --page` mends it."""
    kept = json.loads((ROOT / "bench" / "result.json").read_text())
    assert (ROOT / "docs" / "benchmark.md").read_text() == page(kept)
    other = copy.deepcopy(kept)
    other["machine"]["cores"] += 1
    assert page(other) != page(kept)
