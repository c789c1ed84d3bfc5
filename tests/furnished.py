# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A furnished house in this process: the example organisation, SQLite, and a scripted model as its only upstream."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.dialects.openai import OpenAIChat
from app.dialects.registry import Dialects
from app.domain.call import Call, Delivery
from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import Ledger, Unit
from app.domain.record import Record
from app.domain.subject import Scope
from app.main import House, furnish, open_house, prepare
from app.pipeline import Pipeline
from app.settings import Settings
from app.upstream.client import HttpUpstream
from app.upstream.credentials import Credentials
from tests.example import example_of_today

T = TypeVar("T")
ALL_SCOPES = frozenset(Scope)


class FailingLedger:
    """A ledger whose disk is full after `good` units."""

    def __init__(self, ledger: Ledger, good: int) -> None:
        self._ledger = ledger
        self._good = good

    async def commit(self, work: Callable[[Unit], T], records: Callable[[T], Sequence[Record]]) -> T:
        if self._good <= 0:
            raise EvidenceUnavailable
        self._good -= 1
        return await self._ledger.commit(work, records)


@dataclass(frozen=True)
class Furnished:
    """The open house and its one door."""

    house: House
    pipeline: Pipeline

    def call(self, key: str, body: bytes, path: str = "/v1/chat/completions", method: str = "POST") -> Call:
        """A call as the door sees it."""

        async def read() -> bytes:
            return body

        return Call(method, path, {"authorization": f"Bearer {key}"}, read)

    async def key(self, application: str = "balie") -> str:
        """A key in force."""
        access = self.house.registrar()
        _, secret = await access.create_key(application, ALL_SCOPES)
        await self.house.identity.refresh()
        return secret

    def records(self) -> list[dict[str, object]]:
        """Every record in order, as written."""
        found = self.house.reader.entries(self.house.organisation)
        return [json.loads(data) for _, _, data in found]


def settings(home: Path, port: int, **changes: object) -> Settings:
    """Settings of a house under `home`, whose demo deployment listens on `port`."""
    # A disk that is busy with other tests is no fault.
    usual = {"ledger_timeout": 60.0, "policies": example_of_today()}
    return Settings(home=home, policy_variables={"DEMO_PORT": str(port)}, **(usual | changes))  # type: ignore[arg-type]


@asynccontextmanager
async def furnished(
    home: Path, port: int, *, good_units: int | None = None, **changes: object
) -> AsyncIterator[Furnished]:
    """Open everything; with `good_units` the disk is full after so many exchanges' units. `changes` are of the settings."""
    wanted = settings(home, port, **changes)
    prepare(wanted)
    async with open_house(wanted) as house:
        upstream = HttpUpstream(Credentials({}), version="0")
        ledger = None if good_units is None else FailingLedger(house.ledger, good_units)
        pipeline = furnish(Dialects(OpenAIChat()), house, upstream, ledger)
        try:
            yield Furnished(house, pipeline)
        finally:
            await pipeline.end()
            await upstream.aclose()


async def read(delivery: Delivery) -> bytes:
    """All of it."""
    async with delivery:
        return b"".join([chunk async for chunk in delivery.chunks])
