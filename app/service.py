# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A house while it is being served: what is looked at before it opens, what runs beside the calls, and how it ends."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from app.domain.call import Call
from app.domain.errors import Busy, EvidenceInconsistent, EvidenceUnavailable, PolicyInvalid
from app.domain.subject import Scope
from app.evidence.retention import erase_due
from app.tasks.periodic import Job, Supervisor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from fastapi import FastAPI

    from app.domain.subject import Subject
    from app.evidence.published import PublishedLog
    from app.main import House
    from app.pipeline import Pipeline
    from app.tasks.outbox import Outbox
    from app.upstream.client import HttpUpstream

log = logging.getLogger("waarmerk")


class Service:
    """A house that is being served: open from the server's start to its end."""

    def __init__(
        self,
        open_house: Callable[[], AbstractAsyncContextManager[House]],
        open_upstream: Callable[[], HttpUpstream],
        open_pipeline: Callable[[House, HttpUpstream], Pipeline],
        open_outbox: Callable[[House], Outbox],
    ) -> None:
        self._open_house = open_house
        self._open_upstream = open_upstream
        self._open_pipeline = open_pipeline
        self._open_outbox = open_outbox
        self._house: House | None = None
        self._pipeline: Pipeline | None = None
        self._upstream: HttpUpstream | None = None
        self._policy = ""
        """SHA-256 of the policy that the log says is in force."""
        self._sound = True
        """False once the log turned out to be another than was signed: then nothing more is served."""
        self._recording = True
        """Whether the last sign of life could be written: reading may go on where writing cannot, as on a full disk."""

    def pipeline(self) -> Pipeline:
        """The one door. Raises `Busy` while the house is closed, `EvidenceUnavailable` when its log is not sound."""
        if self._pipeline is None:
            raise Busy
        if not self._sound:
            raise EvidenceUnavailable
        return self._pipeline

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """Open the house, run its jobs, serve, close it."""
        async with AsyncExitStack() as scope:
            house = await scope.enter_async_context(self._open_house())
            scope.callback(self._close)
            app.state.development = house.keys.development  # every page says so
            await self._begin(house)
            upstream = self._open_upstream()
            scope.push_async_callback(upstream.aclose)
            self._house, self._upstream = house, upstream
            self._pipeline = self._open_pipeline(house, upstream)
            scope.push_async_callback(self._pipeline.end)  # before the way out is closed under what is still collected
            outbox = self._open_outbox(house)
            scope.push_async_callback(outbox.end)
            supervisor = Supervisor(self._jobs(outbox))
            scope.push_async_callback(supervisor.stop)
            supervisor.start()
            scope.callback(self.drain)
            log.info("serving", extra={"organisation": house.organisation, "policy": house.policy.snapshot.sha256})
            yield

    def house(self) -> House:
        """The house that is served. Raises `Busy` while it is closed."""
        return self._opened()[0]

    def log(self) -> PublishedLog:
        """What the outside may have of the log. Raises `Busy` while the house is closed."""
        return self._opened()[0].published

    async def auditor(self, headers: Mapping[str, str]) -> Subject:
        """Who asks for entries. Raises `NotAuthenticated`, `NotPermitted`."""
        house, pipeline = self._opened()

        async def nothing() -> bytes:
            return b""

        call = Call("GET", "", headers, nothing)
        subject = house.identity.authenticate(call)
        async with pipeline.evidence.exchange(subject, "log.entries", call.interruption):  # a refusal is a record
            return house.identity.authorise(subject, call, Scope.READ_EVIDENCE)

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
            "evidence": self._sound and self._recording and house is not None and await _reachable(house),
        }

    async def _begin(self, house: House) -> None:
        """Look at the log before anything is added to it, and say which policy is in force."""
        if house.keys.development:
            log.warning("DEVELOPMENT KEYS: whatever is signed here proves nothing to anybody")
        if house.keys.claim is None:
            log.warning("no certificate to sign with: published texts get no C2PA manifest (docs/c2pa.md)")
        await house.checkpointer.issue(house.organisation)
        await house.identity.refresh()
        self._policy = house.policy.snapshot.sha256
        await house.chronicle.policy_loaded(self._policy, None)

    def _jobs(self, outbox: Outbox) -> list[Job]:
        return [
            Job("access", 0.2, self._enforce),
            Job("lease", 1.0, self._keep_lease),
            Job("checkpoint", 0.5, self._checkpoint),
            Job("policy", 1.0, self._reload),
            Job("holds", 1.0, self._end_stale),
            Job("outbox", 1.0, outbox.deliver),
            Job("sessions", 60.0, self._sweep),
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
        try:
            await house.ledger.beat()
        except EvidenceUnavailable:
            self._recording = False
            raise
        self._recording = True
        await house.chronicle.recover(pipeline.evidence.running)

    async def _checkpoint(self) -> None:
        house, pipeline = self._opened()
        try:
            await house.checkpointer.issue(house.organisation)
        except EvidenceInconsistent:
            self._sound = False
            pipeline.interrupt()
            raise

    async def _reload(self) -> None:
        """Load what changed, and record what is in force: also when the record could not be written at the time."""
        house, _ = self._opened()
        if await asyncio.to_thread(house.policy.changed):
            try:
                await asyncio.to_thread(house.policy.reload)
            except PolicyInvalid as error:
                log.error("policy rejected, the old one stays", extra={"faults": len(error.faults)})  # noqa: TRY400
                await house.chronicle.policy_rejected(house.policy.snapshot.sha256, len(error.faults))
        now = house.policy.snapshot.sha256
        if now == self._policy:
            return
        if self._upstream is not None:
            await self._upstream.reset()
        await house.chronicle.policy_loaded(now, self._policy)
        self._policy = now

    async def _end_stale(self) -> None:
        """Close holds whose term is over, and those whose answer was lost with a worker."""
        _, pipeline = self._opened()
        await pipeline.review.end_stale()

    async def _sweep(self) -> None:
        house, _ = self._opened()
        await house.sessions.sweep()

    async def _erase(self) -> None:
        house, _ = self._opened()
        await erase_due(house.ledger, house.clock, house.clock.now().date())

    def _close(self) -> None:
        self._house = self._pipeline = self._upstream = None

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
