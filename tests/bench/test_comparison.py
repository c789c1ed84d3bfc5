# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from pathlib import Path

import pytest

from bench.comparison import batches, figures, measurements, percentile
from bench.measure import Run


def test_a_closed_loop_asks_what_a_target_can_answer_in_the_time_and_never_too_little() -> None:
    asked = measurements(2.0)
    assert asked["json_32"].count(1000.0) == 2000
    assert asked["json_32"].count(5.0) == 128
    assert asked["steady"].count(5.0) == asked["steady"].count(1000.0) == 200


@pytest.mark.parametrize(("which", "value"), [(50, 50.5), (99, 99.01), (1, 1.99)])
def test_percentiles_are_interpolated(which: int, value: float) -> None:
    assert percentile([float(number) for number in range(1, 101)], which) == pytest.approx(value)


def test_one_value_is_every_percentile() -> None:
    assert percentile([7.0], 99) == 7.0


def test_a_void_run_gives_no_figures() -> None:
    run = Run(
        answers=20, errors=2, events=0, seconds=2.0, cpu_seconds=0.5, memory_mib=1.0,
        first_ms=[1.0], total_ms=[2.0], forwarded=19,
    )  # fmt: skip
    assert figures(run) == {"errors": 2, "forwarded": 19, "answers": 20}


def test_units_and_commits_are_read_from_the_servers_last_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "not JSON\n"
        '{"message": "served", "units": 9}\n'
        '{"level": "INFO", "message": "ledger closed", "units": 4000, "batches": 160}\n'
    )
    assert list(batches(log)) == [(4000, 160)]
