# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio

import pytest

from app.domain.errors import EvidenceUnavailable
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from tests.storage_units import a_record, an_exchange, written


async def test_what_is_committed_is_in_the_log(database: Database, ledger: SqlLedger) -> None:
    record = a_record()
    assert await ledger.commit(lambda _: 7, lambda seven: [record] * (seven == 7)) == 7
    assert written(database) == [record.id]


async def test_an_exchange_opens_and_closes_once(database: Database, ledger: SqlLedger) -> None:
    call = an_exchange()
    opened, delivered, again = a_record(call.id), a_record(call.id), a_record(call.id)
    await ledger.commit(lambda unit: unit.open_exchange(call), lambda _: [opened])
    await ledger.commit(lambda unit: unit.close_exchange(call.id), lambda _: [delivered])
    with pytest.raises(EvidenceUnavailable, match="closed before"):
        await ledger.commit(lambda unit: unit.close_exchange(call.id), lambda _: [again])
    assert written(database) == [opened.id, delivered.id]


async def test_company_makes_batches(database: Database, ledger: SqlLedger) -> None:
    async def call() -> None:
        exchange = an_exchange()
        await ledger.commit(lambda unit: unit.open_exchange(exchange), lambda _: [a_record(exchange.id)])
        await ledger.commit(lambda unit: unit.close_exchange(exchange.id), lambda _: [a_record(exchange.id)])

    async def client() -> None:
        for _ in range(20):
            await call()

    await asyncio.gather(*(client() for _ in range(32)))
    assert len(written(database)) == 32 * 20 * 2
    assert ledger.units / ledger.batches > 10
