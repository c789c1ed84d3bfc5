# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Exchanges as rows: those that nobody will end any more, and those whose term has passed."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from app.domain.ledger import OpenExchange
from app.storage.schema import RUNNING, UNDECIDED, content, exchange, hold, worker

_AT_ONCE = 500
"""Exchanges in one unit, so that its records fit in one batch; the next unit takes the next."""


def row_of(opened: OpenExchange, runs_on: str) -> tuple[object, ...]:
    """The columns of `Statements.open_exchanges`."""
    return (
        opened.id,
        opened.organisation,
        opened.application,
        opened.task,
        runs_on,
        "open",
        opened.record,
        opened.salt,
        opened.erase_after.isoformat(),
        1,
    )


def close_orphans(connection: Connection, me: str, running: Container[str] | None) -> Sequence[OpenExchange]:
    """Close what runs on no living worker, and what is said to run on this one but is not in `running`.

    Another reaper's rows are passed over (`SKIP LOCKED`), so that two never close one exchange and never wait for each other.
    """
    lost = exchange.c.worker.not_in(select(worker.c.id)) & (exchange.c.worker != me)
    mine = exchange.c.worker == me
    # In order of the index of what is open: in that of the primary key, SQLite would read every exchange that ever was.
    candidates = select(exchange.c.id, exchange.c.worker).where(RUNNING, or_(lost, mine)).order_by(exchange.c.worker)
    ids = [
        row.id
        for row in connection.execute(candidates)
        if row.worker != me or (running is not None and row.id not in running)
    ][:_AT_ONCE]
    if not ids:
        return ()
    claimed = select(exchange).where(exchange.c.id.in_(ids), RUNNING)
    rows = connection.execute(claimed.order_by(exchange.c.id).with_for_update(skip_locked=True)).all()
    connection.execute(
        update(exchange)
        .where(exchange.c.id.in_([row.id for row in rows]))
        .values(state="closed", version=exchange.c.version + 1)
    )
    return [_exchange(row) for row in rows]


def erase(connection: Connection, before: date) -> Sequence[OpenExchange]:
    """Destroy content, item keys and salts of closed exchanges whose term ended; at most 500 per unit, oldest first.

    What still waits for a human is kept until it was decided: nobody can decide about a text that is gone.
    """
    waits = select(hold.c.id).where(hold.c.exchange == exchange.c.id, UNDECIDED).exists()
    ended = select(exchange).where(
        exchange.c.state == "closed", exchange.c.salt.is_not(None), exchange.c.erase_after < before.isoformat(), ~waits
    )
    ordered = ended.order_by(exchange.c.erase_after, exchange.c.id).limit(_AT_ONCE)
    rows = connection.execute(ordered.with_for_update(skip_locked=True)).all()
    ids = [row.id for row in rows]
    connection.execute(delete(content).where(content.c.exchange.in_(ids)))
    connection.execute(update(exchange).where(exchange.c.id.in_(ids)).values(salt=None, version=exchange.c.version + 1))
    return [replace(_exchange(row), salt=b"") for row in rows]


def _exchange(row: Row[*tuple[Any, ...]]) -> OpenExchange:
    return OpenExchange(
        id=row.id,
        organisation=row.org,
        application=row.application,
        task=row.task,
        record=row.record,
        salt=row.salt or b"",
        erase_after=date.fromisoformat(row.erase_after),
    )
