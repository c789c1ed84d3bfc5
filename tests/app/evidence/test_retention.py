# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What it asks of the ledger, on a ledger in memory; tests of the commands do it on the real one."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar, cast

from app.domain.ledger import OpenExchange, Unit
from app.domain.record import Record, RecordType
from app.evidence.record import encode
from app.evidence.retention import count_due, erase_due

T = TypeVar("T")
TODAY = date(2026, 11, 23)


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, tzinfo=UTC)


class MemoryLedger:
    """Only erases, two at a time, and undoes a unit that fails."""

    def __init__(self, terms: Sequence[date]) -> None:
        self.kept = [
            OpenExchange(f"exc_{number}", "gemeente", "guus", "antwoord", f"rec_{number}", b"salt", term)
            for number, term in enumerate(terms)
        ]
        self.records: list[Record] = []

    def erase(self, before: date) -> Sequence[OpenExchange]:
        due = [exchange for exchange in self.kept if exchange.erase_after < before][:2]
        self.kept = [exchange for exchange in self.kept if exchange not in due]
        return due

    async def commit(self, work: Callable[[Unit], T], records: Callable[[T], Sequence[Record]]) -> T:
        before = list(self.kept)
        try:
            value = work(cast("Unit", self))
            self.records.extend(records(value))
        except Exception:
            self.kept = before
            raise
        return value


async def test_every_term_that_has_ended_is_erased_with_a_record_of_its_own() -> None:
    ledger = MemoryLedger([date(2026, 11, day) for day in (20, 21, 22, 23, 24)])
    assert await erase_due(ledger, Noon(), TODAY) == 3
    assert [exchange.id for exchange in ledger.kept] == ["exc_3", "exc_4"]
    assert [(record.exchange, record.previous) for record in ledger.records] == [
        ("exc_0", "rec_0"),
        ("exc_1", "rec_1"),
        ("exc_2", "rec_2"),
    ]
    assert {record.type for record in ledger.records} == {RecordType.CONTENT_ERASED}
    assert all(b'"before":"2026-11-23"' in encode(record) for record in ledger.records)


async def test_counting_changes_nothing() -> None:
    ledger = MemoryLedger([date(2026, 11, day) for day in (20, 21, 22, 23, 24)])
    assert await count_due(ledger, TODAY) == 3
    assert (len(ledger.kept), ledger.records) == (5, [])


async def test_nothing_due_is_nothing_done() -> None:
    ledger = MemoryLedger([TODAY])
    assert (await count_due(ledger, TODAY), await erase_due(ledger, Noon(), TODAY)) == (0, 0)
    assert ledger.records == []
