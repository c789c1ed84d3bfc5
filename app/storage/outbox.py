# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must still be told, as rows: written in the transaction of what it tells, gone when it was told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.output import Message
from app.storage.moments import milliseconds, moment
from app.storage.schema import outbox

_AT_ONCE = 20
"""Messages in one unit: whoever takes them postpones them in the same unit, so that no other worker tells them meanwhile."""


def enqueue(connection: Connection, message: Message) -> None:
    """Write a message."""
    row = {
        "id": message.id,
        "org": message.organisation,
        "kind": message.kind,
        "payload": message.payload,
        "due": milliseconds(message.due),
        "attempts": message.attempts,
    }
    connection.execute(insert(outbox).values(row))


def due(
    connection: Connection, organisation: str, now: datetime, passing_over: Collection[str] = ()
) -> Sequence[Message]:
    """At most 20 that are due, the oldest first, but for those of these kinds.

    Those another worker has in hand are passed over as well (`SKIP LOCKED`).
    """
    asked = select(outbox).where(
        outbox.c.org == organisation, outbox.c.due <= milliseconds(now), outbox.c.kind.not_in(passing_over)
    )
    ordered = asked.order_by(outbox.c.due, outbox.c.id).limit(_AT_ONCE)
    rows = connection.execute(ordered.with_for_update(skip_locked=True))
    return [Message(row.id, row.org, row.kind, row.payload, moment(row.due), row.attempts) for row in rows]


def postpone(connection: Connection, organisation: str, name: str, until: datetime) -> None:
    """Make it due at another moment, and count the attempt; nothing when it is gone."""
    this = (outbox.c.org == organisation) & (outbox.c.id == name)
    values = {"due": milliseconds(until), "attempts": outbox.c.attempts + 1}
    connection.execute(update(outbox).where(this).values(values))


def dismiss(connection: Connection, organisation: str, name: str) -> None:
    """Remove it; nothing when it is gone."""
    connection.execute(delete(outbox).where(outbox.c.org == organisation, outbox.c.id == name))
