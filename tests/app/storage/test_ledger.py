# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import threading
import time
from contextlib import suppress
from typing import NoReturn

import pytest
import uvloop

from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import Unit
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.log import SqlLogReader
from app.storage.schema import log_head
from tests.app.storage.conftest import OpenLedger
from tests.storage_units import (
    ORGANISATION,
    a_record,
    an_exchange,
    close_exchange,
    encode,
    fold,
    leaf,
    open_exchange,
    write,
    written,
)


async def test_what_is_committed_is_in_the_log(database: Database, ledger: SqlLedger) -> None:
    record = a_record()
    assert await ledger.commit(lambda _: 7, lambda seven: [record] * (seven == 7)) == 7
    assert written(database) == [record.id]


async def test_a_unit_that_fails_fails_alone(database: Database, ledger: SqlLedger) -> None:
    """Also when its records cannot be made, and when what it did before must be undone."""
    key_error, value_error = KeyError("work"), ValueError("records")
    exchange = an_exchange()

    def failing(unit: Unit) -> None:
        unit.open_exchange(exchange)
        unit.orphans()
        raise key_error

    good = [a_record() for _ in range(3)]
    outcomes = await asyncio.gather(
        ledger.commit(lambda _: 0, lambda _: [good[0]]),
        ledger.commit(failing, lambda _: [a_record()]),
        ledger.commit(lambda _: 1, lambda _: [good[1]]),
        ledger.commit(lambda unit: unit.open_exchange(exchange), lambda _: _raise(value_error)),
        ledger.commit(lambda _: 2, lambda _: [good[2]]),
        return_exceptions=True,
    )
    assert list[object](outcomes) == [0, key_error, 1, value_error, 2]
    assert ledger.batches == 1
    assert written(database) == [record.id for record in good]
    await ledger.commit(lambda unit: unit.open_exchange(exchange), lambda _: [])


async def test_a_row_that_is_there_already_fails_its_own_unit_only(database: Database, ledger: SqlLedger) -> None:
    twice, other = a_record(), a_record()
    outcomes = await asyncio.gather(
        ledger.commit(lambda _: "first", lambda _: [twice]),
        ledger.commit(lambda _: "second", lambda _: [twice]),
        ledger.commit(lambda _: "third", lambda _: [other]),
        return_exceptions=True,
    )
    assert outcomes[0] == "first"
    assert isinstance(outcomes[1], EvidenceUnavailable)
    assert outcomes[2] == "third"
    assert written(database) == [twice.id, other.id]


async def test_company_makes_batches(database: Database, ledger: SqlLedger) -> None:
    async def client() -> None:
        for _ in range(20):
            call = an_exchange()
            await open_exchange(ledger, call)
            await close_exchange(ledger, call)

    await asyncio.gather(*(client() for _ in range(32)))
    assert len(written(database)) == 32 * 20 * 2
    assert ledger.units / ledger.batches > 10


async def test_in_company_a_unit_waits_for_others(open_ledger: OpenLedger, database: Database) -> None:
    ledger = await open_ledger(database, linger=0.3)
    await asyncio.gather(write(ledger, a_record()), write(ledger, a_record()))
    async with asyncio.TaskGroup() as group:
        group.create_task(write(ledger, a_record()))
        await ticks(3)  # alone it would have gone after one
        group.create_task(write(ledger, a_record()))
    assert ledger.batches == 2


async def test_alone_a_unit_waits_for_nobody(open_ledger: OpenLedger, database: Database) -> None:
    ledger = await open_ledger(database, linger=3600)
    for _ in range(3):
        await write(ledger, a_record())
    assert ledger.batches == 3


async def test_two_workers_make_one_log(database: Database, open_ledger: OpenLedger) -> None:
    ledgers = [await open_ledger(database), await open_ledger(database)]
    acknowledged: list[str] = []

    async def client(ledger: SqlLedger) -> None:
        for _ in range(25):
            record = a_record()
            await write(ledger, record)
            acknowledged.append(record.id)

    await asyncio.gather(*(client(ledger) for ledger in ledgers for _ in range(4)))
    assert sorted(written(database)) == sorted(acknowledged)


