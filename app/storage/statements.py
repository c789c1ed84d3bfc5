# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The few statements of the hot path: compiled once from the tables, then given to the driver for many rows at a time.

Compiling, binding and wrapping per call would cost more than the statements themselves.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Protocol, TypeAlias, cast

from sqlalchemy import ClauseElement, Dialect, Table, bindparam, insert, literal_column, select, update
from sqlalchemy.engine.default import DefaultDialect

from app.storage.schema import RUNNING, content, exchange, log_entry, log_head, output

Row: TypeAlias = tuple[Any, ...]
_MOST_ROWS = 32
"""Rows in one statement. Each number of rows is a text of its own, which the driver keeps compiled: more would cost more memory than
they save. Far below the engines' limits on parameters (SQLite 32,766, PostgreSQL 65,535)."""
_PLACES = "__[POSTCOMPILE_ids]"
"""What the compiler writes where a list will come."""


class Cursor(Protocol):
    """As much of a driver's cursor (PEP 249) as is used."""

    @property
    def rowcount(self) -> int:
        """Rows that the last statement touched."""
        ...

    def execute(self, sql: Any, parameters: Any = ..., /) -> object:  # noqa: ANN401  each driver types its own
        """Run one statement."""
        ...

    def fetchall(self) -> Sequence[Row]:
        """Every row."""
        ...

    def fetchone(self) -> Row | None:
        """The next row."""
        ...


class Repeated:
    """A statement with one group of places per row: one text per number of rows, made when first asked for."""

    def __init__(self, head: str, group: str, tail: str = "") -> None:
        self._head, self._group, self._tail = head, group, tail
        self._texts: dict[int, str] = {}

    def run(self, cursor: Cursor, rows: Sequence[Row]) -> Iterator[Cursor]:
        """Execute for all rows, in few statements; gives the cursor after each."""
        for start in range(0, len(rows), _MOST_ROWS):
            part = rows[start : start + _MOST_ROWS]
            cursor.execute(self._text(len(part)), tuple(chain.from_iterable(part)))
            yield cursor

    def _text(self, count: int) -> str:
        text = self._texts.get(count)
        if text is None:
            text = self._texts[count] = self._head + ", ".join([self._group] * count) + self._tail
        return text


class Statements:
    """The hot path in the words of one engine. The order of the columns is the order of the parameters."""

    def __init__(self, dialect: Dialect) -> None:
        self._place = "?" if dialect.name == "sqlite" else "%s"
        make = cast("type[DefaultDialect]", type(dialect))
        self._dialect: Dialect = make(paramstyle="qmark" if dialect.name == "sqlite" else "format")
        self.open_exchanges = self._insert(
            exchange, "id", "org", "application", "task", "worker", "state", "record", "salt", "erase_after", "version"
        )
        self.keep = self._insert(content, "exchange", "kind", "wrapped_key", "ciphertext")
        self.issue = self._insert(
            output,
            "code",
            "org",
            "exchange",
            "choice",
            "application",
            "profile",
            "day",
            "status",
            "record",
            "hold",
            "edited",
        )
        self.append = self._insert(log_entry, "org", "index", "record", "type", "exchange", "leaf", "bytes")
        closing = (
            update(exchange)
            .values(state=literal_column("'closed'"), version=exchange.c.version + literal_column("1"))
            .where(RUNNING, exchange.c.id.in_(bindparam("ids", expanding=True)))
        )
        self.close = self._for_ids(closing)
        self.close_by_name = self._for_ids(closing.returning(exchange.c.id))
        self.lock_head = self._text(
            select(log_head.c.size, log_head.c.nodes, log_head.c.access)
            .where(log_head.c.org == bindparam("of"))
            .with_for_update()
        )
        self.move_head = self._text(
            update(log_head)
            .values(size=bindparam("to_size"), nodes=bindparam("to_nodes"), access=bindparam("to_access"))
            .where(log_head.c.org == bindparam("of"), log_head.c.size == bindparam("from_size"))
        )

    def _text(self, clause: ClauseElement) -> str:
        return str(clause.compile(dialect=self._dialect))

    def _insert(self, table: Table, *columns: str) -> Repeated:
        text = self._text(insert(table).values({name: bindparam(name) for name in columns}))
        head, values, group = text.partition(" VALUES ")
        return Repeated(head + values, group)

    def _for_ids(self, clause: ClauseElement) -> Repeated:
        head, _, tail = self._text(clause).partition(_PLACES)
        return Repeated(head, self._place, tail)
