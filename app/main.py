# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The composition root: the only file that names concrete classes. It furnishes the house, opens it and closes it."""

import asyncio
import importlib.metadata
import logging
import os
import pwd
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from app import settings as configuration
from app.dialects.openai import OpenAIChat
from app.dialects.registry import Dialects
from app.domain.clock import Clock, SystemClock
from app.domain.errors import Busy, EvidenceInconsistent, EvidenceUnavailable, Fault, KeyUnusable, PolicyInvalid
from app.domain.text import LocalText
from app.evidence.checkpointer import Checkpointer
from app.evidence.chronicle import Chronicle
from app.evidence.commitments import keyed
from app.evidence.exchange import Evidence
from app.evidence.record import encode
from app.evidence.retention import erase_due
from app.evidence.tree import fold, leaf
from app.identity.authentication import Identity
from app.identity.registrar import Registrar
from app.keys.anchor import FileAnchor
from app.keys.folder import Keys, create_keys, open_keys
from app.keys.signer import check_signature
from app.marking.envelope import Marking
from app.pipeline import Pipeline
from app.policy.room import PolicyRoom
from app.review.submit import Review
from app.settings import Environment, Settings
from app.storage.access import SqlAccessStore
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.log import SqlCheckpoints, SqlContentReader, SqlLogReader
from app.storage.migrate import migrate, require_current
from app.tasks.periodic import Job, Supervisor
from app.upstream.client import AiohttpUpstream
from app.upstream.credentials import Credentials
from app.upstream.destination import check_deployment
from app.web import health, problem_pages
from app.web.edge import SecurityLog
from app.web.guard import Guard
from app.web.logs import write_json_logs
from app.web.protocol import EdgeLimits
from app.web.proxy import ModelRoutes
from app.web.server import Application, Listener, Tls
from app.web.site import Site, pages

VERSION = importlib.metadata.version("waarmerk")
ABLE = Marking.fulfils | Review.fulfils | Evidence.fulfils
log = logging.getLogger("waarmerk")


@dataclass(frozen=True, slots=True)
class House:
    """What every command and every page works with: storage is open, policy is loaded, nothing is served yet."""

    settings: Settings
    clock: Clock
    keys: Keys
    organisation: str
    database: Database
    ledger: SqlLedger
    access: SqlAccessStore
    reader: SqlLogReader
    checkpoints: SqlCheckpoints
    contents: SqlContentReader
    checkpointer: Checkpointer
    chronicle: Chronicle
    policy: PolicyRoom
    identity: Identity

    def registrar(self) -> Registrar:
        """Acts in the name of whoever runs this process; the log holds a keyed commitment to that name."""
        who = pwd.getpwuid(os.getuid()).pw_name
        by = keyed(self.keys.commitment.of(self.organisation), "operator", who)
        return Registrar(self.ledger, self.clock, self.organisation, by)


def load_policy(settings: Settings, clock: Clock) -> PolicyRoom:
    """The policy room, with every deployment's address judged by the rules of the way out. Raises `PolicyInvalid`."""
    return PolicyRoom(clock, settings.baseline, settings.policies, settings.policy_variables, check_deployment, ABLE)


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Open keys, policy and storage, in that order. Raises the error that says which of them cannot be opened, and why."""
    clock = SystemClock()
    keys = _open_keys(settings)
    policy = load_policy(settings, clock)
    organisation = _organisation(policy)
    database = Database(settings.database_url)
    try:
        require_current(database)
        reader, checkpoints = SqlLogReader(database), SqlCheckpoints(database)
        access = SqlAccessStore(database, organisation)
        async with SqlLedger(
            database,
            organisation,
            encode=encode,
            leaf=leaf,
            fold=fold,
            queue=settings.ledger_queue,
            timeout=settings.ledger_timeout,
        ) as ledger:
            yield House(
                settings=settings,
                clock=clock,
                keys=keys,
                organisation=organisation,
                database=database,
                ledger=ledger,
                access=access,
                reader=reader,
                checkpoints=checkpoints,
                contents=SqlContentReader(database),
                checkpointer=Checkpointer(
                    reader,
                    checkpoints,
                    FileAnchor(settings.home / "anchor"),
                    signer=keys.signer,
                    check=check_signature,
                    host=settings.log_host,
                ),
                chronicle=Chronicle(ledger, clock, organisation),
                policy=policy,
                identity=Identity(access),
            )
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `prepare` made: whether there are new keys, and the migrations that were run."""

    keys: bool
    migrations: Sequence[str]


