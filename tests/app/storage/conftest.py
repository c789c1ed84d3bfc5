# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Both engines for every test: a fresh, migrated database each time. A server that does not start fails the test."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from uuid import uuid4

import pytest

from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.migrate import upgrade
from tests.postgres import new_database
from tests.storage_units import ORGANISATION, encode, fold, leaf

NewUrl: TypeAlias = Callable[[str], str]


class OpenLedger(Protocol):
    """Starts a worker: a ledger with a thread, a connection and a lease of its own."""

    async def __call__(self, database: Database, organisation: str = ..., **options: Any) -> SqlLedger:  # noqa: ANN401
        """Enter a ledger; it is closed at the end of the test."""
        ...


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which engine this run of the test is on."""
    return str(request.param)


@pytest.fixture
def new_url(tmp_path: Path) -> Iterator[NewUrl]:
    """Makes the address of an empty database on the engine that is named."""
    with ExitStack() as stack:

        def make(engine: str) -> str:
            if engine == "sqlite":
                return f"sqlite:///{tmp_path}/t{uuid4().hex}.db"
            return stack.enter_context(new_database())

        yield make


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
            options = {"timeout": 60.0, **options}
            ledger = SqlLedger(database, organisation, encode=encode, leaf=leaf, fold=fold, **options)
            return await stack.enter_async_context(ledger)

        yield enter


@pytest.fixture
async def ledger(database: Database, open_ledger: OpenLedger) -> SqlLedger:
    """One worker."""
    return await open_ledger(database)
