# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nobody is given what another was given: not in one thread, not in two, not in a child process."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from app.domain.randomness import random_bytes


@given(st.integers(0, 5000))
def test_as_many_come_as_were_asked_for(count: int) -> None:
    assert len(random_bytes(count)) == count


def test_none_comes_twice() -> None:
    assert len({random_bytes(16) for _ in range(5000)}) == 5000


def test_threads_share_nothing() -> None:
    with ThreadPoolExecutor(4) as threads:
        given_out = [piece for pieces in threads.map(_many, range(8)) for piece in pieces]
    assert len(set(given_out)) == len(given_out)


def test_a_child_process_gives_out_its_own() -> None:
    random_bytes(1)
    with multiprocessing.get_context("fork").Pool(1) as children:
        theirs = children.apply(_many, (0,))
    assert not {*_many(0)} & {*theirs}


def _many(_: int) -> list[bytes]:
    return [random_bytes(16) for _ in range(500)]
