# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A log in memory, which can be tampered with: the ports of the evidence log without a database."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.domain.ledger import TreeHead
from app.domain.record import Record, RecordType
from app.evidence.commitments import commit
from app.evidence.record import encode
from app.evidence.tree import fold, leaf

ORGANISATION = "gemeente-voorbeeld"
HOST = "waarmerk.example"
BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)


class MemoryLog:
    """Rows of index, id, bytes and leaf hash, with a head and signed notes beside them."""

    def __init__(self, entries: Iterable[Record] = ()) -> None:
        self.rows: list[tuple[int, str, bytes, bytes]] = []
        self.kept_head = TreeHead()
        self.notes: dict[int, str] = {}
        self.append(*entries)

    def append(self, *records: Record) -> None:
        """As the writer does it."""
        for record in records:
            data = encode(record)
            self.rows.append((len(self.rows), record.id, data, leaf(data)))
            self.kept_head = fold(self.kept_head, [leaf(data)])

    def organisations(self) -> Sequence[str]:
        """The one organisation."""
        return [ORGANISATION]

    def head(self, organisation: str) -> TreeHead:
        """As kept, whatever became of the rows."""
        return self.kept_head

    def entries(self, organisation: str, start: int = 0) -> Iterator[tuple[int, str, bytes]]:
        """As an index of a database gives them: by number."""
        for index, record, data, _ in sorted(self.rows, key=lambda row: row[0]):
            if index >= start:
                yield index, record, data

    def entry(self, organisation: str, record: str) -> tuple[int, bytes] | None:
        """By the id of its record."""
        return next(((index, data) for index, name, data, _ in self.rows if name == record), None)

    def leaves(self) -> Iterator[bytes]:
        """The hash that was noted with each row."""
        return (noted for _, _, _, noted in sorted(self.rows, key=lambda row: row[0]))

    def put(self, organisation: str, size: int, note: str) -> str:
        """One note per size."""
        return self.notes.setdefault(size, note)

    def latest(self, organisation: str) -> str | None:
        """The note of the largest size."""
        return self.notes[max(self.notes)] if self.notes else None

    def published(self, organisation: str) -> Iterator[tuple[int, str]]:
        """Every note, smallest first."""
        return iter(sorted(self.notes.items()))


class MemoryAnchor:
    """What is remembered outside the log."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}

    def latest(self, organisation: str) -> str | None:
        """The last note."""
        return self.notes.get(organisation)

    def put(self, organisation: str, note: str) -> None:
        """Replace it."""
        self.notes[organisation] = note


def story(calls: int, first: int = 0) -> Iterator[Record]:
    """Two records for each call: opened, and delivered. Every byte follows from the number of the call."""
    for number in range(first, first + calls):
        moment = BEGIN + timedelta(seconds=number)
        exchange, opened, delivered = (
            f"{prefix}_{UUID(int=number * 4 + place)}" for place, prefix in enumerate(("exc", "rec", "rec"))
        )
        salt = number.to_bytes(32)
        yield Record(
            RecordType.EXCHANGE_OPENED,
            opened,
            moment,
            ORGANISATION,
            exchange,
            body={
                "key": "key_1",
                "application": "guus",
                "task": "guus-antwoord",
                "policy": "0" * 64,
                "rule": "permit-contracted",
                "stream": bool(number % 2),
                "choices": 1,
                "prompt": commit(salt, "prompt", f"vraag {number}"),
                "context": {},
                "obligations": ["Envelope", "Keep"],
                "shadow": [],
            },
        )
        yield Record(
            RecordType.EXCHANGE_DELIVERED,
            delivered,
            moment,
            ORGANISATION,
            exchange,
            opened,
            {"codes": {"0": "K7Q2-9FXM-3TBW"}, "output": {"0": {"content": commit(salt, "x")}}, "bytes": number},
        )
