# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One transaction of the ledger's writer: many units, then the head of the log, then the commit.

What a unit only appends is held in memory until the end and written many rows per statement; a unit that fails before that
leaves nothing behind, so it needs no savepoint. A unit that must look first gets one (`Unit` in `unit.py`).
The head is locked last and is never remembered between transactions, so no rollback can leave a wrong one behind.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import Connection, insert, select

from app.domain.decision import Deployment
from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import TreeHead
from app.domain.subject import Subject
from app.domain.text import LocalText
from app.storage import access
from app.storage.schema import log_head
from app.storage.statements import Cursor, Row, Statements

_HASH = 32

Fold: TypeAlias = Callable[[TreeHead, Sequence[bytes]], TreeHead]
"""Appends leaf hashes to a tree."""


class Again(Exception):
    """This transaction was overtaken: roll it back and run what is left of it once more."""


@dataclass(slots=True)
class Appends:
    """What a unit adds, in memory."""

    opened: list[Row] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    kept: list[Row] = field(default_factory=list)
    issued: list[Row] = field(default_factory=list)
    lost: bool = False
    """True: it closes an exchange that was closed before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it enters the log."""

    organisation: str
    record: str
    type: str
    exchange: str | None
    leaf: bytes
    data: bytes


class Transaction:
    """Between the begin and the commit of one batch. `known` is the version of access last seen, by organisation: a guess.

    `by_name`: ask which exchanges were closed, one by one, instead of how many: then it is known whose close came too late.
    """

    def __init__(
        self,
        connection: Connection,
        cursor: Cursor,
        statements: Statements,
        known: dict[str, int],
        *,
        by_name: bool = False,
    ) -> None:
        self.connection = connection
        self._cursor = cursor
        self._statements = statements
        self._known = known
        self._by_name = by_name
        self._believed: defaultdict[str, set[int]] = defaultdict(set)
        self._changes: Counter[str] = Counter()
        self._waiting: list[Appends] = []

    def admit(self, subject: Subject, deployment: Deployment) -> None:
        """Admit on the caller's version if it is the one last seen, else look precisely. Either is checked under the lock.

        Raises `NotAuthenticated` or `Stopped`.
        """
        organisation = subject.organisation
        if subject.access == self._known.get(organisation) and not self._changes[organisation]:
            self._believed[organisation].add(subject.access)
            return
        self._believed[organisation].add(access.version(self.connection, organisation))
        access.require(self.connection, subject, deployment)

    def access_changed(self, organisations: Sequence[str]) -> None:
        """Keys or stops of these were changed, once for each time it is named."""
        self._changes.update(organisations)

    def later(self, appends: Appends) -> None:
        """Write this with the rest."""
        self._waiting.append(appends)

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        self.write(waiting)

    def write(self, appends: Sequence[Appends]) -> None:
        """Write many rows per statement. Raises `Again` when some were closed before; `by_name` those are marked `lost`."""
        self._run(self._statements.open_exchanges.run, [row for each in appends for row in each.opened])
        self._run(self._statements.keep.run, [row for each in appends for row in each.kept])
        self._run(self._statements.issue.run, [row for each in appends for row in each.issued])
        self._close(appends)

    def append(self, entries: Sequence[Entry], fold: Fold) -> None:
        """Give the records their places and move the heads. Raises `Again` when access changed under a unit that relied on it."""
        mine: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            mine[entry.organisation].append(entry)
        # Always in one order, so that two replicas with several organisations never wait for each other.
        for organisation in sorted({*mine, *self._believed, *self._changes}):
            self._extend(organisation, mine[organisation], fold)

    def _extend(self, organisation: str, entries: Sequence[Entry], fold: Fold) -> None:
        changes = self._changes[organisation]
        head, version = self._lock(organisation, begin=bool(entries or changes))
        self._known[organisation] = version
        if self._believed[organisation] - {version}:
            raise Again
        if not entries and not changes:
            return
        grown = fold(head, [entry.leaf for entry in entries])
        rows: list[Row] = [
            (organisation, index, entry.record, entry.type, entry.exchange, entry.leaf, entry.data)
            for index, entry in enumerate(entries, head.size)
        ]
        self._run(self._statements.append.run, rows)
        nodes = b"".join(grown.nodes)
        self._cursor.execute(
            self._statements.move_head, (grown.size, nodes, version + changes, organisation, head.size)
        )
        if self._cursor.rowcount != 1 or grown.size != head.size + len(entries):
            raise EvidenceUnavailable(
                LocalText(
                    nl="De kop van het logboek is onder ons verplaatst.", en="The head of the log moved under us."
                )
            )

    def _lock(self, organisation: str, *, begin: bool) -> tuple[TreeHead, int]:
        """The head as it is now, locked until the commit; that of an empty log when there is none and none begins."""
        row = self._locked(organisation)
        if row is None and begin:
            # Two that do this at once: one gets an IntegrityError, and finds the row when it runs again.
            self.connection.execute(insert(log_head).values(org=organisation, size=0, nodes=b"", access=0))
            row = self._locked(organisation)
        size, nodes, version = row or (0, b"", 0)
        return TreeHead(size, split(nodes)), version

    def _locked(self, organisation: str) -> Row | None:
        self._cursor.execute(self._statements.lock_head, (organisation,))
        return self._cursor.fetchone()

    def _close(self, appends: Sequence[Appends]) -> None:
        wanted = [(name,) for each in appends for name in each.closed]
        if not self._by_name:
            # Each row that comes back lets the other threads in once: a count does not.
            if sum(cursor.rowcount for cursor in self._statements.close.run(self._cursor, wanted)) != len(wanted):
                raise Again
            return
        closed = self._statements.close_by_name.run(self._cursor, wanted)
        found = {row[0] for cursor in closed for row in cursor.fetchall()}
        if len(found) == len(wanted):
            return
        for each in appends:
            each.lost = not found.issuperset(each.closed)
            found.difference_update(each.closed)  # of two in one batch the first has closed it
        raise Again

    def _run(self, statement: Callable[[Cursor, Sequence[Row]], Iterable[Cursor]], rows: Sequence[Row]) -> None:
        for _ in statement(self._cursor, rows):
            pass


def organisations(connection: Connection) -> Sequence[str]:
    """Organisations that have a log, by name."""
    return connection.scalars(select(log_head.c.org).order_by(log_head.c.org)).all()


def split(nodes: bytes) -> tuple[bytes, ...]:
    """The frontier as stored, in its hashes of 32 bytes."""
    return tuple(nodes[place : place + _HASH] for place in range(0, len(nodes), _HASH))
