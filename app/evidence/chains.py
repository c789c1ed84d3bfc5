# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an auditor requires of records among each other: every id once, every exchange opened once and closed once.

Of every hold there is one unbroken story, in which nothing was fetched that was not approved. Ids are kept in a temporary database
on disk, so that a log of any length is audited in the same memory.
"""

import sqlite3
from collections.abc import Mapping

from app.domain.record import RecordType
from app.evidence.catalogue import ABOUT_A_HOLD, BESIDE, CLOSING, OPENING


class Chains:
    """Feed it every record in order; it says what is wrong with each. Close it after use."""

    def __init__(self) -> None:
        self._seen = sqlite3.connect("")
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        self._open: dict[str, str] = {}

    @property
    def open(self) -> int:
        """Exchanges that were opened and not yet closed."""
        return len(self._open)

    def feed(self, index: int, fields: Mapping[str, object]) -> str | None:
        """What is wrong with this record, in a sentence; None when nothing is."""
        record, kind = str(fields["id"]), RecordType(str(fields["type"]))
        exchange, previous = fields.get("exchange"), fields.get("prev")
        twin = self._note(record, str(index))
        if twin is not None:
            return f"it has the id of entry {twin}: it was put in twice"
        if kind in CLOSING:
            return self._close(exchange, previous)
        if kind in ABOUT_A_HOLD:
            return self._tell(kind, str(exchange), record, previous)
        if kind is RecordType.CONTENT_ERASED:
            return None if previous == self._look_up(str(exchange)) else "it erases an exchange that is not before it"
        return self._start(kind, exchange, record, previous)

    def _start(self, kind: RecordType, exchange: object, record: str, previous: object) -> str | None:
        if previous is not None:
            return f"{kind} begins something and yet names a record before it"
        if kind in (OPENING, RecordType.EXCHANGE_REFUSED):
            return self._begin(kind, exchange, record)
        return None if exchange is None else f"{kind} is not about an exchange and yet names one"

    def close(self) -> None:
        """Let go of the temporary database."""
        self._seen.close()

    def _begin(self, kind: RecordType, exchange: object, record: str) -> str | None:
        if not isinstance(exchange, str):
            return f"{kind} names no exchange"
        if self._note(exchange, record) is not None:
            return f"{exchange} began before: it was put in twice"
        if kind is OPENING:
            self._open[exchange] = record
        return None

    def _close(self, exchange: object, previous: object) -> str | None:
        opened = self._open.pop(str(exchange), None)
        if opened is None:
            before = self._look_up(str(exchange)) is not None
            return f"it closes {exchange}, which " + ("was closed before" if before else "is not opened before it")
        return None if previous == opened else f"it does not follow the record that opened {exchange}"

    def _tell(self, kind: RecordType, exchange: str, record: str, previous: object) -> str | None:
        """One more step in the story of a hold. What is remembered of it is its last record, and whether that is an approval."""
        last = self._look_up(f"hold of {exchange}")
        if kind is RecordType.HOLD_OPENED:
            if previous is None or previous != self._look_up(exchange):
                return f"it does not follow the record that opened {exchange}"
            again = self._note(f"hold of {exchange}", f"{record} {kind}")
            return None if again is None else f"{exchange} was held before: it was put in twice"
        if last is None:
            return f"it tells of a hold of {exchange}, which was not opened before it"
        before, standing = last.split(" ")
        if previous != before:
            return f"it does not follow the last record of the hold of {exchange}"
        if kind is RecordType.HOLD_FETCHED and standing != RecordType.HOLD_APPROVED:
            return "it tells that a text was fetched that was not approved"
        if kind not in BESIDE:
            self._seen.execute("UPDATE seen SET value = ? WHERE id = ?", (f"{record} {kind}", f"hold of {exchange}"))
        return None

    def _note(self, key: str, value: str) -> str | None:
        """Remember; return what was remembered under this key before."""
        try:
            self._seen.execute("INSERT INTO seen VALUES (?, ?)", (key, value))
        except sqlite3.IntegrityError:
            return self._look_up(key)
        return None

    def _look_up(self, key: str) -> str | None:
        row: tuple[str] | None = self._seen.execute("SELECT value FROM seen WHERE id = ?", (key,)).fetchone()
        return row[0] if row else None
