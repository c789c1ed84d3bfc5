# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bringing a database to the form this version knows, and refusing to serve one that has another form."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, String, column, inspect, select, table

from app.domain.errors import EvidenceUnavailable
from app.domain.text import LocalText
from app.storage.database import Database, Kind

_LOCK = 0x77616172
"""Advisory lock of PostgreSQL: two replicas that start together migrate one after the other."""
_FOLDER = Path(__file__).parent / "migrations"
_STEPS = sorted(step.name[:4] for step in (_FOLDER / "versions").glob("[0-9]*_*.py"))
"""Every step, first to last, by the number that its file begins with: alembic is needed only to take one."""


def migrate(url: str) -> Sequence[str]:
    """Take every step that was not taken yet, all or none; return them. Raises `EvidenceUnavailable`."""
    database = Database(url)
    try:
        return upgrade(database)
    finally:
        database.close()


def pending(url: str) -> Sequence[str]:
    """Steps not taken yet, first to last. Raises `EvidenceUnavailable`, also for a database newer than this version."""
    database = Database(url)
    try:
        database.check()
        with database.reading() as connection:
            return _pending(connection)
    finally:
        database.close()


def upgrade(database: Database) -> Sequence[str]:
    """`migrate` on a database that is open already."""
    # A tenth of the memory of a process that serves, which takes no step; and loaded before anybody waits for our lock.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    database.check()
    with database.writing() as connection:
        if database.kind is Kind.POSTGRESQL:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        steps = _pending(connection)
        if steps:
            config = Config()
            config.set_main_option("script_location", str(_FOLDER))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return steps


def require_current(database: Database) -> None:
    """Refuse a database that is damaged, older or newer than this version. Raises `EvidenceUnavailable`. Call before serving."""
    database.check()
    with database.reading() as connection:
        steps = _pending(connection)
    if steps:
        said = ", ".join(steps)
        raise EvidenceUnavailable(
            LocalText(nl=f"De database mist de stappen {said}.", en=f"The database lacks the steps {said}."),
            remedy=LocalText(nl="Voer `waarmerk migrate` uit.", en="Run `waarmerk migrate`."),
        )


def revision(connection: Connection) -> str | None:
    """The last step that was taken."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(column("version_num", String)).select_from(table("alembic_version")))


def _pending(connection: Connection) -> Sequence[str]:
    current = revision(connection)
    if current is not None and current not in _STEPS:
        raise EvidenceUnavailable(
            LocalText(
                nl=f"De database ({current}) is nieuwer dan deze versie van Waarmerk ({_STEPS[-1]}).",
                en=f"The database ({current}) is newer than this version of Waarmerk ({_STEPS[-1]}).",
            ),
            remedy=LocalText(nl="Installeer de nieuwere versie.", en="Install the newer version."),
        )
    return _STEPS[_STEPS.index(current) + 1 :] if current else list(_STEPS)
