# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A writer in a process of its own: `python -m tests.power.writer FILE UNITS [PRAGMA …]` prints what was acknowledged.

It is the product's writer, with the product's encoding and tree, on settings of SQLite that a test may change on connections
of its own. Nothing in it is left to chance, so that every run makes the same calls to the system.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import event

from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import OpenExchange, SealedContent, Unit
from app.domain.record import Record, RecordType
from app.evidence.record import encode
from app.evidence.tree import fold, leaf
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from tests.storage_units import MOMENT, ORGANISATION

ROUND = 5
"""Units before it begins anew: two calls that open and close, and the erasure of both."""
Work: TypeAlias = Callable[[Unit], Sequence[str]]


def opened(file: Path, pragmas: Sequence[str] = ()) -> Database:
    """The database; each pragma is said after the product has said its own."""
    database = Database(f"sqlite:///{file}")

    def say(connection: Any, _record: object) -> None:  # noqa: ANN401  a connection of whichever driver
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(database.engine, "connect", say)
    return database


def ledger_on(database: Database) -> SqlLedger:
    """As `app.main` makes it, but patient: these processes are slowed down by being watched."""
    return SqlLedger(database, ORGANISATION, encode=encode, leaf=leaf, fold=fold, timeout=60)


async def commit(ledger: SqlLedger, number: int, before: Callable[[], None] = lambda: None) -> Sequence[str]:
    """Write one unit; the records that were acknowledged. `before` runs on the writer's thread. Raises as `SqlLedger.commit`."""
    type_, work = _unit(number)
    written: list[Record] = []

    def prepared(unit: Unit) -> Sequence[str]:
        before()
        return work(unit)

    def records(exchanges: Sequence[str]) -> Sequence[Record]:
        written[:] = [
            Record(type_, f"rec_{number:04}_{place}", MOMENT, ORGANISATION, exchange)
            for place, exchange in enumerate(exchanges)
        ]
        return written

    await ledger.commit(prepared, records)
    return [record.id for record in written]


def acknowledge(records: Sequence[str]) -> None:
    """Say it, in one piece, so that a line that can be read was acknowledged."""
    os.write(1, "".join(f"{record}\n" for record in records).encode())


def _unit(number: int) -> tuple[RecordType, Work]:
    turn, step = divmod(number, ROUND)
    exchange = f"exc_{turn:04}_{step // 2}"
    if step == ROUND - 1:
        return RecordType.CONTENT_ERASED, _erase
    if step % 2:
        return RecordType.EXCHANGE_DELIVERED, lambda unit: _close(unit, exchange)
    return RecordType.EXCHANGE_OPENED, lambda unit: _open(unit, exchange)


def _open(unit: Unit, exchange: str) -> Sequence[str]:
    unit.open_exchange(
        OpenExchange(exchange, ORGANISATION, "guus", "guus-antwoord", "rec", b"s" * 32, date(2026, 12, 23))
    )
    unit.keep(SealedContent(exchange, "prompt", b"k" * 60, b"c" * 3000))
    return [exchange]


def _close(unit: Unit, exchange: str) -> Sequence[str]:
    unit.close_exchange(exchange)
    return [exchange]


def _erase(unit: Unit) -> Sequence[str]:
    return [exchange.id for exchange in unit.erase(date(2027, 1, 1))]


async def _write(file: Path, units: int, pragmas: Sequence[str]) -> None:
    database = opened(file, pragmas)
    async with ledger_on(database) as ledger:
        for number in range(units):
            with suppress(EvidenceUnavailable):  # not acknowledged: nothing is said of it
                acknowledge(await commit(ledger, number))
    database.close()


if __name__ == "__main__":
    asyncio.run(_write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
