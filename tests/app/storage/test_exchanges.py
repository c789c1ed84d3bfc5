# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import OpenExchange, SealedContent, Unit
from app.domain.record import Record
from app.domain.review import OPEN, HoldState
from app.storage.database import Database
from app.storage.holds import SqlHoldReader
from app.storage.ledger import SqlLedger
from app.storage.log import SqlContentReader
from app.storage.workers import PATIENCE
from tests.app.storage.conftest import OpenLedger
from tests.storage_reviews import a_hold
from tests.storage_units import MOMENT, ORGANISATION, a_record, an_exchange, close_exchange, open_exchange, written


async def test_a_dead_worker_leaves_orphans_which_are_closed_once(database: Database, open_ledger: OpenLedger) -> None:
    dead = await open_ledger(database)
    reapers = [await open_ledger(database), await open_ledger(database)]
    calls = [an_exchange() for _ in range(20)]
    for call in calls:
        await open_exchange(dead, call)
    await beats(*reapers)
    found = await asyncio.gather(*(reap(reaper) for reaper in reapers for _ in range(3)))
    assert sorted(call.id for part in found for call in part) == sorted(call.id for call in calls)
    assert {call.salt for part in found for call in part} == {b"s" * 32}
    assert len(written(database)) == 40
    with pytest.raises(EvidenceUnavailable, match="taken for lost"):
        await close_exchange(dead, calls[0])


async def test_a_worker_that_beats_keeps_its_exchanges(database: Database, open_ledger: OpenLedger) -> None:
    alive, reaper = await open_ledger(database), await open_ledger(database)
    call = an_exchange()
    await open_exchange(alive, call)
    await beats(alive, reaper)
    assert await reap(reaper) == []
    await close_exchange(alive, call)


async def test_a_worker_that_stopped_in_order_is_not_waited_for(database: Database, open_ledger: OpenLedger) -> None:
    stopped, reaper = await open_ledger(database), await open_ledger(database)
    call = an_exchange()
    await open_exchange(stopped, call)
    await stopped.close()
    assert [orphan.id for orphan in await reap(reaper)] == [call.id]


async def test_what_a_worker_lost_itself_is_found_by_its_own_table(ledger: SqlLedger) -> None:
    """A caller that was told that nothing was recorded, while it was, will never close it."""
    running, lost = an_exchange(), an_exchange()
    await open_exchange(ledger, running)
    await open_exchange(ledger, lost)
    assert await reap(ledger) == []
    table = {running.id: object()}
    found = await ledger.commit(lambda unit: unit.orphans(table), lambda _: [])
    assert [orphan.id for orphan in found] == [lost.id]
    await close_exchange(ledger, running)


async def test_a_worker_that_comes_back_goes_on_under_a_new_name(database: Database, open_ledger: OpenLedger) -> None:
    slow, reaper = await open_ledger(database), await open_ledger(database)
    before, after = an_exchange(), an_exchange()
    await open_exchange(slow, before)
    await beats(reaper)
    assert [orphan.id for orphan in await reap(reaper)] == [before.id]
    await slow.beat()
    await open_exchange(slow, after)
    assert await reap(reaper) == []
    await close_exchange(slow, after)


async def test_erasure_takes_content_keys_and_salts_and_leaves_the_log(database: Database, ledger: SqlLedger) -> None:
    reader = SqlContentReader(database)
    due, kept, running = (
        an_exchange(erase_after=date(2026, 11, 22)),
        an_exchange(erase_after=date(2026, 11, 23)),
        an_exchange(erase_after=date(2026, 1, 1)),
    )
    for call in (due, kept, running):
        await open_exchange(ledger, call)
        await ledger.commit(
            lambda unit, call=call: unit.keep(SealedContent(call.id, "prompt", b"k", b"c")),  # type: ignore[misc]
            lambda _: [],
        )
    for call in (due, kept):
        await close_exchange(ledger, call)
    before = written(database)
    assert await erase(ledger) == [replace(due, salt=b"")]
    assert await erase(ledger) == []
    assert [len(reader.sealed(call.id)) for call in (due, kept, running)] == [0, 1, 1]
    assert written(database)[: len(before)] == before


