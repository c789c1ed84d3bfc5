# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from sqlalchemy import Connection, insert, select

from app.storage.database import Database
from app.storage.schema import content, exchange, log_entry, log_head, output
from app.storage.statements import Repeated, Row, Statements


def test_each_parameter_lands_in_its_column(database: Database) -> None:
    """The order in which rows are given is the order of the columns in the statement."""
    statements = Statements(database.engine.dialect)
    rows: list[tuple[Repeated, str, list[Row]]] = [
        (
            statements.open_exchanges,
            "id org application task worker state record salt erase_after version",
            [(f"exc_{n}", "o", "a", "t", "w", "open", "r", b"s", "2026-11-23", n) for n in range(1201)],
        ),
        (statements.keep, "exchange kind wrapped_key ciphertext", [("exc_1", "prompt", b"k", b"c")]),
        (
            statements.issue,
            "code org exchange choice application profile day status record hold edited",
            [
                ("c1", "o", "x", 1, "a", "p", "d", "s", "r", "h", False),
                ("c2", "o", "x", 2, "a", "p", "d", "s", "r", None, True),
            ],
        ),
        (statements.append, "org index record type exchange leaf bytes", [("o", 5, "rec", "type", None, b"l", b"b")]),
    ]
    with database.writing() as connection:
        for statement, columns, given in rows:
            run(statement, connection, given)
            table = {"id": exchange, "exchange": content, "org": log_entry, "code": output}[columns.split()[0]]
            asked = select(*(table.c[name] for name in columns.split())).order_by(table.c[columns.split()[-1]])
            assert [tuple(row) for row in connection.execute(asked)] == given


def test_closing_gives_what_was_open(database: Database) -> None:
    statements = Statements(database.engine.dialect)
    with database.writing() as connection:
        given: list[Row] = [(f"exc_{n}", "o", "a", "t", "w", "open", "r", b"s", "d", 1) for n in range(600)]
        run(statements.open_exchanges, connection, given)
        wanted: list[Row] = [(f"exc_{n}",) for n in range(0, 1200, 2)]
        assert sorted(run(statements.close_by_name, connection, wanted)) == sorted(wanted[:300])
        assert run(statements.close_by_name, connection, wanted) == []


def test_the_head_moves_from_where_it_was_only(database: Database) -> None:
    statements = Statements(database.engine.dialect)
    with database.writing() as connection:
        connection.execute(insert(log_head).values(org="o", size=4, nodes=b"four", access=1))
        cursor = connection.connection.cursor()
        for of_size, moved in ((3, 0), (4, 1), (4, 0)):
            cursor.execute(statements.move_head, (5, b"five", 2, "o", of_size))
            assert cursor.rowcount == moved
        cursor.execute(statements.lock_head, ("o",))
        assert cursor.fetchone() == (5, b"five", 2)


def test_nothing_to_do_is_no_statement(database: Database) -> None:
    with database.writing() as connection:
        assert run(Statements(database.engine.dialect).close_by_name, connection, []) == []


def run(statement: Repeated, connection: Connection, rows: list[Row]) -> list[Row]:
    """What the statement returns, over all its parts."""
    cursor = connection.connection.cursor()
    return [row for each in statement.run(cursor, rows) if cursor.description for row in each.fetchall()]
