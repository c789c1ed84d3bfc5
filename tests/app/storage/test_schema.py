# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from sqlalchemy import LargeBinary, select, text

from app.domain.review import OPEN
from app.storage.database import Database, Kind
from app.storage.schema import UNDECIDED, hold, metadata


def test_every_table_of_an_organisation_names_it() -> None:
    without = {name for name, table in metadata.tables.items() if "org" not in table.columns}
    assert without == {"content", "worker"}, "content belongs to an exchange, a worker to nobody"


def test_moments_are_integers_and_no_column_counts_by_itself() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            assert column.identity is None
            assert column.autoincrement != True  # noqa: E712  "auto" is the default and means nothing on text keys
            assert column.type.python_type in {str, int, bool, bytes}
            assert column.type.python_type is not bytes or isinstance(column.type, LargeBinary)


def test_undecided_is_what_the_domain_calls_open() -> None:
    found = str(select(hold.c.id).where(UNDECIDED))
    assert all(f"'{state}'" in found for state in OPEN)
    assert found.count("'") == 2 * len(OPEN)


def test_the_queue_is_read_from_its_index(database: Database) -> None:
    """The words of the question are those of the index, else SQLite reads every hold there ever was."""
    asked = select(hold.c.id).where(hold.c.org == "o", UNDECIDED).order_by(hold.c.expires_at)
    words = str(asked.compile(database.engine, compile_kwargs={"literal_binds": True}))
    with database.reading() as connection:
        if database.kind is Kind.POSTGRESQL:
            connection.execute(text("SET enable_seqscan = off"))
            connection.execute(text("SET enable_sort = off"))
        how = connection.execute(
            text(("EXPLAIN " if database.kind is Kind.POSTGRESQL else "EXPLAIN QUERY PLAN ") + words)
        )
        assert "ix_hold_open" in str(how.all())
