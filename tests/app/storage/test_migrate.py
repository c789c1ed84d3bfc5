# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from app.domain.errors import EvidenceUnavailable
from app.storage.database import Database
from app.storage.migrate import migrate, pending, require_current
from app.storage.migrations import versions
from app.storage.schema import metadata

_VALUES: Mapping[type, object] = {str: "é", int: 7, bool: True, bytes: b"\0\xff"}


def test_every_step_is_taken_once(url: str) -> None:
    steps = pending(url)
    assert steps[0] == "0001"
    assert migrate(url) == steps
    assert pending(url) == []
    assert migrate(url) == []


@pytest.mark.parametrize("ask", [migrate, pending])
def test_a_database_that_cannot_be_used_is_told_of_with_what_to_look_at(
    ask: Callable[[str], Sequence[str]], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_bytes(b"geheim " * 1000)
    for url in (f"sqlite:///{tmp_path / 'notes.txt'}", "postgresql://wie:geheim@127.0.0.1:1/niets"):
        with pytest.raises(EvidenceUnavailable) as told:
            ask(url)
        assert "See that" in told.value.remedy.en


def test_the_steps_lead_to_the_tables_as_they_are_declared(url: str) -> None:
    migrate(url)
    database = Database(url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_what_was_there_before_a_step_is_there_after_it(url: str) -> None:
    """From the first form of the database, with a row in every table it has."""
    database = Database(url)
    upgrade_to(database, "0001")
    with database.writing() as connection:
        tables = sorted(set(database.engine.dialect.get_table_names(connection)) - {"alembic_version"})
        for name in tables:
            table = metadata.tables[name]
            row = {column.name: _VALUES[column.type.python_type] for column in table.columns}
            connection.execute(table.insert().values(row))
        before = {name: connection.execute(metadata.tables[name].select()).all() for name in tables}
    assert len(tables) == 9
    with pytest.raises(EvidenceUnavailable, match="lacks the steps 0002"):
        require_current(database)
    assert migrate(url) == ["0002"]
    with database.reading() as connection:
        assert {name: connection.execute(metadata.tables[name].select()).all() for name in tables} == before
        added = set(database.engine.dialect.get_table_names(connection)) - {*tables, "alembic_version"}
        assert added == {"hold", "output", "digest", "manifest", "user_account", "session"}
    require_current(database)
    database.close()


def test_the_steps_are_one_line(url: str) -> None:
    assert pending(url) == [f"{number:04}" for number in range(1, len(pending(url)) + 1)]


def test_two_that_start_together_migrate_one_after_the_other(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(migrate, [url] * 4))
    assert sorted(map(len, taken))[:3] == [0, 0, 0]
    assert pending(url) == []


def test_what_lacks_a_step_is_not_served(url: str) -> None:
    database = Database(url)
    with pytest.raises(EvidenceUnavailable, match="lacks the steps 0001") as told:
        require_current(database)
    assert "waarmerk migrate" in told.value.remedy.en
    migrate(url)
    require_current(database)
    database.close()


def test_what_is_newer_is_neither_served_nor_changed(url: str) -> None:
    migrate(url)
    database = Database(url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for refused in (lambda: require_current(database), lambda: pending(url), lambda: migrate(url)):
        with pytest.raises(EvidenceUnavailable, match="newer than this version"):
            refused()
    database.close()


def test_a_step_that_fails_leaves_nothing_behind(url: str) -> None:
    """The last table is there already: the tables before it must not stay."""
    database = Database(url)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE stop (org TEXT)")
    with pytest.raises(EvidenceUnavailable):
        migrate(url)
    with database.reading() as connection:
        assert database.engine.dialect.get_table_names(connection) == ["stop"]
    database.close()


def upgrade_to(database: Database, step: str) -> None:
    """As an older version left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(versions.__file__).parents[1]))
    config.set_main_option("path_separator", "os")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
