# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Retention: what was kept beside the log is destroyed when its term ends, and the log says that it was."""

from collections.abc import Sequence
from datetime import date

from app.domain.clock import Clock
from app.domain.ids import new_id
from app.domain.ledger import Ledger, OpenExchange, Unit
from app.domain.record import Record, RecordType


class _OnlyLooking(Exception):
    """Ends a unit, so that nothing in it has happened."""

    def __init__(self, due: int) -> None:
        self.due = due
        super().__init__()


async def erase_due(ledger: Ledger, clock: Clock, before: date) -> int:
    """Destroy salts, item keys and content whose term ended before this day, each with its record; return of how many exchanges.

    The records of the log stay as they are, and stay provable; without its salt a commitment can no longer be opened.
    """
    erased = 0
    while True:
        batch = await ledger.commit(lambda unit: unit.erase(before), lambda found: _records(found, clock, before))
        erased += len(batch)
        if not batch:
            return erased


async def count_due(ledger: Ledger, before: date) -> int:
    """How many exchanges `erase_due` would erase: it is done and undone in one unit, so that the answer cannot differ."""

    def look(unit: Unit) -> None:
        due = 0
        while batch := unit.erase(before):
            due += len(batch)
        raise _OnlyLooking(due)

    try:
        await ledger.commit(look, lambda _: ())
    except _OnlyLooking as looked:
        return looked.due
    return 0


def _records(erased: Sequence[OpenExchange], clock: Clock, before: date) -> list[Record]:
    moment = clock.now()
    return [
        Record(
            type=RecordType.CONTENT_ERASED,
            id=new_id("rec", moment),
            moment=moment,
            organisation=exchange.organisation,
            exchange=exchange.id,
            previous=exchange.record,
            body={"before": before.isoformat()},
        )
        for exchange in erased
    ]
