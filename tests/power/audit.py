# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a database as it was found, by SQLite itself and a reckoning that shares no code with the writer."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from app.domain.ledger import TreeHead
from tests.storage_units import ORGANISATION, fold, leaf

_AFTER = {
    "exchange:opened": ("open", 1, 1),
    "exchange:delivered": ("closed", 1, 1),
    "content:erased": ("closed", 0, 0),
}
"""What the tables hold of a call after its last record: state, salts, pieces of content."""


def faults(file: Path, acknowledged: Collection[str]) -> list[str]:
    """Each begins with its kind: damaged, lost, gap, row, head, half. Opening the file recovers it from its write-ahead log."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        try:
            database.execute("PRAGMA synchronous = OFF")  # this power does not fail
            said = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            return [f"damaged: {said}"] if said != "ok" else list(_faults(database, acknowledged))
        except sqlite3.DatabaseError as error:
            return [f"damaged: {error}"]


def _faults(database: sqlite3.Connection, acknowledged: Collection[str]) -> Iterator[str]:
    columns = '"index", record, type, exchange, leaf, bytes'
    rows = database.execute(f'SELECT {columns} FROM log_entry ORDER BY "index"').fetchall()  # noqa: S608  our own names
    if lost := sorted(set(acknowledged) - {row[1] for row in rows}):
        yield f"lost: {lost}"
    if [row[0] for row in rows] != list(range(len(rows))):
        yield f"gap: {[row[0] for row in rows]}"
    for index, record, type_, exchange, noted, data in rows:
        said = json.loads(data)
        if (record, type_, exchange, noted) != (said["id"], said["type"], said["exchange"], leaf(data)):
            yield f"row: {index}"
    head = database.execute("SELECT org, size, nodes FROM log_head").fetchall()
    tree = fold(TreeHead(), [leaf(row[5]) for row in rows])
    if head != [(ORGANISATION, tree.size, b"".join(tree.nodes))] and (head or rows):
        yield f"head: {[size for _, size, _ in head]} over {len(rows)} records"
    if (told := {row[3]: _AFTER[row[2]] for row in rows}) != (found := _found(database)):
        yield f"half: {sorted(set(told.items()) ^ set(found.items()))}"


def _found(database: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    pieces = "(SELECT count(*) FROM content WHERE exchange = exchange.id)"
    rows = database.execute(f"SELECT id, state, salt IS NOT NULL, {pieces} FROM exchange")  # noqa: S608  our own names
    return {exchange: (state, salts, kept) for exchange, state, salts, kept in rows}
