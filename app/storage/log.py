# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what was written: the log in pieces of constant size, its checkpoints, and kept content."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.ledger import SealedContent, TreeHead
from app.storage.database import Database, Kind
from app.storage.schema import checkpoint, content, log_entry, log_head
from app.storage.transaction import organisations, split

_PAGE = 1000


class SqlLogReader:
    """The log as an auditor reads it. Port: `LogReader`. Each method raises `EvidenceUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def organisations(self) -> Sequence[str]:
        """Organisations that have a log, by name."""
        with self._database.reading() as connection:
            return organisations(connection)

    def head(self, organisation: str) -> TreeHead:
        """The head as stored; that of an empty tree when there is no log."""
        asked = select(log_head.c.size, log_head.c.nodes).where(log_head.c.org == organisation)
        with self._database.reading() as connection:
            row = connection.execute(asked).one_or_none()
        return TreeHead() if row is None else TreeHead(row.size, split(row.nodes))

    def entries(self, organisation: str, start: int = 0) -> Iterator[tuple[int, str, bytes]]:
        """Index, record id and bytes, in order of index, as they stand: what is missing is not invented.

        Each page is a transaction of its own: a log only grows, and an audit of hours must not hold one open.
        """
        asked = (
            select(log_entry.c.index, log_entry.c.record, log_entry.c.bytes)
            .where(log_entry.c.org == organisation)
            .order_by(log_entry.c.index)
            .limit(_PAGE)
        )
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(asked.where(log_entry.c.index >= start)).all()
            yield from rows
            if len(rows) < _PAGE:
                return
            start = rows[-1][0] + 1

    def entry(self, organisation: str, record: str) -> tuple[int, bytes] | None:
        """Index and bytes of one entry, by the id of its record; None when this log does not have it."""
        asked = select(log_entry.c.index, log_entry.c.bytes).where(
            log_entry.c.org == organisation, log_entry.c.record == record
        )
        with self._database.reading() as connection:
            row = connection.execute(asked).one_or_none()
        return None if row is None else (int(row[0]), bytes(row[1]))

    def leaves(self, organisation: str) -> Iterator[bytes]:
        """Leaf hashes as they were noted beside the entries, in order of index: they point at what was altered, and prove nothing."""
        asked = (
            select(log_entry.c.index, log_entry.c.leaf)
            .where(log_entry.c.org == organisation)
            .order_by(log_entry.c.index)
            .limit(_PAGE)
        )
        start = 0
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(asked.where(log_entry.c.index >= start)).all()
            yield from (leaf for _, leaf in rows)
            if len(rows) < _PAGE:
                return
            start = rows[-1][0] + 1


class SqlCheckpoints:
    """Signed checkpoints, one per size. Port: `Checkpoints`. Each method raises `EvidenceUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, organisation: str, size: int, note: str) -> str:
        """Keep this note unless one of its size is kept; return the one that is kept, durably: only that one may be shown."""
        row = {"org": organisation, "size": size, "note": note}
        if self._database.kind is Kind.SQLITE:
            keep: Insert = sqlite.insert(checkpoint).values(row).on_conflict_do_nothing()
        else:
            keep = postgresql.insert(checkpoint).values(row).on_conflict_do_nothing()
        kept = select(checkpoint.c.note).where(checkpoint.c.org == organisation, checkpoint.c.size == size)
        with self._database.writing() as connection:
            connection.execute(keep)
            return str(connection.execute(kept).scalar_one())

    def latest(self, organisation: str) -> str | None:
        """The note of the largest size."""
        asked = select(checkpoint.c.note).where(checkpoint.c.org == organisation)
        with self._database.reading() as connection:
            return connection.scalar(asked.order_by(checkpoint.c.size.desc()).limit(1))

    def published(self, organisation: str) -> Iterator[tuple[int, str]]:
        """Size and note of each, smallest first."""
        asked = select(checkpoint.c.size, checkpoint.c.note).where(checkpoint.c.org == organisation)
        start = 0
        while True:
            with self._database.reading() as connection:
                page = asked.where(checkpoint.c.size >= start).order_by(checkpoint.c.size).limit(_PAGE)
                rows = connection.execute(page).all()
            yield from rows
            if len(rows) < _PAGE:
                return
            start = rows[-1][0] + 1


class SqlContentReader:
    """Kept content, still encrypted. Port: `ContentReader`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sealed(self, exchange: str) -> Sequence[SealedContent]:
        """What is kept of an exchange, by kind; nothing after erasure. Raises `EvidenceUnavailable`."""
        asked = select(content).where(content.c.exchange == exchange).order_by(content.c.kind)
        with self._database.reading() as connection:
            return [
                SealedContent(row.exchange, row.kind, row.wrapped_key, row.ciphertext)
                for row in connection.execute(asked)
            ]
