# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way of a call whose answer a human must see first (architecture section 6). `Pipeline.handle` turns off here.

The model is asked for all of it, by a task of the house: its client may wait, be told to come back, or leave. Nothing of what it
wrote leaves before a human has approved it, but for calls of tools, which policy has judged.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack, aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from app.asking import events_of, passed_on, reader_of
from app.domain.answer import Event, Finding
from app.domain.call import Delivery
from app.domain.decision import Profile
from app.domain.errors import Held, ReviewConflict, UpstreamInvalid
from app.domain.review import HoldState
from app.review.collect import Collection, Collections
from app.review.submit import Submission

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    from app.domain.answer import Dialect, Reader, Upstream
    from app.domain.call import Call
    from app.domain.decision import Decision, Deployment, HoldForReview
    from app.domain.errors import ReviewNotice, WaarmerkError
    from app.domain.generation import Generation
    from app.domain.review import Hold
    from app.domain.subject import Subject
    from app.evidence.exchange import Exchange
    from app.marking.room import Marking
    from app.review.submit import Review

_IN_BAND, _WAIT = "in_band", "wait"
_TOOLS = frozenset({"tool_calls", "function_call"})


@dataclass(frozen=True, slots=True)
class Walk:
    """A call that was permitted, at the place where its way turns off."""

    call: Call
    dialect: Dialect
    subject: Subject
    generation: Generation
    decision: Decision
    deployment: Deployment
    exchange: Exchange
    terms: HoldForReview


@dataclass(frozen=True, slots=True)
class _Answered:
    """What the model said, whole."""

    event: Event = field(repr=False)
    reader: Reader
    asked: Generation
    headers: Mapping[str, str]


