# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one piece of work does in a transaction of the writer."""

from collections.abc import Collection, Container, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, NestedTransaction

from app.domain.access import ApiKey, Stop, StopKind
from app.domain.account import Session, User
from app.domain.decision import Deployment
from app.domain.ledger import OpenExchange, SealedContent
from app.domain.output import Message, Output, Released
from app.domain.review import Hold
from app.domain.subject import Subject
from app.storage import access, accounts, exchanges, holds, outbox, workers
from app.storage import outputs as outputs_
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

    def issue(self, outputs: Sequence[Output]) -> None:
        """Note outputs that leave under their codes."""
        self.appends.issued.extend(outputs_.row_of(output) for output in outputs)
        self._appended()

    def release(self, released: Sequence[Released], outputs: Sequence[Output]) -> None:
        """Note outputs of an approved hold, with what verify needs to find them by text."""
        outputs_.release(self._look(), self._organisation, released)
        self.issue(outputs)

    def withdraw_outputs(self, hold: str) -> None:
        """What verify says of a hold's outputs from now on: withdrawn."""
        outputs_.withdraw(self._look(), self._organisation, hold)

    def add_hold(self, hold: Hold) -> None:
        """A new hold. Raises `ReviewConflict`."""
        holds.add(self._look(), hold)

    def hold(self, hold: str) -> Hold:
        """As it is now, locked. Raises `UnknownName`."""
        return holds.locked(self._look(), self._organisation, hold)

    def put_hold(self, hold: Hold) -> None:
        """In place of the version before it. Raises `ReviewConflict`."""
        holds.put(self._look(), hold)

    def stale_holds(self, moment: datetime) -> Sequence[Hold]:
        """At most 500 holds that nobody will decide about any more, locked."""
        return holds.stale(self._look(), self._organisation, moment)

    def add_user(self, user: User) -> None:
        """A new account. Raises `ReviewConflict`."""
        accounts.add(self._look(), user)

    def user(self, name: str) -> User:
        """By sign-in name or id, as it is now, locked. Raises `UnknownName`."""
        return accounts.locked(self._look(), self._organisation, name)

    def put_user(self, user: User) -> None:
        """In place of the version before it. Raises `ReviewConflict`."""
        accounts.put(self._look(), user)

    def open_session(self, session: Session) -> None:
        """A new sign-in."""
        accounts.open_session(self._look(), session)

    def touch_session(self, digest: str, moment: datetime) -> None:
        """It was used at this moment."""
        accounts.touch_session(self._look(), self._organisation, digest, moment)

    def close_sessions(self, *, digest: str = "", user: str = "", unseen_since: datetime | None = None) -> int:
        """End those that are named in exactly one way; return how many. Raises `ValueError` otherwise."""
        return accounts.close_sessions(
            self._look(), self._organisation, digest=digest, user=user, unseen_since=unseen_since
        )

    def enqueue(self, message: Message) -> None:
        """Something to tell, in the same step as what it tells."""
        outbox.enqueue(self._look(), message)

    def due_messages(self, moment: datetime, passing_over: Collection[str] = ()) -> Sequence[Message]:
        """At most 20 that are due, locked, but for those of these kinds."""
        return outbox.due(self._look(), self._organisation, moment, passing_over)

    def postpone(self, message: str, due: datetime) -> None:
        """Try it again at this moment."""
        outbox.postpone(self._look(), self._organisation, message, due)

    def dismiss(self, message: str) -> None:
        """It was told, or will never be."""
        outbox.dismiss(self._look(), self._organisation, message)

    def beat(self) -> Sight:
        """Give a sign of life of this worker. Not part of the port: `SqlLedger.beat` asks for it."""
        return workers.beat(self._look(), self._lease.me)

    def finish(self) -> None:
        """The work is done and its records are made."""
        if self.changed:
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
