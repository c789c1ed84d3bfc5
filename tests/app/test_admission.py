# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Places: bounded, shared, given to who waits, and never lost."""

import asyncio

import pytest

from app.admission import Admission
from app.domain.errors import Busy

PATIENT = 60.0
"""Seconds: nothing here waits that long."""


async def settle() -> None:
    """Let everybody who can go on, go on."""
    for _ in range(5):
        await asyncio.sleep(0)


def waiting(admission: Admission, application: str) -> "asyncio.Task[object]":
    return asyncio.create_task(admission.enter(application))


async def test_beyond_the_places_nobody_enters() -> None:
    admission = Admission(3, 3, patience=0)
    leave = [await admission.enter("a") for _ in range(3)]
    with pytest.raises(Busy):
        await admission.enter("b")
    leave.pop()()
    await admission.enter("b")
    assert (admission.running, admission.waiting) == (3, 0)


async def test_one_application_has_its_share_and_leaves_the_rest() -> None:
    admission = Admission(4, 2, patience=0)
    for _ in range(2):
        await admission.enter("much")
    with pytest.raises(Busy, match="2 calls running"):
        await admission.enter("much")
    for _ in range(2):
        await admission.enter("little")
    with pytest.raises(Busy, match="Every place"):
        await admission.enter("third")


async def test_a_share_larger_than_the_house_is_the_house() -> None:
    admission = Admission(1, 256, patience=0)
    await admission.enter("a")
    with pytest.raises(Busy):
        await admission.enter("a")


async def test_who_waits_gets_the_place_that_comes_free() -> None:
    admission = Admission(1, 1, patience=PATIENT)
    leave = await admission.enter("a")
    turn = waiting(admission, "b")
    await settle()
    assert (turn.done(), admission.waiting) == (False, 1)
    leave()
    await turn
    assert (admission.running, admission.waiting) == (1, 0)


async def test_a_place_goes_to_the_applications_in_turn() -> None:
    admission = Admission(3, 3, patience=PATIENT)
    leave = [await admission.enter("much") for _ in range(3)]
    much = [waiting(admission, "much") for _ in range(2)]
    await settle()
    little = waiting(admission, "little")
    await settle()
    leave.pop()()
    leave.pop()()
    await settle()
    assert [turn.done() for turn in (*much, little)] == [True, False, True]
    much[1].cancel()


async def test_who_is_at_its_share_does_not_hold_up_others() -> None:
    admission = Admission(2, 1, patience=PATIENT)
    await admission.enter("much")
    turn = waiting(admission, "much")
    await settle()
    leave = await admission.enter("little")
    other = waiting(admission, "third")
    await settle()
    leave()
    await settle()
    assert (turn.done(), other.done()) == (False, True)
    turn.cancel()


async def test_the_line_is_bounded_too() -> None:
    admission = Admission(3, 2, patience=PATIENT)
    for application in ("a", "a", "b"):
        await admission.enter(application)
    turns = [waiting(admission, application) for application in ("a", "a", "b")]
    await settle()
    with pytest.raises(Busy, match="2 calls running"):
        await admission.enter("a")
    with pytest.raises(Busy, match="Every place"):
        await admission.enter("b")
    assert admission.waiting == 3
    for turn in turns:
        turn.cancel()


async def test_who_waited_in_vain_is_told_and_forgotten() -> None:
    admission = Admission(1, 1, patience=0.01)
    leave = await admission.enter("a")
    with pytest.raises(Busy):
        await admission.enter("b")
    leave()
    assert (admission.running, admission.waiting) == (0, 0)


@pytest.mark.parametrize("called", [False, True], ids=["before its turn", "in its turn"])
async def test_who_leaves_the_line_takes_no_place_with_it(*, called: bool) -> None:
    admission = Admission(1, 1, patience=PATIENT)
    leave = await admission.enter("a")
    turn = waiting(admission, "b")
    await settle()
    if called:
        leave()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    if not called:
        leave()
    assert (admission.running, admission.waiting) == (0, 0)
    await admission.enter("c")
