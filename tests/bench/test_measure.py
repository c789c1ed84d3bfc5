# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import subprocess
from collections.abc import Iterator

import pytest

from bench.measure import Run, cpu, pss, tree


@pytest.fixture
def parent() -> Iterator[int]:
    """A process that has spent some time and started another."""
    script = "i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; sleep 60 & echo $!; wait"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert list(tree(process.pid)) == [process.pid, child]
        yield process.pid
        for pid in tree(process.pid):
            subprocess.run(["kill", str(pid)], check=True)


def test_a_process_counts_with_what_it_started(parent: int) -> None:
    spent = [cpu(pid) for pid in tree(parent)]
    assert cpu(parent) == pytest.approx(sum(spent), rel=0.1)
    assert spent[0] > 0.001
    assert pss(parent) > 0.1


@pytest.mark.parametrize(("errors", "forwarded", "void"), [(0, 20, False), (1, 20, True), (0, 19, True), (0, 21, True)])
def test_a_run_is_void_when_anything_was_wrong(errors: int, forwarded: int, void: bool) -> None:
    assert run(errors=errors, forwarded=forwarded).void is void


def test_cpu_is_told_per_answer_and_per_event() -> None:
    assert run().cpu_ms_per_answer == pytest.approx(25)
    assert run().cpu_us_per_event == pytest.approx(5000)
    assert run().rate == 10


def run(errors: int = 0, forwarded: int = 20) -> Run:
    return Run(
        answers=20, errors=errors, events=100, seconds=2.0, cpu_seconds=0.5, memory_mib=1.0,
        first_ms=[1.0], total_ms=[2.0], forwarded=forwarded,
    )  # fmt: skip
