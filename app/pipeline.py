# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""READ THIS FIRST: what happens to a prompt.

`Pipeline.handle` walks one call through the house; nothing else leads to a model. Rooms do not know each other: what one room
makes, this file hands to the next. Docs: docs/architecture.md.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, ExitStack
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.asking import events_of, passed_on, reader_of
from app.domain.call import Delivery
from app.domain.control import EARLIER, NO_MODEL, Control, Controls, Declared
from app.domain.decision import HoldForReview
from app.domain.errors import (
    Busy,
    NotAuthenticated,
    ObligationUnsupported,
    Stopped,
    UnknownName,
    UnknownRoute,
    UpstreamInvalid,
)
from app.domain.subject import Scope
from app.domain.text import LocalText
from app.held import HeldCalls, Walk
from app.publication import PUBLICATION, read_document, require_publication

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from app.admission import Admission
    from app.dialects.registry import Dialects
    from app.domain.access import AccessSnapshot
    from app.domain.answer import Reader, Upstream
    from app.domain.call import Call
    from app.domain.decision import Decision, Deployment, Obligation
    from app.domain.errors import ReviewNotice
    from app.domain.generation import Generation
    from app.domain.json import Json
    from app.domain.review import Hold, Item, Reviewer, Verdict
    from app.domain.subject import Subject
    from app.evidence.exchange import Evidence, Exchange
    from app.identity.authentication import Identity
    from app.marking.room import Marking
    from app.policy.room import PolicyRoom
    from app.publication import Publications
    from app.review.release import Release
    from app.review.submit import Review

_MOST_HELD_BACK = 1 << 20
_MUCH = 1 << 16
"""Letters of a prompt."""


