# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import threading

import pytest

from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import TreeHead
from app.storage.database import Database
from app.storage.log import SqlLogReader
from app.storage.schema import log_head
from app.storage.statements import Statements
from app.storage.transaction import Again, Appends, Entry, Transaction, split
from tests.storage_units import DEPLOYMENT, ORGANISATION, a_key, fold, holder, leaf


def entry(name: str, organisation: str = ORGANISATION) -> Entry:
    return Entry(organisation, name, "exchange:opened", None, leaf(name.encode()), name.encode())


@pytest.fixture
def statements(database: Database) -> Statements:
    return Statements(database.engine.dialect)


def test_a_log_begins_by_itself(database: Database, statements: Statements) -> None:
    with database.writing() as connection:
        transaction = Transaction(connection, connection.connection.cursor(), statements, {})
        transaction.append([entry("a"), entry("b", "ministerie-voorbeeld"), entry("c")], fold)
    reader = SqlLogReader(database)
    assert reader.head(ORGANISATION) == fold(TreeHead(), [leaf(b"a"), leaf(b"c")])
    assert reader.head("ministerie-voorbeeld") == fold(TreeHead(), [leaf(b"b")])


def test_nobody_else_appends_between_the_lock_and_the_commit(database: Database, statements: Statements) -> None:
    """The second waits for the first, and goes on from its head."""
    waits = threading.Event()

    def second() -> None:
        waits.set()
        with database.writing() as connection:
            transaction = Transaction(connection, connection.connection.cursor(), statements, {})
            transaction.append([entry("second")], fold)

    with database.writing() as connection:
        connection.execute(log_head.insert().values(org=ORGANISATION, size=0, nodes=b"", access=0))
    thread = threading.Thread(target=second)
    with database.writing() as connection:
        transaction = Transaction(connection, connection.connection.cursor(), statements, {})
        transaction.append([entry("first")], fold)
        thread.start()
        assert waits.wait(5)
        thread.join(0.2)
        assert thread.is_alive()
    thread.join(5)
    assert [name for _, name, _ in SqlLogReader(database).entries(ORGANISATION)] == ["first", "second"]


def test_access_that_changed_after_it_was_believed_is_seen_under_the_lock(
    database: Database, statements: Statements
) -> None:
    subject = holder(a_key(), 3)
    with database.writing() as connection:
        connection.execute(log_head.insert().values(org=ORGANISATION, size=0, nodes=b"", access=4))
    known = {ORGANISATION: 3}
    with database.writing() as connection:
        transaction = Transaction(connection, connection.connection.cursor(), statements, known)
        transaction.admit(subject, DEPLOYMENT)
        with pytest.raises(Again):
            transaction.append([entry("a")], fold)
    assert known == {ORGANISATION: 4}
    assert list(SqlLogReader(database).entries(ORGANISATION)) == []


def test_the_unit_that_closes_what_is_closed_is_named(database: Database, statements: Statements) -> None:
    opened = [(name, "o", "a", "t", "w", "open", "r", b"s", "2026-11-23", 1) for name in ("x", "y")]
    appends = [Appends(opened=list(opened)), Appends(closed=["x"]), Appends(closed=["y", "z"])]
    for by_name in (False, True):
        with database.writing() as connection:
            transaction = Transaction(connection, connection.connection.cursor(), statements, {}, by_name=by_name)
            with pytest.raises(Again):
                transaction.write(appends)
            connection.rollback()
        assert [each.lost for each in appends] == [False, False, by_name]


def test_a_tree_that_does_not_grow_by_its_records_is_not_written(database: Database, statements: Statements) -> None:
    with database.writing() as connection:
        transaction = Transaction(connection, connection.connection.cursor(), statements, {})
        with pytest.raises(EvidenceUnavailable, match="moved under us"):
            transaction.append([entry("a")], lambda head, _: head)
        connection.rollback()
    assert SqlLogReader(database).head(ORGANISATION) == TreeHead()


def test_a_frontier_is_split_in_its_hashes() -> None:
    assert split(b"") == ()
    assert split(b"a" * 32 + b"b" * 32) == (b"a" * 32, b"b" * 32)
