# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each target runs, on its seeds (what was once found among them) and on a few neighbours of each; `./dev fuzz` goes on for longer."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import TARGETS

ROOT = Path(__file__).parents[2]


@st.composite
def neighbours(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """A seed of which a piece is replaced, by chance or by a piece of another seed."""
    seed, other = draw(st.sampled_from(seeds)), draw(st.sampled_from(seeds))
    start, end = sorted(draw(st.tuples(st.integers(0, len(seed)), st.integers(0, len(seed)))))
    begin = draw(st.integers(0, len(other)))
    piece = draw(st.binary(max_size=8) | st.just(other[begin : begin + 40]))
    return seed[:start] + piece + seed[min(end, start + 40) :]


@pytest.mark.parametrize("name", TARGETS)
def test_no_seed_breaks_a_promise_nor_does_its_neighbour(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.targets.{name}")
    for seed in target.SEEDS:
        target.run(seed)

    @settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
    @given(neighbours(tuple(target.SEEDS)))
    def look_around(data: bytes) -> None:
        target.run(data)

    look_around()


def test_the_fuzzer_says_what_it_did(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "1", "codes"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "codes" in ran.stdout
    assert "0 found" in ran.stdout
    assert {path.name for path in (tmp_path / ".fuzz" / "codes").iterdir()} == {"seeds", "corpus"}


def test_a_target_that_does_not_exist_is_refused() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "1", "nothing"], cwd=ROOT, capture_output=True, check=False
    )
    assert ran.returncode == 2
