# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Against a loop whose time the test sets: it runs out once, at its time and never before, with one timer."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from contextvars import Context
from math import inf
from typing import TypeVarTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from app.domain.deadline import Deadline

Ts = TypeVarTuple("Ts")


class Clockwork(asyncio.SelectorEventLoop):
    """Its time is a whole number that `run_until` counts up; `set` counts the timers it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.set = 0

    @override
    def time(self) -> float:
        return self.now

    @override
    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        self.set += 1
        return super().call_at(when, callback, *args, context=context)

    def run_until(self, when: int) -> None:
        for now in range(self.now, when + 1):
            self.now = now
            self.call_soon(self.stop)
            self.run_forever()


@pytest.fixture
def loop() -> Iterator[Clockwork]:
    with closing(Clockwork()) as loop:
        yield loop


def kept(loop: Clockwork) -> tuple[Deadline, list[int]]:
    """A deadline, and when it passed."""
    passed: list[int] = []
    return Deadline(loop, lambda: passed.append(loop.now)), passed


def test_it_passes_once_and_then_there_is_none(loop: Clockwork) -> None:
    deadline, passed = kept(loop)
    deadline.move(5)
    loop.run_until(4)
    assert (passed, deadline.at) == ([], 5)
    loop.run_until(100)
    assert (passed, deadline.at, loop.set) == ([5], inf, 1)


def test_work_moves_it_and_leaves_the_timer_alone(loop: Clockwork) -> None:
    deadline, passed = kept(loop)
    for now in range(10):
        loop.run_until(now)
        deadline.move(now + 100)
    assert loop.set == 1
    loop.run_until(200)
    assert (passed, loop.set) == ([109], 2)


def test_one_that_comes_closer_is_not_missed(loop: Clockwork) -> None:
    deadline, passed = kept(loop)
    deadline.move(100)
    deadline.move(3)
    loop.run_until(200)
    assert passed == [3]


def test_one_that_was_lifted_or_cancelled_does_not_pass(loop: Clockwork) -> None:
    deadline, passed = kept(loop)
    deadline.move(5)
    deadline.lift()
    loop.run_until(50)
    deadline.move(60)
    deadline.cancel()
    loop.run_until(100)
    assert passed == []


def test_it_can_be_moved_by_what_it_does(loop: Clockwork) -> None:
    passed: list[int] = []

    def again() -> None:
        passed.append(loop.now)
        if len(passed) < 3:
            deadline.move(loop.now + 7)

    deadline = Deadline(loop, again)
    deadline.move(7)
    loop.run_until(100)
    assert passed == [7, 14, 21]


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["move", "lift", "cancel"]), st.integers(1, 30))))
def test_it_passes_when_nothing_moved_it_until_then(steps: list[tuple[int, str, int]]) -> None:
    with closing(Clockwork()) as loop:
        deadline, passed = kept(loop)
        expected: list[float] = []
        at = inf
        for pause, act, ahead in steps:
            loop.run_until(loop.now + pause)
            if at <= loop.now:
                expected.append(at)
            at = loop.now + ahead if act == "move" else inf
            if act == "move":
                deadline.move(at)
            elif act == "lift":
                deadline.lift()
            else:
                deadline.cancel()
        loop.run_until(loop.now + 40)
        assert passed == [*expected, *([at] if at < inf else [])]