async def test_organisations_have_logs_of_their_own(database: Database, ledger: SqlLedger, engine: str) -> None:
    mine, theirs = a_record(), a_record(organisation="ministerie-voorbeeld")
    outcomes = await asyncio.gather(
        write(ledger, mine),
        write(ledger, theirs),
        return_exceptions=True,
    )
    assert written(database) == [mine.id]
    if engine == "sqlite":
        assert "another organisation" in str(outcomes[1])
    else:
        assert written(database, "ministerie-voorbeeld") == [theirs.id]


async def test_a_second_organisation_does_not_open_a_sqlite_database(
    database: Database, ledger: SqlLedger, open_ledger: OpenLedger, engine: str
) -> None:
    await write(ledger, a_record())
    if engine == "sqlite":
        with pytest.raises(EvidenceUnavailable, match="another organisation"):
            await open_ledger(database, "ministerie-voorbeeld")
    else:
        assert await open_ledger(database, "ministerie-voorbeeld") is not ledger


async def test_what_takes_too_long_is_not_recorded_later(database: Database, open_ledger: OpenLedger) -> None:
    first, late = a_record(), a_record()
    await write(await open_ledger(database), first)
    ledger = await open_ledger(database, timeout=0.4)
    with database.writing() as other:
        other.execute(log_head.update().values(size=log_head.c.size))
        with pytest.raises(EvidenceUnavailable, match="too long"):
            await write(ledger, late)
    async with asyncio.timeout(60):
        while True:
            next_one = a_record()  # another each time: one that took too long may have been on its way to the disk
            with suppress(EvidenceUnavailable):  # the writer may still be waiting for the lock
                await write(ledger, next_one)
                break
    log = written(database)
    assert (log[0], log[-1], late.id in log) == (first.id, next_one.id, False)


def test_what_was_written_while_the_loop_stood_still_is_not_late(database: Database) -> None:
    async def stand_still() -> None:
        record = a_record()
        async with SqlLedger(database, ORGANISATION, encode=encode, leaf=leaf, fold=fold, timeout=0.4) as ledger:
            waiting = asyncio.get_running_loop().create_task(write(ledger, record))
            await ticks(3)
            until = time.monotonic() + 60
            while SqlLogReader(database).head(ORGANISATION).size == 0 and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(0.5)
            await waiting
        assert written(database) == [record.id]

    uvloop.run(stand_still())


async def test_a_caller_that_leaves_does_not_undo_its_unit(database: Database, ledger: SqlLedger) -> None:
    record, began, proceed = a_record(), threading.Event(), threading.Event()

    def slow(_: Unit) -> None:
        began.set()
        assert proceed.wait(60)

    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(ledger.commit(slow, lambda _: [record]))
        assert await asyncio.to_thread(began.wait, 60)
        waiting.cancel()
        proceed.set()
    await ledger.close()
    assert written(database) == [record.id]


async def test_too_many_waiting_is_refused_at_once(database: Database, open_ledger: OpenLedger) -> None:
    ledger = await open_ledger(database, queue=2)
    records = [a_record() for _ in range(3)]
    outcomes = await asyncio.gather(
        *(write(ledger, record) for record in records),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), type(None), EvidenceUnavailable]
    assert written(database) == [record.id for record in records[:2]]


async def test_closing_writes_what_waits_and_takes_no_more(database: Database, ledger: SqlLedger) -> None:
    records = [a_record() for _ in range(20)]
    async with asyncio.TaskGroup() as group:
        for record in records:
            group.create_task(write(ledger, record))
        await asyncio.sleep(0)
        await ledger.close()
    assert written(database) == [record.id for record in records]
    with pytest.raises(EvidenceUnavailable, match="closed"):
        await write(ledger, a_record())


async def ticks(count: int) -> None:
    """Let the loop go round so many times."""
    for _ in range(count):
        await asyncio.sleep(0)


def _raise(error: Exception) -> NoReturn:
    raise error
