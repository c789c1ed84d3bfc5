# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Outputs that left, as rows for verify. Codes, digests and manifests only, never content: they outlive its term."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.output import Output, OutputStatus, Released
from app.storage.database import Database, storable
from app.storage.schema import digest, manifest, output
from app.storage.schema import exchange as exchange_
from app.storage.statements import Row as Values

_PUBLISHED = (OutputStatus.APPROVED, OutputStatus.WITHDRAWN)


class SqlOutputReader:
    """The outputs of one organisation. Port: `OutputReader`. Each method raises `EvidenceUnavailable`."""

    def __init__(self, database: Database, organisation: str) -> None:
        self._database = database
        self._organisation = organisation

    def output(self, code: str) -> Output | None:
        """By code, in its canonical form."""
        asked = select(output).where(output.c.org == self._organisation, output.c.code == code)
        with self._database.reading() as connection:
            row = connection.execute(asked).one_or_none() if storable(code) else None
        return None if row is None else _output(row)

    def published(self, digests: Sequence[str]) -> Sequence[Output]:
        """Approved and withdrawn outputs under any of these keyed digests, each once, the newest first."""
        found = select(digest.c.code).where(digest.c.org == self._organisation, digest.c.digest.in_(digests))
        asked = select(output).where(
            output.c.org == self._organisation, output.c.code.in_(found), output.c.status.in_(_PUBLISHED)
        )
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(output.c.day.desc(), output.c.code))
            return [_output(row) for row in rows]

    def manifest(self, code: str) -> bytes | None:
        """The C2PA manifest store of an approved output; None where none was made."""
        asked = select(manifest.c.store).where(manifest.c.org == self._organisation, manifest.c.code == code)
        with self._database.reading() as connection:
            return connection.scalar(asked) if storable(code) else None

    def salt(self, exchange: str) -> bytes | None:
        """Of the commitments of an exchange; None once it was erased."""
        asked = select(exchange_.c.salt).where(exchange_.c.org == self._organisation, exchange_.c.id == exchange)
        with self._database.reading() as connection:
            return connection.scalar(asked) if storable(exchange) else None


def row_of(item: Output) -> Values:
    """The columns of `Statements.issue`."""
    return (
        item.code,
        item.organisation,
        item.exchange,
        item.choice,
        item.application,
        item.profile,
        item.day.isoformat(),
        item.status.value,
        item.record,
        item.hold,
        item.edited,
    )


def release(connection: Connection, organisation: str, released: Sequence[Released]) -> None:
    """Write the digests and manifests of what was approved; two digests of one choice may be the same."""
    digests = [
        {"org": organisation, "digest": value, "code": item.code} for item in released for value in {*item.digests}
    ]
    manifests = [{"code": item.code, "org": organisation, "store": item.manifest} for item in released if item.manifest]
    for table, rows in ((digest, digests), (manifest, manifests)):
        if rows:
            connection.execute(insert(table), rows)


def withdraw(connection: Connection, organisation: str, hold: str) -> None:
    """Say from now on that the outputs of this hold were withdrawn."""
    theirs = update(output).where(output.c.org == organisation, output.c.hold == hold)
    connection.execute(theirs.values(status=OutputStatus.WITHDRAWN.value))


def _output(row: Row[*tuple[Any, ...]]) -> Output:
    return Output(
        code=row.code,
        exchange=row.exchange,
        choice=row.choice,
        organisation=row.org,
        application=row.application,
        profile=row.profile,
        day=date.fromisoformat(row.day),
        status=OutputStatus(row.status),
        record=row.record,
        hold=row.hold,
        edited=row.edited,
    )