class HeldCalls:
    """Walks held calls, and keeps the collecting that outlives its clients."""

    def __init__(self, upstream: Upstream, marking: Marking, review: Review) -> None:
        self._upstream = upstream
        self._marking = marking
        self._review = review
        self._collections = Collections()

    async def walk(self, walk: Walk, scope: AsyncExitStack, place: ExitStack) -> Delivery:
        """Hold the answer, or find the hold of the same call. Raises `NotReleased`, mostly.

        `scope` is that of the exchange and of its `place` in the house: both last until the answer is collected, whoever waits for
        it. Who only waits for a person has no place.
        """
        headers = walk.call.headers
        same = self._review.same(walk.subject, walk.generation, headers.get("idempotency-key"))
        retried = headers.get("x-stainless-retry-count", "0") != "0"
        twin = await self._review.twin(walk.subject, same, retried=retried)
        if twin is not None:
            await walk.exchange.repeat(twin.id)
            place.close()
            return await self._answer(walk, twin)
        await self._review.require_room(walk.subject.application)
        await walk.exchange.open(walk.deployment)
        try:
            told = await self._begin(walk, same, scope).first()
        except Held as held:  # the same call was made twice at once, and the other one was first
            other = await self._review.find(held.review.id)
            if other is None:
                raise
            told = other
        return told if isinstance(told, Delivery) else await self._answer(walk, told)

    async def hand_in(self, walk: Walk) -> ReviewNotice:
        """Hold a text that nobody asked a model for here: all else is the same."""
        same = self._review.same(walk.subject, walk.generation, walk.call.headers.get("idempotency-key"))
        twin = await self._review.twin(walk.subject, same, retried=False)
        if twin is not None:
            await walk.exchange.repeat(twin.id)
            return self._review.notice(twin)
        await self._review.require_room(walk.subject.application)
        await walk.exchange.open(walk.deployment, asked=False)
        (text,) = walk.generation.prompt
        body = walk.dialect.withheld(walk.generation, walk.exchange.id, {})
        walk.exchange.observe(Event(text.encode(), findings=(Finding(0, "content", text),)))
        kept = self._review.keep(self._submission(walk, same), None, body, {0: text})
        await walk.exchange.hold(kept.hold.id, kept.hold.binding, None, kept.work, kept.records)
        return self._review.notice(kept.hold)

    async def approved(self, dialect: Dialect, subject: Subject, hold: Hold, *, stream: bool = False) -> Delivery:
        """The approved answer, once it is in the log that this caller has it. Raises `NotReleased` for what was not approved."""
        if hold.state is not HoldState.APPROVED:
            raise self._review.refusal(hold)
        approved = await self._review.fetch(hold, subject.key)
        head, _ = self._marking.released({}, exchange=hold.exchange, organisation=hold.organisation, codes=hold.codes)
        if hold.profile == Profile.CORRESPONDENCE:  # who has only the code of a letter gets no manifest
            head = {name: value for name, value in head.items() if name != "link"}
        body = dialect.streamed(approved.body) if stream else approved.body
        return _ready({**head, "x-review-id": hold.id}, body, stream=stream)

    async def end(self) -> None:
        """End all collecting, and wait until each has its end in the log."""
        await self._collections.end()

    def _begin(self, walk: Walk, same: str, scope: AsyncExitStack) -> Collection[_Answered, Hold | Delivery]:
        submission = self._submission(walk, same)
        collection = Collection(
            ask=partial(self._ask, walk),
            announce=partial(self._announce, submission),
            finish=partial(self._finish, walk, submission),
            fail=self._review.fail,
            within=walk.terms.hold_after,
        )
        walk.exchange.interruption = collection.interruption
        self._collections.start(collection, scope.pop_all())
        return collection

    def _submission(self, walk: Walk, same: str) -> Submission:
        exchange, asked = walk.exchange, walk.dialect.asked(walk.generation)
        return Submission(exchange.id, exchange.opening, walk.subject, walk.decision, exchange.codes, same, asked)

    async def _ask(self, walk: Walk) -> _Answered:
        """The whole answer. It may take as long as all of it may take: there is no first byte before the last."""
        whole, patience = walk.dialect.wholly(walk.generation), walk.deployment.timeouts
        patient = replace(walk.deployment, timeouts=replace(patience, first_byte=patience.total, idle=patience.total))
        answer = await self._upstream.forward(walk.dialect.prepare(whole, patient))
        async with aclosing(answer):
            reader = await reader_of(walk.dialect, whole, answer)
            events = [event async for event in events_of(reader, answer)]
        if len(events) != 1:
            raise UpstreamInvalid
        return _Answered(events[0], reader, whole, passed_on(answer))

    async def _announce(self, submission: Submission) -> Hold:
        try:
            return await self._review.announce(submission)
        except ReviewConflict:
            raise await self._first_of(submission) from None

    async def _finish(
        self, walk: Walk, submission: Submission, answered: _Answered, announced: Hold | None
    ) -> Hold | Delivery:
        """Put its texts before the reviewers. What calls tools and says nothing is released, unless its client was told to wait.

        Raises `UpstreamInvalid` where there is no text: nobody approves what cannot be seen.
        """
        event = answered.event
        walk.exchange.observe(event)
        texts = _texts(event)
        if announced is None and not texts and _calls_tools(event):
            return await self._tools(walk, answered)
        if not texts:
            raise UpstreamInvalid
        kept = self._review.keep(submission, announced, event.raw, texts)
        try:
            await walk.exchange.hold(kept.hold.id, kept.hold.binding, answered.reader.model, kept.work, kept.records)
        except ReviewConflict:
            if announced is not None:
                raise
            raise await self._first_of(submission) from None
        return kept.hold

    async def _first_of(self, submission: Submission) -> WaarmerkError:
        twin = await self._review.twin(submission.subject, submission.same, retried=True)
        return ReviewConflict() if twin is None else Held(self._review.notice(twin))

    async def _tools(self, walk: Walk, answered: _Answered) -> Delivery:
        """Calls of tools that policy allowed, and no word beside them."""
        output = self._marking.mark(
            walk.dialect,
            _one(walk.dialect.reviewed(answered.event.raw, {}, calls=walk.generation.tools)),
            answered.asked,
            walk.decision.obligations,
            exchange=walk.exchange.id,
            organisation=walk.subject.organisation,
            codes=walk.exchange.codes,
        )
        release = self._review.submit(output, walk.decision.obligations, only_tools=True)
        body = b"".join([marked.data async for marked in release.output.events])
        await walk.exchange.deliver(answered.reader.model)
        stream = walk.generation.stream
        headers = {**answered.headers, **release.output.headers}
        return _ready(headers, walk.dialect.streamed(body) if stream else body, stream=stream)

    async def _answer(self, walk: Walk, hold: Hold) -> Delivery:
        """What its client gets of a hold now: the approved text, or word that it has to wait, in the form that policy chose."""
        stream = walk.generation.stream
        if walk.terms.held_as == _WAIT:
            hold = await self._review.settled(hold, walk.terms.hold_after)
        if hold.state is HoldState.APPROVED:
            return await self.approved(walk.dialect, walk.subject, hold, stream=stream)
        refused = self._review.refusal(hold)
        if walk.terms.held_as != _IN_BAND or not isinstance(refused, Held):
            raise refused
        body = walk.dialect.withheld(walk.generation, hold.completion, refused.review.document())
        return _ready({"x-request-id": hold.exchange, "x-review-id": hold.id}, body, stream=stream)


def _calls_tools(event: Event) -> bool:
    return any(found.place in _TOOLS and found.text for found in event.findings)


def _texts(event: Event) -> Mapping[int, str]:
    """The text of each choice; of one that only refuses its refusal, so that a human sees that too."""
    said: dict[tuple[int, str], str] = {}
    for found in event.findings:
        place = (found.choice, found.place)
        said[place] = said.get(place, "") + found.text
    choices = sorted({choice for choice, _ in said})
    texts = {choice: said.get((choice, "content")) or said.get((choice, "refusal"), "") for choice in choices}
    return {choice: text for choice, text in texts.items() if text}


async def _one(event: Event) -> AsyncIterator[Event]:
    yield event


async def _chunk(body: bytes) -> AsyncGenerator[bytes]:
    yield body


def _ready(headers: Mapping[str, str], body: bytes, *, stream: bool) -> Delivery:
    kind = "text/event-stream; charset=utf-8" if stream else "application/json"
    return Delivery({**headers, "content-type": kind}, _chunk(body), AsyncExitStack(), stream=stream)
