# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A house while it is served: what opens it, what runs beside the calls, and what closes it for good."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.domain.access import StopKind
from app.domain.call import Interruption
from app.domain.errors import Busy, EvidenceUnavailable, NotAuthenticated, NotPermitted
from app.domain.output import Message
from app.domain.subject import Scope, Subject
from app.domain.webhook import Reply, Webhook
from app.main import House, open_house, prepare
from app.pipeline import Pipeline
from app.service import Service
from app.settings import Settings
from app.tasks.outbox import Outbox
from app.upstream.client import HttpUpstream
from app.upstream.credentials import Credentials
from tests.app.evidence.test_exchange import DECISION, DEPLOYMENT, GENERATION
from tests.furnished import furnished, settings


class Deaf:
    """Nobody is told anything here."""

    async def send(self, webhook: Webhook, message: Message, moment: datetime) -> Reply:
        raise AssertionError("the example policies name no webhook")


class Held:
    """A service over a house that the test can look into."""

    def __init__(self, wanted: Settings, pipeline: Callable[[House], Pipeline]) -> None:
        self.house: House | None = None
        self._wanted = wanted

        @asynccontextmanager
        async def opened() -> AsyncIterator[House]:
            async with open_house(self._wanted) as house:
                self.house = house
                yield house

        self.service = Service(
            opened,
            lambda: HttpUpstream(Credentials({}), version="0"),
            lambda house, _upstream: pipeline(house),
            lambda house: Outbox(house.ledger, house.clock, house.policy.webhook, Deaf()),
        )


@asynccontextmanager
async def serving(home: Path, **changes: object) -> AsyncIterator[tuple[Service, House]]:
    wanted = settings(home, 1, **changes)
    prepare(wanted)
    async with furnished(home, 1) as inner:
        held = Held(wanted, lambda house: _pipeline(inner.pipeline, house))
        async with held.service.lifespan(FastAPI()):
            assert held.house is not None
            yield held.service, held.house


def _pipeline(like: Pipeline, house: House) -> Pipeline:
    like.identity, like.policy, like.evidence.ledger = house.identity, house.policy, house.ledger
    return like


async def eventually(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 what is waited for happens in another task or thread
            await asyncio.sleep(0.02)


def kinds(house: House) -> list[str]:
    with closing(sqlite3.connect(house.settings.home / "waarmerk.db")) as database:
        return [row[0] for row in database.execute('SELECT type FROM log_entry ORDER BY "index"')]


async def test_it_is_closed_before_and_after_and_open_in_between(tmp_path: Path) -> None:
    async with serving(tmp_path / "home") as (service, house):
        assert isinstance(service.pipeline(), Pipeline)
        assert await service.checks() == {"open": True, "evidence": True}
        assert kinds(house) == ["policy:loaded"]
        service.drain()
        assert (await service.checks())["open"] is False
    with pytest.raises(Busy):
        service.pipeline()
    assert await service.checks() == {"open": False, "evidence": False}


async def test_where_nothing_can_be_written_no_work_is_wanted(tmp_path: Path) -> None:
    """Reading goes on under a lock, as it does on a full disk."""
    async with serving(tmp_path / "home") as (service, house):
        with closing(sqlite3.connect(house.settings.home / "waarmerk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await eventually_checked(service, {"open": True, "evidence": False})
        await eventually_checked(service, {"open": True, "evidence": True})


async def eventually_checked(service: Service, expected: dict[str, bool]) -> None:
    async with asyncio.timeout(60):
        while await service.checks() != expected:  # noqa: ASYNC110 it is a job of the service that finds out
            await asyncio.sleep(0.05)


async def test_a_stop_reaches_what_runs(tmp_path: Path) -> None:
    async with serving(tmp_path / "home") as (service, house):
        key, _ = await house.registrar().create_key("balie", [])
        access = await house.identity.refresh()
        interruption = Interruption()
        subject = Subject(key.id, house.organisation, "balie", frozenset(), access=access.version)
        exchange = service.pipeline().evidence.exchange(subject, "openai.chat.completions", interruption)
        exchange.judged(GENERATION, DECISION)
        await exchange.open(DEPLOYMENT)
        await house.registrar().stop(StopKind.APPLICATION, "oude-tool", "een ander")
        await house.registrar().stop(StopKind.APPLICATION, "balie", "incident")
        await eventually(lambda: interruption.cause is not None)
        assert interruption.cause is not None
        assert interruption.cause.name == "stopped"


async def test_a_changed_policy_is_loaded_and_a_broken_one_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(Settings().policies, folder)
    async with serving(tmp_path / "home", policies=folder) as (_, house):
        before = house.policy.snapshot.sha256
        cases = folder / "cases.yaml"
        cases.write_text(cases.read_text() + "# another version\n")
        await eventually(lambda: kinds(house)[-1] == "policy:loaded" and house.policy.snapshot.sha256 != before)
        now = house.policy.snapshot.sha256
        (folder / "deployments.yaml").write_text("deployments: {")
        await eventually(lambda: kinds(house)[-1] == "policy:rejected")
        assert house.policy.snapshot.sha256 == now


async def test_a_policy_that_came_while_nothing_could_be_written_is_recorded_afterwards(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(Settings().policies, folder)
    async with serving(tmp_path / "home", policies=folder) as (_, house):
        with closing(sqlite3.connect(house.settings.home / "waarmerk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            cases = folder / "cases.yaml"
            cases.write_text(cases.read_text() + "# another version\n")
            await eventually(lambda: any(record.__dict__.get("job") == "policy" for record in caplog.records))
        await eventually(lambda: kinds(house)[-1] == "policy:loaded" and kinds(house).count("policy:loaded") == 2)


async def test_a_log_that_was_changed_closes_the_door_for_good(tmp_path: Path) -> None:
    async with serving(tmp_path / "home") as (service, house):
        await house.registrar().create_key("balie", [])
        await eventually(lambda: len(list(house.checkpoints.published(house.organisation))) > 0)
        with closing(sqlite3.connect(house.settings.home / "waarmerk.db")) as database, database:
            database.execute("DELETE FROM log_entry")
            database.execute("UPDATE log_head SET size = 0, nodes = x''")
        await eventually(lambda: not _opens(service))
        with pytest.raises(EvidenceUnavailable):
            service.pipeline()
        assert (await service.checks())["evidence"] is False


def _opens(service: Service) -> bool:
    try:
        service.pipeline()
    except EvidenceUnavailable:
        return False
    return True


async def test_entries_of_the_log_are_for_keys_of_auditors(tmp_path: Path) -> None:
    async with serving(tmp_path / "home") as (service, house):
        _, reads = await house.registrar().create_key("balie", [Scope.READ_EVIDENCE])
        _, asks = await house.registrar().create_key("balie", [Scope.CREATE_GENERATION])
        await house.identity.refresh()
        assert (await service.auditor({"authorization": f"Bearer {reads}"})).application == "balie"
        with pytest.raises(NotPermitted):
            await service.auditor({"authorization": f"Bearer {asks}"})
        with pytest.raises(NotAuthenticated):
            await service.auditor({})
