# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.ledger import Unit
from app.domain.output import Message
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from tests.app.storage.conftest import OpenLedger
from tests.storage_reviews import a_message, do
from tests.storage_units import MOMENT

LATER = MOMENT + timedelta(minutes=1)


async def due(ledger: SqlLedger, moment: datetime = MOMENT) -> Sequence[Message]:
    """What would be told now."""
    return await ledger.commit(lambda unit: unit.due_messages(moment), lambda _: [])


async def enqueue(ledger: SqlLedger, *messages: Message) -> None:
    """In one unit."""

    def work(unit: Unit) -> None:
        for message in messages:
            unit.enqueue(message)

    await do(ledger, work)


async def test_a_message_comes_back_as_it_went_in_once_it_is_due(ledger: SqlLedger) -> None:
    message = a_message(payload=bytes(range(256)), due=LATER, attempts=2)
    await enqueue(ledger, message)
    assert await due(ledger, LATER - timedelta(milliseconds=1)) == []
    assert await due(ledger, LATER) == [message]


async def test_the_oldest_come_first_and_twenty_at_a_time(ledger: SqlLedger) -> None:
    messages = [a_message(due=MOMENT - timedelta(seconds=age)) for age in range(25)]
    await enqueue(ledger, *messages)
    assert await due(ledger) == messages[:4:-1]


async def test_kinds_that_are_passed_over_do_not_come(ledger: SqlLedger) -> None:
    slow, other = [a_message(kind="webhook:slow") for _ in range(25)], a_message(kind="webhook:other")
    await enqueue(ledger, *slow, other)
    assert await ledger.commit(lambda unit: unit.due_messages(MOMENT, {"webhook:slow"}), lambda _: []) == [other]


async def test_what_is_postponed_comes_back_and_is_counted(ledger: SqlLedger) -> None:
    message, other = a_message(), a_message(due=MOMENT - timedelta(seconds=1))
    await enqueue(ledger, message, other)
    await do(ledger, lambda unit: unit.postpone(message.id, LATER))
    assert await due(ledger) == [other]
    assert await due(ledger, LATER) == [other, replace(message, due=LATER, attempts=1)]
    await do(ledger, lambda unit: unit.postpone(message.id, MOMENT))
    assert await due(ledger) == [other, replace(message, due=MOMENT, attempts=2)]


async def test_what_was_told_is_gone(ledger: SqlLedger) -> None:
    told, other = a_message(), a_message()
    await enqueue(ledger, told, other)
    await do(ledger, lambda unit: unit.dismiss(told.id))
    await do(ledger, lambda unit: unit.dismiss(told.id))
    await do(ledger, lambda unit: unit.postpone(told.id, MOMENT))
    assert await due(ledger) == [other]


async def test_a_message_is_written_with_what_it_tells_or_not_at_all(ledger: SqlLedger) -> None:
    def fails(unit: Unit) -> None:
        unit.enqueue(a_message())
        raise LookupError

    with pytest.raises(LookupError):
        await do(ledger, fails)
    assert await due(ledger) == []


async def test_two_workers_that_take_and_postpone_never_have_the_same_one(
    database: Database, open_ledger: OpenLedger
) -> None:
    workers = [await open_ledger(database), await open_ledger(database)]
    messages = [a_message() for _ in range(100)]
    await enqueue(workers[0], *messages)
    taken: list[str] = []

    def take(unit: Unit) -> Sequence[Message]:
        found = unit.due_messages(MOMENT)
        for message in found:
            unit.postpone(message.id, LATER)
        return found

    async def work(worker: SqlLedger) -> None:
        for _ in range(8):
            taken.extend(message.id for message in await do(worker, take))

    await asyncio.gather(*map(work, workers))
    assert sorted(taken) == sorted(message.id for message in messages)


async def test_another_organisation_tells_its_own(
    database: Database, open_ledger: OpenLedger, ledger: SqlLedger, engine: str
) -> None:
    message = a_message()
    await enqueue(ledger, message)
    if engine == "postgresql":
        elsewhere = await open_ledger(database, "ministerie-voorbeeld")
        await elsewhere.commit(lambda unit: unit.dismiss(message.id), lambda _: [])
        await elsewhere.commit(lambda unit: unit.postpone(message.id, LATER), lambda _: [])
        assert await due(elsewhere) == []
    assert await due(ledger) == [message]
