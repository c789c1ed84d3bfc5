# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.domain.errors import EvidenceUnavailable
from app.storage.database import Database
from app.storage.migrate import migrate, pending, require_current
from app.storage.schema import metadata


def test_every_step_is_taken_once(url: str) -> None:
    steps = pending(url)
    assert steps[0] == "0001"
    assert migrate(url) == steps
    assert pending(url) == []
    assert migrate(url) == []


def test_the_steps_lead_to_the_tables_as_they_are_declared(url: str) -> None:
    migrate(url)
    database = Database(url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    database.close()


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
