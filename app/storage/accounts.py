# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Accounts and sessions as rows. An account is changed by compare-and-set on its version; a session is there or is not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select, update

from app.domain.account import Session, User
from app.domain.errors import ReviewConflict, UnknownName
from app.domain.review import Role
from app.domain.text import LocalText
from app.storage.database import Database, storable
from app.storage.moments import milliseconds, milliseconds_or_none, moment, moment_or_none
from app.storage.schema import session, user_account


class SqlAccountReader:
    """The people of one organisation. Port: `AccountReader`. Each method raises `EvidenceUnavailable`."""

    def __init__(self, database: Database, organisation: str) -> None:
        self._database = database
        self._organisation = organisation

    def user(self, name: str) -> User | None:
        """By sign-in name or id."""
        if not storable(name):
            return None
        with self._database.reading() as connection:
            row = connection.execute(_named(self._organisation, name)).one_or_none()
        return None if row is None else _user(row)

    def users(self) -> Sequence[User]:
        """All of this organisation, by name."""
        asked = select(user_account).where(user_account.c.org == self._organisation).order_by(user_account.c.name)
        with self._database.reading() as connection:
            return [_user(row) for row in connection.execute(asked)]

    def session(self, digest: str) -> tuple[Session, User] | None:
        """A session and whose it is."""
        asked = (
            select(user_account, session.c.created_at.label("since"), session.c.seen_at)
            .join(session, (session.c.user == user_account.c.id) & (session.c.org == user_account.c.org))
            .where(session.c.org == self._organisation, session.c.digest == digest)
        )
        with self._database.reading() as connection:
            row = connection.execute(asked).one_or_none()
        if row is None:
            return None
        return Session(digest, row.id, row.org, moment(row.since), moment(row.seen_at)), _user(row)


def add(connection: Connection, fresh: User) -> None:
    """Write a new account. Raises `ReviewConflict` when its name is taken."""
    known = select(user_account.c.id).where(user_account.c.org == fresh.organisation, user_account.c.name == fresh.name)
    if connection.scalar(known) is not None:
        raise ReviewConflict(LocalText(nl="Deze naam is al in gebruik.", en="This name is taken."))
    connection.execute(insert(user_account).values(_columns(fresh)))


def locked(connection: Connection, organisation: str, name: str) -> User:
    """As it is now, and nobody else changes it until the commit. Raises `UnknownName`."""
    row = connection.execute(_named(organisation, name).with_for_update()).one_or_none() if storable(name) else None
    if row is None:
        raise UnknownName
    return _user(row)


def put(connection: Connection, changed: User) -> None:
    """In place of the version before it. Raises `ReviewConflict` when that is not what is stored."""
    before = (
        user_account.c.org == changed.organisation,
        user_account.c.id == changed.id,
        user_account.c.version == changed.version - 1,
    )
    if connection.execute(update(user_account).where(*before).values(_columns(changed))).rowcount != 1:
        raise ReviewConflict


def open_session(connection: Connection, fresh: Session) -> None:
    """Write a new sign-in."""
    row = {
        "digest": fresh.digest,
        "org": fresh.organisation,
        "user": fresh.user,
        "created_at": milliseconds(fresh.created_at),
        "seen_at": milliseconds(fresh.seen_at),
    }
    connection.execute(insert(session).values(row))


def touch_session(connection: Connection, organisation: str, digest: str, now: datetime) -> None:
    """It was used now; nothing when it is gone."""
    this = (session.c.org == organisation) & (session.c.digest == digest)
    connection.execute(update(session).where(this).values(seen_at=milliseconds(now)))


def close_sessions(
    connection: Connection, organisation: str, *, digest: str, user: str, unseen_since: datetime | None
) -> int:
    """End those that are named in one way; return how many. Raises `ValueError` unless exactly one way is given."""
    named: list[ColumnElement[bool]] = []
    if digest:
        named.append(session.c.digest == digest)
    if user:
        named.append(session.c.user == user)
    if unseen_since is not None:
        named.append(session.c.seen_at < milliseconds(unseen_since))
    if len(named) != 1:
        raise ValueError("sessions are closed by digest, by user or by when they were last seen")
    return connection.execute(delete(session).where(session.c.org == organisation, *named)).rowcount


def _named(organisation: str, name: str) -> Select[*tuple[Any, ...]]:
    """By id or by name, never by both: nobody takes another's place by signing in under an id."""
    column = user_account.c.id if name.startswith("usr_") else user_account.c.name
    return select(user_account).where(user_account.c.org == organisation, column == name)


def _columns(item: User) -> dict[str, object]:
    return {
        "id": item.id,
        "org": item.organisation,
        "name": item.name,
        "roles": " ".join(sorted(item.roles)),
        "created_at": milliseconds(item.created_at),
        "actor": item.actor,
        "uses": " ".join(sorted(item.uses)),
        "password": item.password,
        "setup": item.setup,
        "setup_until": milliseconds_or_none(item.setup_until),
        "failures": item.failures,
        "locked_until": milliseconds_or_none(item.locked_until),
        "disabled_at": milliseconds_or_none(item.disabled_at),
        "version": item.version,
    }


def _user(row: Row[*tuple[Any, ...]]) -> User:
    return User(
        id=row.id,
        organisation=row.org,
        name=row.name,
        roles=frozenset(Role(name) for name in row.roles.split()),
        created_at=moment(row.created_at),
        actor=row.actor,
        uses=frozenset(row.uses.split()),
        password=row.password,
        setup=row.setup,
        setup_until=moment_or_none(row.setup_until),
        failures=row.failures,
        locked_until=moment_or_none(row.locked_until),
        disabled_at=moment_or_none(row.disabled_at),
        version=row.version,
    )