@pytest.mark.parametrize("state", sorted(OPEN))
async def test_what_still_waits_for_a_human_is_kept_until_it_was_decided(
    database: Database, ledger: SqlLedger, state: HoldState
) -> None:
    """The term counts from the opening of the exchange, and a review may take longer: nobody can judge a text that is gone."""
    reader = SqlContentReader(database)
    waits, other = an_exchange(erase_after=date(2026, 1, 1)), an_exchange(erase_after=date(2026, 1, 1))
    for call in (waits, other):
        await open_exchange(ledger, call)
        content = SealedContent(call.id, "edition-1", b"k", b"c")
        await ledger.commit(lambda unit, content=content: unit.keep(content), lambda _: [])  # type: ignore[misc]
        await close_exchange(ledger, call)
    hold = a_hold(exchange=waits.id, state=state)
    await ledger.commit(lambda unit: unit.add_hold(hold), lambda _: [])
    assert await erase(ledger) == [replace(other, salt=b"")]
    assert len(reader.sealed(waits.id)) == 1
    decided = replace(hold, state=HoldState.REJECTED, version=2, closed_at=MOMENT)
    await ledger.commit(lambda unit: unit.put_hold(decided), lambda _: [])
    assert await erase(ledger) == [replace(waits, salt=b"")]
    assert reader.sealed(waits.id) == []
    assert SqlHoldReader(database, ORGANISATION).hold(hold.id) == decided


async def test_holds_that_wait_do_not_keep_others_from_erasure(ledger: SqlLedger) -> None:
    """They are no part of the five hundred that one unit takes."""
    calls = [an_exchange(erase_after=date(2025, 1, 1)) for _ in range(500)]
    due = an_exchange(erase_after=date(2026, 1, 1))

    def fill(unit: Unit) -> None:
        for call in (*calls, due):
            unit.open_exchange(call)
            unit.close_exchange(call.id)
        for call in calls:
            unit.add_hold(a_hold(exchange=call.id))

    await ledger.commit(fill, lambda _: [])
    assert [erased.id for erased in await erase(ledger)] == [due.id]


async def test_what_was_erased_does_not_stay_behind_in_the_write_ahead_log(
    database: Database, ledger: SqlLedger
) -> None:
    """PostgreSQL has its log in a place of its own; the file beside SQLite's database is ours to empty."""
    call, secret = an_exchange(erase_after=date(2026, 1, 1)), b"wrapped-key-of-an-item"
    await open_exchange(ledger, call)
    content = SealedContent(call.id, "prompt", secret, b"c")
    await ledger.commit(lambda unit: unit.keep(content), lambda _: [])
    await close_exchange(ledger, call)
    path = database.path
    files = [] if path is None else [path, path.with_name(f"{path.name}-wal")]
    assert any(secret in file.read_bytes() for file in files) == bool(files)
    assert len(await erase(ledger)) == 1
    await ledger.beat()
    assert not any(secret in file.read_bytes() for file in files)


async def beats(*ledgers: SqlLedger) -> None:
    """Long enough for one that does not beat to be taken for dead."""
    for _ in range(PATIENCE + 1):
        for ledger in ledgers:
            await ledger.beat()


async def reap(ledger: SqlLedger) -> list[OpenExchange]:
    """As the house does it: a record for each."""

    def records(found: list[OpenExchange]) -> list[Record]:
        return [a_record(orphan.id) for orphan in found]

    return await ledger.commit(lambda unit: list(unit.orphans()), records)


async def erase(ledger: SqlLedger) -> list[OpenExchange]:
    """As of a day."""
    return await ledger.commit(lambda unit: list(unit.erase(date(2026, 11, 23))), lambda _: [])
