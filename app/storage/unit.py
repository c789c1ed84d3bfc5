# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one piece of work does in a transaction of the writer."""

from collections.abc import Container, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, NestedTransaction

from app.domain.access import ApiKey, Stop, StopKind
from app.domain.decision import Deployment
from app.domain.ledger import OpenExchange, SealedContent
from app.domain.subject import Subject
from app.storage import access, exchanges, workers
from app.storage.transaction import Appends, Transaction
from app.storage.workers import Lease, Sight


class SqlUnit:
    """Appends in memory while it only appends; from its first look at the database on it has a savepoint. Port: `Unit`."""

    def __init__(self, transaction: Transaction, lease: Lease, organisation: str) -> None:
        self._transaction = transaction
        self._lease = lease
        self._organisation = organisation
        self._savepoint: NestedTransaction | None = None
        self.appends = Appends()
        self.changed: list[str] = []
        """Organisations whose keys or stops it changed, once per change."""
        self.erased = False
        """Whether it was asked to destroy what is kept."""

    def admit(self, subject: Subject, deployment: Deployment) -> None:
        """Raises `NotAuthenticated` or `Stopped`."""
        self._transaction.admit(subject, deployment)

    def open_exchange(self, exchange: OpenExchange) -> None:
        """Note that it runs on this worker."""
        self.appends.opened.append(exchanges.row_of(exchange, self._lease.me))
        self._appended()

    def close_exchange(self, exchange: str) -> None:
        """Note that it has ended. When it was closed before, the unit ends with `EvidenceUnavailable`."""
        self.appends.closed.append(exchange)
        self._appended()

    def keep(self, content: SealedContent) -> None:
        """Store encrypted content beside the log."""
        self.appends.kept.append((content.exchange, content.kind, content.wrapped_key, content.ciphertext))
        self._appended()

    def orphans(self, running: Container[str] | None = None) -> Sequence[OpenExchange]:
        """Close, and return, at most 500 exchanges that nobody will end any more."""
        connection = self._look()
        workers.bury(connection, self._lease.silent())
        return exchanges.close_orphans(connection, self._lease.me, running)

    def erase(self, before: date) -> Sequence[OpenExchange]:
        """Destroy what is kept of at most 500 exchanges; the salt of what is returned is empty."""
        self.erased = True
        return exchanges.erase(self._look(), before)

    def add_key(self, key: ApiKey) -> None:
        """Let a key in."""
        access.add_key(self._look(), key)
        self.changed.append(key.organisation)

    def revoke_key(self, key: str, moment: datetime) -> ApiKey:
        """Withdraw a key. Raises `UnknownName`."""
        revoked = access.revoke_key(self._look(), key, moment)
        self.changed.append(revoked.organisation)
        return revoked

    def stop(self, stop: Stop) -> None:
        """Order that something is used no longer; the same order twice is one order."""
        if access.order_stop(self._look(), self._organisation, stop):
            self.changed.append(self._organisation)

    def start(self, kind: StopKind, name: str) -> Stop:
        """Lift a stop. Raises `UnknownName`."""
        lifted = access.lift_stop(self._look(), self._organisation, kind, name)
        self.changed.append(self._organisation)
        return lifted

    def beat(self) -> Sight:
        """Give a sign of life of this worker. Not part of the port: `SqlLedger.beat` asks for it."""
        return workers.beat(self._look(), self._lease.me)

    def finish(self) -> None:
        """The work is done and its records are made."""
        self._transaction.access_changed(self.changed)
        if self._savepoint is not None:
            self._savepoint.commit()
        else:
            self._transaction.later(self.appends)

    def undo(self) -> None:
        """The work failed: as if it never was."""
        if self._savepoint is not None:
            self._savepoint.rollback()

    def _appended(self) -> None:
        if self._savepoint is not None:
            self._transaction.write([self.appends])
            self.appends = Appends()

    def _look(self) -> Connection:
        """The connection, with everything before this moment written and this unit able to fail alone."""
        if self._savepoint is None:
            self._transaction.flush()
            self._savepoint = self._transaction.connection.begin_nested()
            self._appended()
        return self._transaction.connection
