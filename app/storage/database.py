# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One database, on either engine: how it is opened, and what must hold of a connection before anything is written.

SQLite serves a single machine (WAL, `synchronous=FULL`: an acknowledged record survives loss of power). PostgreSQL serves
several replicas.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from app.domain.errors import EvidenceUnavailable
from app.domain.text import LocalText

_PATIENCE = 1.5
"""Seconds that a statement may wait or run in the writer: shorter than any caller waits for its record."""

_SQLITE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -512",  # KiB, of each connection: the system has the pages too, and a log is written at its end
    "PRAGMA trusted_schema = OFF",
    f"PRAGMA busy_timeout = {int(_PATIENCE * 1000)}",
)
_STATEMENTS = 128
"""Texts that SQLite keeps compiled: each number of rows in one statement is a text of its own."""
_POSTGRES = (
    "SET synchronous_commit = on",
    "SET idle_in_transaction_session_timeout = '5s'",  # a replica that stands still in the lock must not stop the others
    f"SET lock_timeout = '{int(_PATIENCE * 1000)}ms'",
)
_POOL: Mapping[str, Any] = {"pool_size": 5, "max_overflow": 0, "pool_timeout": _PATIENCE}
"""One connection for the writer and four for readers. A database that hangs holds as many threads, and the next is told so."""
_POSTGRES_ARGUMENTS = {"connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 5, "keepalives_interval": 1}


class Kind(StrEnum):
    """The two engines."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


_CHECKS = {Kind.SQLITE: "PRAGMA quick_check(1)", Kind.POSTGRESQL: "SELECT 'ok'"}
_REMEDIES = {
    Kind.SQLITE: LocalText(
        nl="Kijk of WAARMERK_DATABASE het juiste bestand noemt en of Waarmerk daarin mag schrijven. Is het beschadigd: "
        "zet een back-up terug met `waarmerk restore`.",
        en="See that WAARMERK_DATABASE names the right file, and that Waarmerk may write to it. If it is damaged: "
        "restore a backup with `waarmerk restore`.",
    ),
    Kind.POSTGRESQL: LocalText(
        nl="Kijk of de databaseserver draait, en of WAARMERK_DATABASE de juiste server, database, gebruiker en "
        "wachtwoord noemt.",
        en="See that the database server runs, and that WAARMERK_DATABASE names the right server, database, user and "
        "password.",
    ),
}


class Database:
    """Connections to one database. `url` is `sqlite:////file` or `postgresql://user@host/name`.

    Raises `EvidenceUnavailable` for any other address, without repeating it (it may hold a password).
    """

    def __init__(self, url: str) -> None:
        self.kind, self.engine = _engine(url)
        loaded = self.engine.dialect.loaded_dbapi
        self.errors: tuple[type[Exception], ...] = (SQLAlchemyError, loaded.Error)
        """Whatever this engine raises when it cannot do what was asked."""

    @property
    def path(self) -> Path | None:
        """The file, on SQLite."""
        name = self.engine.url.database
        return Path(name) if self.kind is Kind.SQLITE and name else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database. Raises `EvidenceUnavailable`."""
        with self._translated(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ") if self._postgresql else connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, for what the ledger's writer does not do. Raises `EvidenceUnavailable`."""
        with self._translated(), self.engine.connect() as connection:
            connection.execution_options(waarmerk_writes=True)
            with connection.begin():
                yield connection

    def writer(self) -> Connection:
        """A connection for one long-lived writer thread; whoever has it invalidates it when anything went wrong with it."""
        connection = self.engine.connect().execution_options(waarmerk_writes=True)
        if self._postgresql:
            connection.exec_driver_sql(f"SET statement_timeout = '{int(_PATIENCE * 1000)}ms'")
            connection.commit()
        return connection

    def settle(self, connection: Connection) -> None:
        """Empty SQLite's write-ahead log, between transactions: what was erased from the database still lies in there.

        While somebody reads an older moment this waits, and then gives up: it is done again with the next erasure.
        """
        if self.kind is Kind.SQLITE:
            with suppress(*self.errors):
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self) -> None:
        """Refuse a database that is damaged (SQLite `quick_check`) or cannot be reached. Raises `EvidenceUnavailable`.

        For whoever starts Waarmerk, so it tells what to look at; a caller of a running one can only wait.
        """
        try:
            with self.reading() as connection:
                said = connection.exec_driver_sql(_CHECKS[self.kind]).scalar()
        except EvidenceUnavailable as error:
            raise EvidenceUnavailable(error.reason, remedy=_REMEDIES[self.kind]) from None
        if said != "ok":
            raise damaged(str(said))

    def close(self) -> None:
        """Close what is pooled."""
        self.engine.dispose()

    @property
    def _postgresql(self) -> bool:
        return self.kind is Kind.POSTGRESQL

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self.errors as error:
            raise unavailable(error) from None


def storable(name: str) -> bool:
    """Whether both engines can hold this text. What cannot be stored was not: who looks for it finds nothing, and no fault."""
    return not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in name)


