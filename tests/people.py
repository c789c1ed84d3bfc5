# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Accounts and sessions on a real ledger on SQLite, at a chosen time, with a hash that is cheap enough for many attempts."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from argon2 import PasswordHasher

from app.domain.review import Role
from app.evidence.commitments import keyed
from app.evidence.record import encode
from app.evidence.tree import fold, leaf
from app.identity.accounts import Accounts
from app.identity.passwords import Passwords
from app.identity.sessions import Sessions
from app.storage.accounts import SqlAccountReader
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.log import SqlLogReader
from app.storage.migrate import upgrade

ORGANISATION = "gemeente-voorbeeld"
PASSWORD = "paard batterij nietje juist"
OPERATOR = "o" * 64
PEER = "192.0.2.7"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
commit = partial(keyed, b"k" * 32)


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Where it was put."""
        return self.moment

    def forward(self, **time: float) -> None:
        """By so many minutes, hours or whatever a `timedelta` takes."""
        self.moment += timedelta(**time)


@dataclass
class People:
    """The rooms under test, and what they wrote."""

    accounts: Accounts
    sessions: Sessions
    clock: HandClock
    database: Database
    ledger: SqlLedger
    reader: SqlAccountReader
    log: SqlLogReader

    async def reviewer(self, name: str = "anna", *roles: Role) -> str:
        """An account with a password; its id."""
        user, secret = await self.accounts.create(name, roles or (Role.REVIEWER,), by=OPERATOR, uses=["balie"])
        await self.accounts.set_password(secret, PASSWORD)
        return user.id

    async def cookie(self, name: str = "anna", password: str = PASSWORD, peer: str = PEER) -> str:
        """Of a fresh sign-in."""
        cookie, _ = await self.sessions.sign_in(name, password, peer)
        return cookie

    def records(self, *kinds: str) -> list[dict[str, object]]:
        """Every record of these types in order, as written."""
        found = [json.loads(data) for _, _, data in self.log.entries(ORGANISATION)]
        return [record for record in found if not kinds or record["type"] in kinds]


@asynccontextmanager
async def people(folder: Path) -> AsyncIterator[People]:
    """A migrated database in this folder, and one worker on it."""
    database = Database(f"sqlite:///{folder / 'people.db'}")
    upgrade(database)
    try:
        async with SqlLedger(database, ORGANISATION, encode=encode, leaf=leaf, fold=fold, timeout=60) as ledger:
            clock, reader, passwords = HandClock(), SqlAccountReader(database, ORGANISATION), Passwords(CHEAP)
            yield People(
                Accounts(ledger, reader, clock, ORGANISATION, commit=commit, passwords=passwords),
                Sessions(ledger, reader, clock, ORGANISATION, commit=commit, passwords=passwords, slowest=0),
                clock,
                database,
                ledger,
                reader,
                SqlLogReader(database),
            )
    finally:
        database.close()
