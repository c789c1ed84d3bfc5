# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A reviewer in a process of its own, to be killed: `python -m tests.storage_reviewer URL` approves without end.

A line is the id of a hold; it is written after the commit of its approval, in one piece.
"""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial

from app.domain.ledger import SealedContent, Unit
from app.domain.record import RecordType
from app.domain.review import Act, Hold, HoldState, change
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from tests.storage_reviews import CLASS, a_hold, a_message, outputs_of, released_of
from tests.storage_units import MOMENT, ORGANISATION, a_record, encode, fold, leaf

_DESKS = 4


async def review(url: str) -> None:
    """Hold and approve, at as many desks at once."""
    database = Database(url)
    async with SqlLedger(database, ORGANISATION, encode=encode, leaf=leaf, fold=fold, timeout=60) as ledger:
        os.write(1, b"ready\n")
        await asyncio.gather(*(_desk(ledger) for _ in range(_DESKS)))


async def _desk(ledger: SqlLedger) -> None:
    while True:
        hold = a_hold(
            state=HoldState.CLAIMED,
            claimed_by="usr_anna",
            claimed_until=MOMENT + timedelta(hours=1),
            review_class=replace(CLASS, sign_offs=1),
        )
        await ledger.commit(partial(_wait, hold), lambda _: [a_record()])
        approved = replace(a_record(hold.exchange), type=RecordType.HOLD_APPROVED)
        await ledger.commit(partial(_approve, hold), lambda _, approved=approved: [approved])  # type: ignore[misc]
        os.write(1, f"{hold.id}\n".encode())


def _wait(hold: Hold, unit: Unit) -> None:
    unit.add_hold(hold)


def _approve(hold: Hold, unit: Unit) -> None:
    unit.put_hold(change(unit.hold(hold.id), Act.APPROVE, MOMENT, "usr_anna"))
    unit.keep(SealedContent(hold.exchange, "release", b"key", b"text"))
    unit.release(released_of(hold), outputs_of(hold))
    unit.enqueue(a_message(id=hold.id.replace("rev_", "msg_")))


if __name__ == "__main__":
    asyncio.run(review(sys.argv[1]))
