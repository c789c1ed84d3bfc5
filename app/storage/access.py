# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys and stops as rows. Their version stands in `log_head` and rises with every change, inside the unit that records it."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from app.domain.access import AccessSnapshot, ApiKey, Stop, StopKind
from app.domain.decision import Deployment
from app.domain.errors import NotAuthenticated, Stopped, UnknownName
from app.domain.subject import Scope, Subject
from app.domain.text import LocalText
from app.domain.threads import look
from app.storage.database import Database
from app.storage.moments import milliseconds, milliseconds_or_none, moment, moment_or_none
from app.storage.schema import api_key, log_head, stop


class SqlAccessStore:
    """The keys and stops in force of one organisation. Port: `AccessStore`."""

    def __init__(self, database: Database, organisation: str) -> None:
        self._database = database
        self._organisation = organisation

    async def version(self) -> int:
        """Rises with every change; 0 before the first. Raises `EvidenceUnavailable`."""
        return await look(self._version)

    async def load(self) -> AccessSnapshot:
        """Keys and stops in force, as of one moment. Raises `EvidenceUnavailable`."""
        return await look(self._load)

    def _version(self) -> int:
        with self._database.reading() as connection:
            return version(connection, self._organisation)

    def _load(self) -> AccessSnapshot:
        keys = select(api_key).where(api_key.c.org == self._organisation, api_key.c.revoked_at.is_(None))
        stops = select(stop).where(stop.c.org == self._organisation).order_by(stop.c.kind, stop.c.name)
        with self._database.reading() as connection:
            # The version first: a snapshot may be newer than it says, never older.
            current = version(connection, self._organisation)
            found = [_key(row) for row in connection.execute(keys)]
            return AccessSnapshot(
                current,
                MappingProxyType({key.digest: key for key in found}),
                tuple(_stop(row) for row in connection.execute(stops)),
            )


def version(connection: Connection, organisation: str) -> int:
    """Version of the access of this organisation; 0 before its first change."""
    found = connection.scalar(select(log_head.c.access).where(log_head.c.org == organisation))
    return found or 0


def require(connection: Connection, subject: Subject, deployment: Deployment) -> None:
    """Raise `NotAuthenticated` when the key is not in force, `Stopped` when a stop covers this use."""
    key = connection.scalar(
        select(api_key.c.id).where(
            api_key.c.id == subject.key,
            api_key.c.org == subject.organisation,
            api_key.c.application == subject.application,
            api_key.c.revoked_at.is_(None),
        )
    )
    if key is None:
        raise NotAuthenticated
    named = (
        (StopKind.APPLICATION, subject.application),
        (StopKind.DEPLOYMENT, deployment.id),
        (StopKind.PROVIDER, deployment.provider),
    )
    reason = connection.scalar(
        select(stop.c.reason)
        .where(stop.c.org == subject.organisation)
        .where(or_(*((stop.c.kind == kind) & (stop.c.name == name) for kind, name in named)))
        .limit(1)
    )
    if reason is not None:
        raise Stopped(LocalText(nl=f"Het gebruik is stopgezet: {reason}", en=f"Use has been stopped: {reason}"))


def add_key(connection: Connection, key: ApiKey) -> None:
    """Write a new key."""
    connection.execute(
        insert(api_key).values(
            id=key.id,
            org=key.organisation,
            application=key.application,
            digest=key.digest,
            scopes=" ".join(sorted(key.scopes)),
            label=key.label,
            created_at=milliseconds(key.created_at),
            revoked_at=milliseconds_or_none(key.revoked_at),
        )
    )


def revoke_key(connection: Connection, name: str, moment: datetime) -> ApiKey:
    """Withdraw a key in force and return it as it is now. Raises `UnknownName`."""
    row = connection.execute(
        update(api_key)
        .where(api_key.c.id == name, api_key.c.revoked_at.is_(None))
        .values(revoked_at=milliseconds(moment))
        .returning(api_key)
    ).one_or_none()
    if row is None:
        raise UnknownName
    return _key(row)


def order_stop(connection: Connection, organisation: str, order: Stop) -> bool:
    """Write a stop; False when the same thing was stopped already."""
    known = select(stop.c.kind).where(stop.c.org == organisation, stop.c.kind == order.kind, stop.c.name == order.name)
    if connection.scalar(known) is not None:
        return False
    since = milliseconds(order.since)
    row = {"org": organisation, "kind": order.kind, "name": order.name, "reason": order.reason, "since": since}
    connection.execute(insert(stop).values(row))
    return True


def lift_stop(connection: Connection, organisation: str, kind: StopKind, name: str) -> Stop:
    """Remove a stop and return it. Raises `UnknownName`."""
    row = connection.execute(
        delete(stop).where(stop.c.org == organisation, stop.c.kind == kind, stop.c.name == name).returning(stop)
    ).one_or_none()
    if row is None:
        raise UnknownName
    return _stop(row)


def _key(row: Row[*tuple[Any, ...]]) -> ApiKey:
    return ApiKey(
        id=row.id,
        organisation=row.org,
        application=row.application,
        digest=row.digest,
        scopes=frozenset(Scope(name) for name in row.scopes.split()),
        created_at=moment(row.created_at),
        label=row.label,
        revoked_at=moment_or_none(row.revoked_at),
    )


def _stop(row: Row[*tuple[Any, ...]]) -> Stop:
    return Stop(StopKind(row.kind), row.name, row.reason, moment(row.since))
