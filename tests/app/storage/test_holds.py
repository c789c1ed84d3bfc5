# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import TypeVar

import pytest

from app.domain.errors import ReviewConflict, UnknownName
from app.domain.ledger import HoldReader, OpenExchange, Unit
from app.domain.review import OPEN, Act, Hold, HoldState, change
from app.storage.database import Database
from app.storage.holds import SqlHoldReader
from app.storage.ledger import SqlLedger
from tests.app.storage.conftest import OpenLedger
from tests.storage_reviews import a_busy_hold, a_hold, do
from tests.storage_units import MOMENT, ORGANISATION, an_exchange, close_exchange, in_turn, open_exchange, written

CLOSED = frozenset(HoldState) - OPEN

T = TypeVar("T")


@pytest.fixture
def reader(database: Database) -> HoldReader:
    return SqlHoldReader(database, ORGANISATION)


@pytest.mark.parametrize("hold", [a_hold(), a_busy_hold()])
async def test_a_hold_comes_back_as_it_went_in(ledger: SqlLedger, reader: HoldReader, hold: Hold) -> None:
    await do(ledger, lambda unit: unit.add_hold(hold))
    assert reader.hold(hold.id) == hold
    assert reader.hold_of(hold.exchange) == hold
    assert reader.same(hold.application, hold.same) == hold
    assert await do(ledger, lambda unit: unit.hold(hold.id)) == hold


async def test_moments_are_kept_to_the_millisecond(ledger: SqlLedger, reader: HoldReader) -> None:
    hold = a_hold(opened_at=MOMENT + timedelta(microseconds=1999))
    await do(ledger, lambda unit: unit.add_hold(hold))
    assert reader.hold(hold.id) == replace(hold, opened_at=MOMENT + timedelta(milliseconds=1))


@pytest.mark.parametrize("state", sorted(OPEN))
async def test_the_same_call_waits_once(ledger: SqlLedger, reader: HoldReader, state: HoldState) -> None:
    first = a_hold(state=state)
    second = a_hold(same=first.same, opened_at=MOMENT + timedelta(seconds=1))
    await do(ledger, lambda unit: unit.add_hold(first))
    with pytest.raises(ReviewConflict):
        await do(ledger, lambda unit: unit.add_hold(second))
    assert reader.hold(second.id) is None
    assert reader.same("guus", first.same) == first


@pytest.mark.parametrize("state", sorted(CLOSED))
async def test_after_a_decision_the_same_call_may_wait_again(
    ledger: SqlLedger, reader: HoldReader, state: HoldState
) -> None:
    first = a_hold(state=state, closed_at=MOMENT)
    second = a_hold(same=first.same, opened_at=MOMENT + timedelta(seconds=1))
    await do(ledger, lambda unit: unit.add_hold(first))
    await do(ledger, lambda unit: unit.add_hold(second))
    assert reader.same("guus", first.same) == second


async def test_the_same_words_to_another_application_are_another_call(ledger: SqlLedger, reader: HoldReader) -> None:
    first = a_hold()
    second = a_hold(same=first.same, application="hans")
    for hold in (first, second):
        await add(ledger, hold)
    assert reader.same("guus", first.same) == first
    assert reader.same("hans", first.same) == second
    assert reader.same("iris", first.same) is None