class Pipeline:
    """The one door."""

    controls: Controls = MappingProxyType(
        {Control.OBLIGATIONS: Declared(absent=EARLIER), Control.STOP: Declared(absent=NO_MODEL)}
    )

    def __init__(  # noqa: PLR0913  the rooms of the house, and the places in it
        self,
        *,
        dialects: Dialects,
        identity: Identity,
        policy: PolicyRoom,
        upstream: Upstream,
        marking: Marking,
        review: Review,
        publications: Publications,
        evidence: Evidence,
        admission: Admission,
        reception: Admission,
    ) -> None:
        """`admission` has the places of calls to models, `reception` those of texts that are handed in."""
        self.dialects = dialects
        self.identity = identity
        self.policy = policy
        self.upstream = upstream
        self.marking = marking
        self.review = review
        self.publications = publications
        self.evidence = evidence
        self.admission = admission
        self.reception = reception
        self.draining = False
        self.held = HeldCalls(upstream, marking, review)

    async def handle(self, call: Call) -> Delivery:
        """Walk one call through the house. Every early return is an error with a name."""
        route = self.dialects.recognise(call)  # UnknownRoute, before any parsing
        dialect = route.dialect
        subject = self.identity.authenticate(call)  # NotAuthenticated, before the body is read
        async with AsyncExitStack() as scope:  # place and exchange outlive this function: they close with the answer
            place = scope.enter_context(ExitStack())
            place.callback(await self.admission.enter(subject.application))  # Busy, before anything is read or recorded
            exchange = await scope.enter_async_context(
                self.evidence.exchange(subject, route.operation, call.interruption)
            )
            self._require_open()  # Busy
            exchange.subject = subject = self.identity.authorise(subject, call, Scope.CREATE_GENERATION)  # NotPermitted
            generation = self.marking.clean(dialect, await dialect.describe(call))  # InvalidRequest, TooLarge
            exchange.judged(generation)
            decision = await self._decide(subject, generation)  # pure, no I/O
            exchange.judged(generation, decision)
            deployment = decision.require_permit()  # Denied
            self._require_fulfilled(decision.obligations)  # ObligationUnsupported
            self._require_running(self.identity.access, subject, deployment)  # Stopped
            if (terms := _held(decision)) is not None:
                walk = Walk(call, dialect, subject, generation, decision, deployment, exchange, terms)
                return await self.held.walk(walk, scope, place)  # a human sees the answer first
            await exchange.open(deployment)  # durable before a byte leaves; EvidenceUnavailable
            answer = await self.upstream.forward(dialect.prepare(generation, deployment))  # UpstreamFailed
            scope.push_async_callback(answer.aclose)
            reader = await reader_of(dialect, generation, answer)  # UpstreamRejected, UpstreamInvalid
            output = self.marking.mark(
                dialect,
                events_of(reader, answer),
                generation,
                decision.obligations,
                exchange=exchange.id,
                organisation=subject.organisation,
                codes=exchange.codes,
            )
            release = self.review.submit(output, decision.obligations)
            return Delivery(
                {**passed_on(answer), **release.output.headers},
                self._deliver(release, exchange, reader),
                scope.pop_all(),
                stream=generation.stream,
            )

    async def models(self, call: Call) -> Json:
        """The models of the vendor's list: the tasks this caller may use now, and no others."""
        route = self.dialects.recognise(call)
        subject = self.identity.authenticate(call)
        async with self.evidence.exchange(subject, route.operation, call.interruption):  # a refusal is a record
            subject = self.identity.authorise(subject, call, Scope.LIST_MODELS)
            names = self.policy.models(subject)
            if not route.name:
                return route.dialect.models(names, subject.organisation)
            if route.name not in names:
                raise UnknownRoute
            return route.dialect.model(route.name, subject.organisation)

    async def retrieve(self, call: Call) -> Delivery:
        """An answer that was held, by the id its client was given: `GET /v1/chat/completions/{id}`.

        Raises `UnknownName` for another application's, `NotReleased` for what was not approved.
        """
        route = self.dialects.recognise(call)
        subject, hold = await self._own(call, route.operation, route.name.removeprefix("chatcmpl-"))
        return await self.held.approved(route.dialect, subject, hold)

    async def review_status(self, call: Call, review: str) -> ReviewNotice:
        """Where a review of this caller's application stands. Raises `NotAuthenticated`, `NotPermitted`, `UnknownName`."""
        _, hold = await self._own(call, "reviews.status", review)
        return self.review.notice(hold)

    async def publish(self, call: Call) -> ReviewNotice:
        """A text that an application hands in for publication: it waits as an answer of a model does, and no model is asked."""
        subject = self.identity.authenticate(call)
        async with AsyncExitStack() as scope:
            scope.callback(await self.reception.enter(subject.application))
            exchange = await scope.enter_async_context(self.evidence.exchange(subject, PUBLICATION, call.interruption))
            self._require_open()
            subject = self.identity.authorise(subject, call, Scope.CREATE_GENERATION)
            body = await call.body()  # TooLarge
            generation, subject = read_document(body, subject, self.marking.unmark)  # InvalidRequest
            exchange.subject = subject
            exchange.judged(generation)
            decision = await self._decide(subject, generation)
            exchange.judged(generation, decision)
            deployment, terms = decision.require_permit(), require_publication(decision)  # Denied, InvalidRequest
            self._require_fulfilled(decision.obligations)
            self._require_running(self.identity.access, subject, deployment)
            walk = Walk(call, self.publications.dialect, subject, generation, decision, deployment, exchange, terms)
            return await self.held.hand_in(walk)

    async def queue(self, reviewer: Reviewer) -> Sequence[Hold]:
        """What waits, the soonest term first. Raises `SeparationRefused`."""
        return await self.review.desk.list(reviewer, open_only=True)

    async def closed(self, reviewer: Reviewer) -> Sequence[Hold]:
        """What was decided, the newest first. Raises `SeparationRefused`."""
        return await self.review.desk.list(reviewer, open_only=False)

    async def open_item(self, reviewer: Reviewer, review: str) -> Item:
        """A hold with its content; that this person saw it is a record. Raises `UnknownName`, `SeparationRefused`."""
        return await self.review.desk.open(reviewer, review, self.publications.form)

    async def sign_off(self, reviewer: Reviewer, review: str, verdict: Verdict) -> Hold:
        """Do what this person decided; return the hold as it is then.

        Raises `UnknownName`, `SeparationRefused`, `ReviewConflict` (somebody else was first, it is not what was shown, not
        everything was declared) and `InvalidRequest` (no reason, a text that is none).
        """
        bare = {
            choice: self.marking.unmark(text) for choice, text in verdict.texts.items()
        }  # pasted with our marks in it
        return await self.review.desk.act(reviewer, review, replace(verdict, texts=bare), self.publications.make)

    def enforce(self, access: AccessSnapshot) -> None:
        """End every running exchange whose key was revoked or whose use was stopped."""
        keys = {key.id for key in access.keys.values()}
        for exchange in tuple(self.evidence.running.values()):
            if exchange.subject.key not in keys:
                exchange.interruption.trip(NotAuthenticated())
            elif exchange.deployment is not None:
                try:
                    self._require_running(access, exchange.subject, exchange.deployment)
                except Stopped as stopped:
                    exchange.interruption.trip(stopped)

    def drain(self) -> None:
        """Take no more calls; what runs may finish."""
        self.draining = True

    def interrupt(self) -> None:
        """End what still runs: each stream closes with an error event, none with a false end."""
        for exchange in tuple(self.evidence.running.values()):
            exchange.interruption.trip(Busy())

    async def end(self) -> None:
        """End the collecting of held answers, and wait until each has its end in the log."""
        await self.held.end()

    async def _own(self, call: Call, operation: str, review: str) -> tuple[Subject, Hold]:
        """A caller, and a hold of its own application. Asking for another's is refused as for one that never was, and recorded."""
        subject = self.identity.authenticate(call)
        async with self.evidence.exchange(subject, operation, call.interruption):
            subject = self.identity.authorise(subject, call, Scope.CREATE_GENERATION)
            self._require_running(self.identity.access, subject)
            hold = await self.review.find(review)
            if hold is None or (hold.organisation, hold.application) != (subject.organisation, subject.application):
                raise UnknownName
        return subject, hold

    async def _deliver(self, release: Release, exchange: Exchange, reader: Reader) -> AsyncGenerator[bytes]:
        """Pass events on as they come. The closing ones wait until `exchange:delivered` is durable."""
        held_back: list[bytes] = []
        size = 0
        async for marked in release.output.events:
            exchange.observe(marked.event)
            if not held_back and not marked.event.closing:
                yield marked.data
                continue
            held_back.append(marked.data)
            size += len(marked.data)
            if release.output.stream and size > _MOST_HELD_BACK:
                raise UpstreamInvalid
        await exchange.deliver(reader.model)
        yield b"".join(held_back)

    async def _decide(self, subject: Subject, generation: Generation) -> Decision:
        """Where a sandbox's detectors may have much to read, they read beside the loop: other calls are served meanwhile."""
        if sum(map(len, generation.prompt)) <= _MUCH:
            return self.policy.decide(subject, generation)
        return await asyncio.to_thread(self.policy.decide, subject, generation)

    def _require_open(self) -> None:
        if self.draining:
            raise Busy

    def _require_fulfilled(self, obligations: Sequence[Obligation]) -> None:
        """An obligation that no room can fulfil is refused, never ignored."""
        able = self.marking.fulfils | self.review.fulfils | self.evidence.fulfils
        missing = sorted({type(obligation).__name__ for obligation in obligations if type(obligation) not in able})
        if missing:
            said = ", ".join(missing)
            raise ObligationUnsupported(
                LocalText(
                    nl=f"Het beleid vraagt iets dat deze versie niet kan: {said}.",
                    en=f"Policy asks for something this version cannot do: {said}.",
                )
            )

    def _require_running(self, access: AccessSnapshot, subject: Subject, deployment: Deployment | None = None) -> None:
        asked, provider = (deployment.id, deployment.provider) if deployment else ("", "")
        stop = access.stop_of(application=subject.application, deployment=asked, provider=provider)
        if stop is not None:
            raise Stopped(
                LocalText(
                    nl=f"Het gebruik van {stop.kind} {stop.name} is stopgezet: {stop.reason}",
                    en=f"Use of {stop.kind} {stop.name} has been stopped: {stop.reason}",
                )
            )


def _held(decision: Decision) -> HoldForReview | None:
    return next((each for each in decision.obligations if isinstance(each, HoldForReview)), None)