def damaged(said: str) -> EvidenceUnavailable:
    """The error for a database that is not what was written; `said` is SQLite's own first finding."""
    return EvidenceUnavailable(
        LocalText(nl=f"De database is beschadigd: {said}", en=f"The database is damaged: {said}"),
        remedy=LocalText(
            nl="Zet een back-up terug met `waarmerk restore`.", en="Restore a backup with `waarmerk restore`."
        ),
    )


def unavailable(error: Exception) -> EvidenceUnavailable:
    """The error for a database that did not do what was asked. Never its own text: that quotes rows and addresses."""
    return EvidenceUnavailable(
        LocalText(
            nl=f"De database is niet bruikbaar ({condition(error)}), dus er wordt niets geleverd.",
            en=f"The database cannot be used ({condition(error)}), so nothing is delivered.",
        )
    )


def condition(error: BaseException) -> str:
    """The name of a database error: SQLSTATE, or SQLite's own name, or the class."""
    origin = getattr(error, "orig", None) or error
    return getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None) or type(origin).__name__


def _engine(address: str) -> tuple[Kind, Engine]:
    try:
        url = make_url(address)
        kind = Kind(url.drivername)
    except (ArgumentError, ValueError):
        raise EvidenceUnavailable(
            LocalText(
                nl="Het adres van de database klopt niet: het is `sqlite:////bestand` of `postgresql://…`.",
                en="The address of the database is not valid: it is `sqlite:////file` or `postgresql://…`.",
            )
        ) from None
    if kind is Kind.SQLITE:
        engine = create_engine(url, connect_args={"cached_statements": _STATEMENTS}, **_POOL)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "do_connect", _private)
    else:
        engine = create_engine(url.set(drivername="postgresql+psycopg"), connect_args=_POSTGRES_ARGUMENTS, **_POOL)
        event.listen(engine, "connect", _open_postgres)
    return kind, engine


def _private(_dialect: Any, _record: Any, arguments: list[Any], _options: dict[str, Any]) -> None:  # noqa: ANN401
    """Make a new file readable for its owner only, before SQLite would make it for everybody.

    A file that exists is never opened: closing it again would drop every lock this process holds on it (POSIX fcntl), and
    another process would then take the write-ahead log for its own to delete (sqlite.org, How To Corrupt, 2.2).
    """
    if arguments and not arguments[0].startswith(":"):
        try:
            Path(arguments[0]).parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            pass  # as it mostly is; where that is no folder, SQLite cannot open the file
        except OSError as error:
            raise unavailable(error) from None


def _open_sqlite(connection: DBAPIConnection, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    _run(connection, _SQLITE)


def _open_postgres(connection: DBAPIConnection, _record: object) -> None:
    _run(connection, _POSTGRES)
    connection.commit()


def _run(connection: DBAPIConnection, statements: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("waarmerk_writes", False)
    # Not `exec_driver_sql`, which takes longer to say this than SQLite to do it; what it raises is in `Database.errors` as well.
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")
