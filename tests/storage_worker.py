# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A worker in a process of its own, to be killed: `python -m tests.storage_worker URL UNITS` prints what was acknowledged.

A line is a record id; it is written after the commit, in one piece, so a line that can be read was acknowledged.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from functools import partial

from app.domain.ledger import OpenExchange, Unit
from app.domain.record import Record
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from tests.storage_units import ORGANISATION, a_record, an_exchange, encode, fold, leaf

_CLIENTS = 8


async def serve(url: str, units: int) -> None:
    """Open and close exchanges, as many clients at once."""
    database = Database(url)
    async with SqlLedger(database, ORGANISATION, encode=encode, leaf=leaf, fold=fold, timeout=60) as ledger:
        os.write(1, b"ready\n")
        await asyncio.gather(*(_client(ledger, units // _CLIENTS) for _ in range(_CLIENTS)))


async def _client(ledger: SqlLedger, units: int) -> None:
    for _ in range(units // 2):
        call = an_exchange()
        for work, record in ((partial(_open, call), a_record(call.id)), (partial(_close, call), a_record(call.id))):
            await ledger.commit(work, partial(_only, record))
            os.write(1, f"{record.id}\n".encode())


def _open(call: OpenExchange, unit: Unit) -> None:
    unit.open_exchange(call)


def _close(call: OpenExchange, unit: Unit) -> None:
    unit.close_exchange(call.id)


def _only(record: Record, _: None) -> Sequence[Record]:
    return [record]


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
