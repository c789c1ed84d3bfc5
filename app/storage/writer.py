# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one thread that writes: it takes a batch of units through one transaction, and tells of each how it ended.

After any fault of the database the connection is thrown away: a disk that was full, a file that was locked and a server that
was restarted are all recovered from in the same way, by the next batch.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain.errors import EvidenceUnavailable
from app.domain.record import Record
from app.domain.text import LocalText
from app.storage import workers
from app.storage.database import Database, Kind, condition, unavailable
from app.storage.statements import Cursor, Statements
from app.storage.transaction import Again, Entry, Fold, Transaction, organisations
from app.storage.unit import SqlUnit

log = logging.getLogger("waarmerk.storage")

_ATTEMPTS = 5
_LONGEST_PAUSE = 1.0
_OVERTAKEN = frozenset({"40001", "40P01"})
"""Serialisation failure and deadlock: the server asks to try again."""


@dataclass(slots=True, eq=False)
class Job:
    """A unit on its way: what to do, who waits, and how it ended."""

    work: Callable[[SqlUnit], Any]
    records: Callable[[Any], Sequence[Record]]
    future: asyncio.Future[Any]
    due: float
    """Loop time at which whoever waits is told that this was not recorded."""
    expired: bool = False
    """True: whoever waited was told that this was not recorded, so it must not be committed any more."""
    unit: SqlUnit | None = None
    value: Any = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How records become a log: canonical bytes, leaf hash, tree. Injected, so that storage knows nothing of hashing."""

    encode: Callable[[Record], bytes]
    leaf: Callable[[bytes], bytes]
    fold: Fold


class Writer:
    """Everything here runs on one thread at a time."""

    def __init__(self, database: Database, organisation: str, shape: Shape) -> None:
        self._database = database
        self._organisation = organisation
        self._shape = shape
        self._statements = Statements(database.engine.dialect)
        self._known: dict[str, int] = {}
        self._connection: Connection | None = None
        self._overtaking: tuple[type[Exception], ...] = (Again, *database.errors)
        self._committing = False
        self._fresh = True
        self._pause = 0.0
        self._not_before = 0.0
        self.lease = workers.Lease()

    def open(self) -> None:
        """Begin the lease of this worker. Raises `EvidenceUnavailable`, also for a second organisation on SQLite."""
        try:
            with self._connected().begin() as transaction:
                for name in organisations(transaction.connection):
                    self._require_served(name)
                workers.register(transaction.connection, self.lease.me)
        except self._database.errors as error:
            self._drop(error)
            raise unavailable(error) from None

    def run(self, jobs: Sequence[Job]) -> None:
        """Take each unit to its end: a value, or an error. Raises nothing."""
        try:
            self._settle(jobs)
        except Exception as error:  # noqa: BLE001  a writer that dies would take the log with it
            log.error("no record can be written", extra={"kind": condition(error)})  # noqa: TRY400  may quote rows
            for job in jobs:
                job.error = job.error or (
                    EvidenceUnavailable(error.reason, remedy=error.remedy)
                    if isinstance(error, EvidenceUnavailable)
                    else unavailable(error)
                )

    def close(self) -> None:
        """End the lease, so that what is left of this worker is found at once."""
        with suppress(EvidenceUnavailable, *self._database.errors), self._connected() as connection:
            with connection.begin():
                workers.leave(connection, [self.lease.me])
            connection.invalidate()
        self._connection = None

    def _settle(self, jobs: Sequence[Job]) -> None:
        overtaken = False
        for _ in range(_ATTEMPTS):
            left = [job for job in jobs if job.error is None and not job.expired]
            if not left:
                return
            try:
                self._attempt(left, by_name=overtaken)
                return
            except Again:
                overtaken = True
                _blame(left)
            except self._database.errors as error:
                if _collides(error) and len(left) > 1:
                    # One of them is at fault, and the others must not suffer for it; or together they hold what another
                    # worker waits for while they wait for what it holds, and one by one each waits for one thing only.
                    for job in left:
                        self.run([job])
                    return
                self._recover(error)
        raise EvidenceUnavailable

    def _recover(self, error: Exception) -> None:
        """Make ready for one more attempt, or raise: when this may have been committed, or a new connection fails as well."""
        if _collides(error):
            return
        self._drop(error)
        if self._committing or self._fresh:
            raise error

    def _attempt(self, jobs: Sequence[Job], *, by_name: bool) -> None:
        self._committing = False
        connection = self._connected()
        with connection.begin():
            cursor: Cursor = connection.connection.cursor()
            transaction = Transaction(connection, cursor, self._statements, self._known, by_name=by_name)
            entries = [entry for job in jobs for entry in self._perform(job, transaction)]
            transaction.flush()
            transaction.append(entries, self._shape.fold)
            if any(job.expired for job in jobs):
                raise Again
            self._committing = True
        self._fresh = False
        self._pause = 0.0
        if any(job.unit is not None and job.unit.erased for job in jobs):
            self._database.settle(connection)

    def _perform(self, job: Job, transaction: Transaction) -> Sequence[Entry]:
        unit = job.unit = SqlUnit(transaction, self.lease, self._organisation)
        try:
            job.value = job.work(unit)
            entries = [self._entry(record) for record in job.records(job.value)]
            for organisation in unit.changed:
                self._require_served(organisation)
        except self._overtaking:
            raise
        except Exception as error:  # noqa: BLE001  whatever the work raises is its caller's
            unit.undo()
            job.error = error
            return ()
        unit.finish()
        return entries

    def _entry(self, record: Record) -> Entry:
        self._require_served(record.organisation)
        data = self._shape.encode(record)
        return Entry(record.organisation, record.id, record.type.value, record.exchange, self._shape.leaf(data), data)

    def _require_served(self, organisation: str) -> None:
        if organisation != self._organisation and self._database.kind is Kind.SQLITE:
            raise EvidenceUnavailable(
                LocalText(
                    nl=f"Deze SQLite-database is van een andere organisatie dan {organisation}.",
                    en=f"This SQLite database belongs to another organisation than {organisation}.",
                ),
                remedy=LocalText(
                    nl="SQLite bedient één organisatie. Gebruik PostgreSQL voor meer.",
                    en="SQLite serves one organisation. Use PostgreSQL for more.",
                ),
            )

    def _connected(self) -> Connection:
        if self._connection is None:
            if time.monotonic() < self._not_before:
                raise EvidenceUnavailable
            self._fresh = True
            self._connection = self._database.writer()
        return self._connection

    def _drop(self, error: Exception) -> None:
        """Throw the connection away; the longer it goes on, the longer until the next is tried."""
        log.warning("the database connection is replaced", extra={"kind": condition(error)})
        if self._connection is not None:
            with suppress(*self._database.errors):
                self._connection.invalidate()
                self._connection.close()
            self._connection = None
        self._not_before = time.monotonic() + self._pause
        self._pause = min(_LONGEST_PAUSE, max(0.05, 2 * self._pause))


def _collides(error: Exception) -> bool:
    """True when a row was there already, or another worker was in the way: the connection is as good as before."""
    origin = getattr(error, "orig", None) or error
    return condition(error) in _OVERTAKEN or any(kind.__name__ == "IntegrityError" for kind in type(origin).__mro__)


def _blame(jobs: Sequence[Job]) -> None:
    """Of an overtaken batch, end the units that close what was closed before; the others run again."""
    for job in jobs:
        if job.unit is not None and job.unit.appends.lost:
            job.error = EvidenceUnavailable(
                LocalText(
                    nl="Deze aanroep was al afgesloten: deze werker werd voor verloren gehouden.",
                    en="This exchange was closed before: this worker was taken for lost.",
                )
            )