def prepare(settings: Settings, *, production: bool = False) -> Prepared:
    """Make the home folder, keys where there are none, and the database's current schema. Raises `KeyUnusable`, `EvidenceUnavailable`."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = settings.home / "keys"
    fresh = not folder.exists()
    if fresh:
        create_keys(folder, production=production)
    return Prepared(fresh, migrate(settings.database_url))


def application() -> Application:
    """What a serving process serves, by the settings in force; workers import it by this name."""
    settings = configuration.load()
    write_json_logs(settings.log_level)
    return serving(settings)


def listener(settings: Settings) -> Listener:
    """Where and within which bounds to listen."""
    tls = None
    if settings.tls_certificate is not None and settings.tls_key is not None:
        tls = Tls(settings.tls_certificate, settings.tls_key)
    limits = EdgeLimits(
        header_bytes=settings.max_headers,
        header_seconds=settings.header_timeout,
        idle_seconds=settings.idle_timeout,
        body_idle_seconds=settings.body_timeout,
    )
    return Listener(
        host=settings.host,
        port=settings.port,
        tls=tls,
        workers=settings.workers,
        limits=limits,
        grace_seconds=settings.drain,
    )


def serving(settings: Settings) -> Application:
    """The whole of it: guard, model routes, pages, and a house that opens when the server starts."""
    security = SecurityLog(time.monotonic)
    service = Service(settings)
    models = ModelRoutes(
        service.pipeline,
        service.dialects,
        public_address=settings.public_address,
        most_body=settings.max_body,
        keepalive=settings.keepalive,
        turned_away=security,
    )
    rest = pages(
        [health.router(service.checks), problem_pages.router()],
        service.lifespan,
        version=VERSION,
        public_address=settings.public_address,
        turned_away=security,
    )
    site = Site(models, service.dialects.prefixes, rest)
    guard = Guard(
        site, allowed_hosts=settings.answered_hosts, trusted_proxies=settings.trusted_proxies, refused=security
    )
    return Application(guard, drain=service.drain, interrupt=service.interrupt, refused=security)


class Service:
    """A house that is being served: open from the server's start to its end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.dialects = Dialects(OpenAIChat())
        self._house: House | None = None
        self._pipeline: Pipeline | None = None
        self._upstream: AiohttpUpstream | None = None
        self._sound = True
        """False once the log turned out to be another than was signed: then nothing more is served."""

    def pipeline(self) -> Pipeline:
        """The one door. Raises `Busy` while the house is closed, `EvidenceUnavailable` when its log is not sound."""
        if self._pipeline is None:
            raise Busy
        if not self._sound:
            raise EvidenceUnavailable
        return self._pipeline

    @asynccontextmanager
    async def lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        """Open the house, run its jobs, serve, close it."""
        async with AsyncExitStack() as scope:
            house = await scope.enter_async_context(open_house(self.settings))
            await self._begin(house)
            upstream = AiohttpUpstream(
                Credentials(configuration.environment()), version=VERSION, max_answer=self.settings.max_answer
            )
            scope.push_async_callback(upstream.aclose)
            self._house, self._upstream = house, upstream
            self._pipeline = Pipeline(
                dialects=self.dialects,
                identity=house.identity,
                policy=house.policy,
                upstream=upstream,
                marking=Marking(),
                review=Review(),
                evidence=Evidence(house.ledger, house.clock, house.keys.cipher, house.keys.commitment),
            )
            supervisor = Supervisor(self._jobs())
            scope.push_async_callback(supervisor.stop)
            supervisor.start()
            log.info("serving", extra={"organisation": house.organisation, "policy": house.policy.snapshot.sha256})
            yield
            self._pipeline = None

    def drain(self) -> None:
        """Take no more calls; what runs may finish."""
        if self._pipeline is not None:
            self._pipeline.drain()

    def interrupt(self) -> None:
        """End what still runs."""
        if self._pipeline is not None:
            self._pipeline.interrupt()

    async def checks(self) -> Mapping[str, bool]:
        """What must be true before work is sent here."""
        pipeline, house = self._pipeline, self._house
        return {
            "open": pipeline is not None and not pipeline.draining,
            "evidence": self._sound and house is not None and await _reachable(house),
        }

    async def _begin(self, house: House) -> None:
        """Look at the log before anything is added to it, and say which policy is in force."""
        if house.keys.development:
            log.warning("DEVELOPMENT KEYS: whatever is signed here proves nothing to anybody")
        await house.checkpointer.run_once()
        await house.identity.refresh()
        await house.chronicle.policy_loaded(house.policy.snapshot.sha256, None)

    def _jobs(self) -> list[Job]:
        return [
            Job("access", 0.2, self._enforce),
            Job("lease", 1.0, self._keep_lease),
            Job("checkpoint", 0.5, self._checkpoint),
            Job("policy", 1.0, self._reload),
            Job("retention", 3600.0, self._erase),
        ]

    async def _enforce(self) -> None:
        house, pipeline = self._opened()
        before = house.identity.access
        access = await house.identity.refresh()
        if access is not before:
            pipeline.enforce(access)

    async def _keep_lease(self) -> None:
        house, pipeline = self._opened()
        await house.ledger.beat()
        await house.chronicle.recover(pipeline.evidence.running)

    async def _checkpoint(self) -> None:
        house, pipeline = self._opened()
        try:
            await house.checkpointer.run_once()
        except EvidenceInconsistent:
            self._sound = False
            pipeline.interrupt()
            raise

    async def _reload(self) -> None:
        house, _ = self._opened()
        if not await asyncio.to_thread(house.policy.changed):
            return
        before = house.policy.snapshot.sha256
        try:
            now = (await asyncio.to_thread(house.policy.reload)).sha256
        except PolicyInvalid as error:
            log.error("policy rejected, the old one stays", extra={"faults": len(error.faults)})  # noqa: TRY400
            await house.chronicle.policy_rejected(before, len(error.faults))
            return
        if now != before:
            await house.chronicle.policy_loaded(now, before)
            if self._upstream is not None:
                await self._upstream.reset()

    async def _erase(self) -> None:
        house, _ = self._opened()
        await erase_due(house.ledger, house.clock, house.clock.now().date())

    def _opened(self) -> tuple[House, Pipeline]:
        if self._house is None or self._pipeline is None:
            raise Busy
        return self._house, self._pipeline


async def _reachable(house: House) -> bool:
    try:
        await house.access.version()
    except EvidenceUnavailable:
        return False
    return True


def _open_keys(settings: Settings) -> Keys:
    keys = open_keys(settings.home / "keys")
    if keys.development and settings.environment is Environment.PRODUCTION:
        raise KeyUnusable(
            LocalText(
                nl="Dit zijn ontwikkelsleutels; productie weigert ze.",
                en="These are development keys; production refuses them.",
            )
        )
    return keys


def _organisation(policy: PolicyRoom) -> str:
    """The organisation this installation serves. Raises `PolicyInvalid` unless the folder names exactly one."""
    names = sorted(policy.snapshot.organisations)
    if len(names) != 1:
        raise PolicyInvalid(
            Fault(
                "organisations/",
                f"must hold exactly one organisation; this installation serves one, found {len(names)}",
            )
        )
    return names[0]
