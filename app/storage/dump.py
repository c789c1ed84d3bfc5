# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A database as JSON lines, and back: one form for both engines, so that an installation can also move from one to the other.

First a line that says what this is, then per table its columns and its rows (bytes in base64), last the number of rows and the
SHA-256 of every line before: a file that was cut or altered by accident is not restored. Dates and names are in the clear,
kept content is encrypted as it was. `worker` is left out: it is about processes, which a copy does not have. So is `session`: a
copy that is put back must not let in again who has signed out since.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import Column, Connection, LargeBinary, Table, func, insert, select

from app.domain.errors import EvidenceUnavailable
from app.domain.text import LocalText
from app.storage.database import Database
from app.storage.migrate import require_current, revision
from app.storage.schema import metadata, session, worker

_FORMAT = "waarmerk-dump-1"
_AT_ONCE = 500

TABLES: Sequence[Table] = [table for table in metadata.sorted_tables if table not in {worker, session}]


def dump(database: Database, file: BinaryIO) -> Mapping[str, int]:
    """Write every table as of one moment, while others go on writing; return the rows per table. Raises `EvidenceUnavailable`."""
    hashed = sha256()

    def write(value: object) -> None:
        line = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        hashed.update(line)
        file.write(line)

    with database.reading() as connection:
        write({"format": _FORMAT, "revision": revision(connection)})
        rows = {table.name: _dump_table(connection, table, write) for table in TABLES}
        write({"end": rows, "sha256": hashed.hexdigest()})
    return rows


def restore(file: BinaryIO, database: Database) -> Mapping[str, int]:
    """Read a dump into an empty, migrated database, all or nothing; return the rows per table. Raises `EvidenceUnavailable`."""
    require_current(database)
    with database.writing() as connection:
        if any(connection.scalar(select(func.count()).select_from(table)) for table in TABLES):
            raise _refused("de database is niet leeg", "the database is not empty")
        reader = _Reader(file)
        head = reader.next()
        if head.get("format") != _FORMAT or head.get("revision") != revision(connection):
            raise _refused(
                "het is gemaakt door een andere versie van Waarmerk", "it was made by another version of Waarmerk"
            )
        rows = {table.name: _restore_table(connection, table, reader) for table in TABLES}
        sum_before = reader.sum
        if reader.next() != {"end": rows, "sha256": sum_before}:
            raise _damaged()
    return rows


def _dump_table(connection: Connection, table: Table, write: Callable[[object], None]) -> int:
    columns = list(table.columns)
    write({"table": table.name, "columns": [column.name for column in columns]})
    count = 0
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*table.primary_key))
    for row in rows:
        write([_plain(value) for value in row])
        count += 1
    write([])
    return count


def _restore_table(connection: Connection, table: Table, reader: "_Reader") -> int:
    columns = list(table.columns)
    if reader.next() != {"table": table.name, "columns": [column.name for column in columns]}:
        raise _damaged()
    count = 0
    rows = reader.rows(columns)
    while part := list(islice(rows, _AT_ONCE)):
        connection.execute(insert(table), part)
        count += len(part)
    return count


class _Reader:
    """The lines of a dump. Whatever is not one raises `EvidenceUnavailable`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = sha256()

    @property
    def sum(self) -> str:
        """SHA-256 of what was read so far."""
        return self._hash.hexdigest()

    def next(self) -> Mapping[str, Any]:
        """A line that says something about what follows."""
        line = self._line()
        if not isinstance(line, dict):
            raise _damaged()
        return line

    def rows(self, columns: Sequence[Column[Any]]) -> Iterator[dict[str, Any]]:
        """The rows of a table, until the empty one."""
        while row := self._line():
            if not isinstance(row, list) or len(row) != len(columns):
                raise _damaged()
            try:
                yield {column.name: _value(column, value) for column, value in zip(columns, row, strict=True)}
            except (ValueError, TypeError):
                raise _damaged() from None

    def _line(self) -> object:
        line = self._file.readline()
        self._hash.update(line)
        try:
            value: object = json.loads(line)
        except ValueError:
            raise _damaged() from None
        return value


def _plain(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _value(column: Column[Any], value: object) -> object:
    return (
        base64.b64decode(str(value), validate=True)
        if value is not None and isinstance(column.type, LargeBinary)
        else value
    )


def _damaged() -> EvidenceUnavailable:
    return _refused("het bestand is niet heel", "the file is not whole")


def _refused(nl: str, en: str) -> EvidenceUnavailable:
    return EvidenceUnavailable(
        LocalText(nl=f"De back-up wordt niet teruggezet: {nl}.", en=f"The backup is not restored: {en}."),
        remedy=LocalText(
            nl="Neem een hele back-up van deze versie en een lege database.",
            en="Take a whole backup of this version, and an empty database.",
        ),
    )