async def test_of_two_workers_that_hold_the_same_call_at_once_one_does(
    database: Database, open_ledger: OpenLedger, reader: HoldReader
) -> None:
    workers = [await open_ledger(database), await open_ledger(database)]
    for _ in range(20):
        pair = [a_hold(), a_hold()]
        pair[1] = replace(pair[1], same=pair[0].same)
        outcomes = await asyncio.gather(
            *(add(worker, hold) for worker, hold in zip(workers, pair, strict=True)), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {type(None), ReviewConflict}
    assert len(reader.holds()) == 20
    assert len(written(database)) == 20


async def test_a_hold_is_changed_from_the_version_before_only(ledger: SqlLedger, reader: HoldReader) -> None:
    hold = a_hold()
    claimed = change(hold, Act.CLAIM, MOMENT, "usr_1")
    withdrawn = change(claimed, Act.WITHDRAW, MOMENT)
    await do(ledger, lambda unit: unit.add_hold(hold))
    for wrong in (hold, withdrawn, replace(claimed, id="rev_other"), replace(claimed, organisation="elders")):
        with pytest.raises(ReviewConflict):
            await do(ledger, lambda unit, wrong=wrong: unit.put_hold(wrong))  # type: ignore[misc]
    assert reader.hold(hold.id) == hold
    await do(ledger, lambda unit: unit.put_hold(claimed))
    with pytest.raises(ReviewConflict):
        await do(ledger, lambda unit: unit.put_hold(claimed))
    await do(ledger, lambda unit: unit.put_hold(withdrawn))
    assert reader.hold(hold.id) == withdrawn


async def test_what_lost_leaves_nothing_of_its_unit(database: Database, ledger: SqlLedger, reader: HoldReader) -> None:
    hold, other = a_hold(), a_hold()
    late = change(change(hold, Act.CLAIM, MOMENT, "usr_1"), Act.LET_GO, MOMENT, "usr_1")
    await do(ledger, lambda unit: unit.add_hold(hold))
    with pytest.raises(ReviewConflict):
        await do(ledger, in_turn(lambda unit: unit.add_hold(other), lambda unit: unit.put_hold(late)))
    assert reader.hold(other.id) is None
    assert len(written(database)) == 1


@pytest.mark.parametrize("name", ["rev_unknown", "", "rev_\0", "rev_\ud800"])
async def test_a_hold_that_is_not_there_has_no_name(ledger: SqlLedger, reader: HoldReader, name: str) -> None:
    assert reader.hold(name) is None
    assert reader.hold_of(name) is None
    with pytest.raises(UnknownName):
        await do(ledger, lambda unit: unit.hold(name))


async def test_another_organisation_sees_none_of_it(
    database: Database, open_ledger: OpenLedger, ledger: SqlLedger, engine: str
) -> None:
    hold = a_hold()
    await do(ledger, lambda unit: unit.add_hold(hold))
    other = SqlHoldReader(database, "ministerie-voorbeeld")
    assert [other.hold(hold.id), other.hold_of(hold.exchange), other.same(hold.application, hold.same)] == [None] * 3
    assert other.holds() == []
    if engine == "postgresql":
        elsewhere = await open_ledger(database, "ministerie-voorbeeld")
        with pytest.raises(UnknownName):
            await elsewhere.commit(lambda unit: unit.hold(hold.id), lambda _: [])
        assert await elsewhere.commit(lambda unit: unit.stale_holds(hold.expires_at), lambda _: []) == []


async def test_the_queue_is_in_order_of_term_and_the_archive_the_newest_first(
    ledger: SqlLedger, reader: HoldReader
) -> None:
    days = [timedelta(days=day) for day in (3, 1, 2)]
    waiting = [a_hold(state=state, expires_at=MOMENT + day) for state, day in zip(sorted(OPEN), days, strict=False)]
    decided = [a_hold(state=state, closed_at=MOMENT + day) for state, day in zip(sorted(CLOSED), days, strict=False)]
    for hold in (*waiting, *decided):
        await add(ledger, hold)
    assert reader.holds() == [waiting[1], waiting[2], waiting[0]]
    assert reader.holds(limit=1) == [waiting[1]]
    assert reader.holds(open_only=False) == [decided[0], decided[2], decided[1]]
    assert reader.holds(open_only=False, limit=2) == [decided[0], decided[2]]


async def test_what_waits_is_counted_for_each_application(ledger: SqlLedger, reader: HoldReader) -> None:
    for state in HoldState:
        await add(ledger, a_hold(state=state))
    await add(ledger, a_hold(application="fien"))
    assert [reader.waiting(application) for application in ("guus", "fien", "niemand")] == [len(OPEN), 1, 0]


async def test_an_application_that_asks_very_much_hides_nothing_of_another(
    ledger: SqlLedger, reader: HoldReader
) -> None:
    flood = [a_hold(expires_at=MOMENT + timedelta(minutes=minute)) for minute in range(5)]
    other = a_hold(application="hans", expires_at=MOMENT + timedelta(days=30))
    for hold in (*reversed(flood), other):
        await add(ledger, hold)
    assert reader.holds(limit=3) == [*flood[:3], other]


async def test_holds_whose_term_is_over_are_found_until_they_are_closed(ledger: SqlLedger, reader: HoldReader) -> None:
    over = [a_hold(state=state, expires_at=MOMENT) for state in sorted(OPEN)]
    decided = [a_hold(state=state, expires_at=MOMENT, closed_at=MOMENT) for state in sorted(CLOSED)]
    running = a_hold(expires_at=MOMENT + timedelta(milliseconds=1))
    for hold in (*over, *decided, running):
        await add(ledger, hold)
    assert await do(ledger, lambda unit: unit.stale_holds(MOMENT - timedelta(milliseconds=1))) == []
    found = await do(ledger, lambda unit: unit.stale_holds(MOMENT))
    assert sorted(hold.id for hold in found) == sorted(hold.id for hold in over)

    for hold in found:
        expired = change(hold, Act.EXPIRE, MOMENT)
        await do(ledger, lambda unit, expired=expired: unit.put_hold(expired))  # type: ignore[misc]
    assert await do(ledger, lambda unit: unit.stale_holds(MOMENT)) == []


async def test_what_is_collected_in_an_exchange_that_ended_is_found(ledger: SqlLedger) -> None:
    """Its worker died, or its client gave up: the answer will never come."""
    running, ended, collected = an_exchange(), an_exchange(), an_exchange()

    async def held(call: OpenExchange, state: HoldState) -> Hold:
        await open_exchange(ledger, call)
        hold = a_hold(exchange=call.id, state=state)
        await do(ledger, lambda unit: unit.add_hold(hold))
        return hold

    await held(running, HoldState.COLLECTING)
    lost = await held(ended, HoldState.COLLECTING)
    await held(collected, HoldState.PENDING)
    for call in (ended, collected):
        await close_exchange(ledger, call)
    assert await do(ledger, lambda unit: unit.stale_holds(MOMENT)) == [lost]


async def test_at_most_five_hundred_are_found_at_a_time(ledger: SqlLedger) -> None:
    def fill(unit: Unit) -> None:
        for _ in range(501):
            unit.add_hold(a_hold(expires_at=MOMENT))

    await do(ledger, fill)
    assert len(await do(ledger, lambda unit: unit.stale_holds(MOMENT))) == 500


PAIRS, ROUNDS = 25, 64
AT_ONCE = {
    "claim and claim": (("usr_anna", Act.CLAIM), ("usr_bea", Act.CLAIM)),
    "approve and reject in two windows": (("usr_anna", Act.APPROVE), ("usr_anna", Act.REJECT)),
    "approve while the text changes": (("usr_anna", Act.APPROVE), ("usr_anna", Act.EDIT)),
    "approve and withdraw": (("usr_anna", Act.APPROVE), ("usr_bea", Act.WITHDRAW)),
}


async def test_of_two_who_decide_at_once_one_has_decided(
    database: Database, open_ledger: OpenLedger, reader: HoldReader
) -> None:
    """Two workers, and so two writers. Half of the rounds rest on the look inside the unit, half on compare-and-set alone."""
    desks = [await open_ledger(database), await open_ledger(database)]
    won: dict[str, Hold] = {}
    for number, acts in zip(range(ROUNDS), cycle(AT_ONCE.values()), strict=False):
        claimed = {"state": HoldState.CLAIMED, "claimed_by": "usr_anna", "claimed_until": MOMENT + timedelta(hours=1)}
        waiting = [a_hold(**({} if acts[0][1] is Act.CLAIM else claimed)) for _ in range(PAIRS)]
        await do(desks[0], in_turn(*(partial(_add, hold) for hold in waiting)))
        outcomes = await asyncio.gather(
            *(
                decide(desk, hold, *act, look=number % 8 < 4)
                for hold in waiting
                for desk, act in zip(desks, acts, strict=True)
            ),
            return_exceptions=True,
        )
        for hold, pair in zip(waiting, batched(outcomes), strict=True):
            assert sorted(type(outcome).__name__ for outcome in pair) == ["Hold", "ReviewConflict"]
            won[hold.id] = next(outcome for outcome in pair if isinstance(outcome, Hold))
    assert {hold.version for hold in won.values()} == {2}
    stored = [*reader.holds(limit=10_000), *reader.holds(open_only=False, limit=10_000)]
    assert {hold.id: hold for hold in stored} == won
    assert len(written(database)) == ROUNDS * (1 + PAIRS), "who lost has left no record"


async def test_two_who_decide_in_opposite_order_both_come_to_an_end(
    database: Database, open_ledger: OpenLedger, reader: HoldReader
) -> None:
    """Each has what the other waits for. PostgreSQL ends one of them, which then runs again and finds what was decided."""
    desks = [await open_ledger(database), await open_ledger(database)]
    waiting = [a_hold() for _ in range(PAIRS)]
    await do(desks[0], in_turn(*(partial(_add, hold) for hold in waiting)))
    there = [decide(desks[0], hold, "usr_anna", Act.CLAIM, look=True) for hold in waiting]
    back = [decide(desks[1], hold, "usr_bea", Act.CLAIM, look=True) for hold in reversed(waiting)]
    outcomes = await asyncio.gather(*there, *back, return_exceptions=True)
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Hold": PAIRS, "ReviewConflict": PAIRS}
    assert {(hold.state, hold.version) for hold in reader.holds()} == {(HoldState.CLAIMED, 2)}


async def decide(desk: SqlLedger, shown: Hold, person: str, act: Act, *, look: bool) -> Hold:
    """As the desk does it, from what was shown; or without looking again."""

    def work(unit: Unit) -> Hold:
        changed = change(unit.hold(shown.id) if look else shown, act, MOMENT, person)
        if changed.version != shown.version + 1:
            raise ReviewConflict
        unit.put_hold(changed)
        return changed

    return await do(desk, work)


async def add(ledger: SqlLedger, hold: Hold) -> None:
    """In a unit of its own."""
    await do(ledger, lambda unit: unit.add_hold(hold))


def _add(hold: Hold, unit: Unit) -> None:
    unit.add_hold(hold)


def batched(outcomes: Sequence[T]) -> Iterator[Sequence[T]]:
    """Two by two."""
    return (outcomes[at : at + 2] for at in range(0, len(outcomes), 2))
