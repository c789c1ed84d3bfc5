# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Release or hold: what nothing holds is released here, and what a human must see first becomes a hold here."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from app.domain.account import actor_commitment
from app.domain.control import NO_MODEL, Case, Control, Controls, Declared, Says, Why, fulfilled_by
from app.domain.decision import HoldForReview, Keep, Label, Obligation
from app.domain.errors import ObligationUnsupported, QueueFull, ReviewConflict
from app.domain.ids import new_id
from app.domain.record import RecordType
from app.domain.review import OPEN, Act, Hold, HoldState, change
from app.domain.threads import look
from app.review import records
from app.review.binding import binding_of
from app.review.desk import Desk
from app.review.notice import message, notice, refusal
from app.review.release import Approved, Release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.clock import Clock
    from app.domain.decision import Decision
    from app.domain.errors import NotReleased, ReviewNotice
    from app.domain.generation import Generation
    from app.domain.ledger import HoldReader, Ledger, Unit
    from app.domain.record import Record
    from app.domain.subject import Subject
    from app.marking.output import MarkedOutput
    from app.review.item import Contents
    from app.review.records import Commitments

_RETRIED_WITHIN = timedelta(minutes=10)
"""How long an SDK's retry is the same call, whatever became of the first."""
_MOST_PATIENT = 256
"""Clients that wait at once for a decision; each costs a look at the database twice a second."""
_Found = TypeVar("_Found", bound=Obligation)


@dataclass(frozen=True, slots=True)
class Submission:
    """A call whose answer waits for a human."""

    exchange: str
    opened: str
    """Id of the record that opened its exchange."""
    subject: Subject
    decision: Decision
    codes: Mapping[int, str]
    same: str
    """What makes another call the same call."""
    asked: Sequence[tuple[str, str]] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer, ready to be put before the reviewers in the step that ends its exchange."""

    hold: Hold
    work: Callable[[Unit], None] = field(repr=False)
    records: Sequence[Record]


def _no_words(case: Case) -> Why | None:
    return Why.NO_WORDS if case.form.says is Says.CALLS else None


class Review:
    """The room in which an answer waits."""

    controls: Controls = MappingProxyType({Control.HOLD: Declared(HoldForReview, NO_MODEL, _no_words)})
    fulfils: frozenset[type[Obligation]] = fulfilled_by(controls)

    def __init__(
        self,
        ledger: Ledger,
        holds: HoldReader,
        contents: Contents,
        commitments: Commitments,
        clock: Clock,
        *,
        listens: Callable[[str], bool],
        most_open: int,
    ) -> None:
        """`listens`: whether an application asks to be told of an end; reads memory only. `most_open`: holds of one application."""
        self._ledger = ledger
        self._holds = holds
        self._contents = contents
        self._commitments = commitments
        self._clock = clock
        self._listens = listens
        self._most_open = most_open
        self._patient = 0
        self.desk = Desk(ledger, holds, contents, commitments, clock, listens=listens)

    def submit(self, output: MarkedOutput, obligations: Sequence[Obligation], *, only_tools: bool = False) -> Release:
        """Release what nothing holds. Raises `ObligationUnsupported` for what a human has to see first.

        `only_tools`: the answer calls tools, which policy has judged, and says nothing that could be published.
        """
        if not only_tools and terms(obligations) is not None:
            raise ObligationUnsupported
        return Release(output)

    def same(self, subject: Subject, generation: Generation, idempotency_key: str | None) -> str:
        """What makes a second call the same call: its caller with the key it gave, else with the body and on whose behalf."""
        given = subject.context
        who = [
            subject.key,
            given.actor,
            given.case,
            given.data_subject,
            given.conversation,
            given.work_item,
            given.language,
        ]
        what = ["key", idempotency_key] if idempotency_key else ["body", generation.operation, generation.body]
        return self._commitments.keyed("same", json.dumps([*who, *what], sort_keys=True, separators=(",", ":")))

    async def twin(self, subject: Subject, same: str, *, retried: bool) -> Hold | None:
        """The hold of the same call that is open; of a retry also one that was decided within ten minutes."""
        found = await look(self._holds.same, subject.application, same)
        if found is None:
            return None
        moment = self._clock.now()
        recent = retried and moment - found.opened_at < _RETRIED_WITHIN
        return found if recent or found.status(moment) in OPEN else None

    async def require_room(self, application: str) -> None:
        """Whether more of this application may wait. Raises `QueueFull`.

        It is asked before the model is, so calls that are being answered at that moment may come on top: at most its share of places.
        """
        if await look(self._holds.waiting, application) >= self._most_open:
            raise QueueFull

    async def announce(self, submission: Submission) -> Hold:
        """Open the hold of an answer that is still being collected. Raises `ReviewConflict` when the same call has one."""
        hold, record = records.opened(self._begin(submission, HoldState.COLLECTING), submission.opened)
        sealed = self._contents.call(hold.exchange, submission.asked, submission.decision.obligations)

        def work(unit: Unit) -> Hold:
            unit.add_hold(hold)
            for content in sealed:
                unit.keep(content)
            return hold

        return await self._ledger.commit(work, lambda _: (record,))

    def keep(self, submission: Submission, announced: Hold | None, body: bytes, texts: Mapping[int, str]) -> Kept:
        """Make the whole answer what reviewers see. Its work raises `ReviewConflict` when the hold is not open any more."""
        moment = self._clock.now()
        sealed = self._contents.answer(submission.exchange, body, texts)
        if announced is not None:
            bound = _bound(announced, texts)

            def collect(unit: Unit) -> None:
                collected = change(unit.hold(announced.id), Act.COLLECT, moment)
                unit.put_hold(replace(collected, edition=1, binding=bound))
                for content in sealed:
                    unit.keep(content)

            return Kept(replace(announced, state=HoldState.PENDING, edition=1, binding=bound), collect, ())
        begun = self._begin(submission, HoldState.PENDING)
        hold, record = records.opened(replace(begun, edition=1, binding=_bound(begun, texts)), submission.opened)
        sealed += self._contents.call(hold.exchange, submission.asked, submission.decision.obligations)

        def add(unit: Unit) -> None:
            unit.add_hold(hold)
            for content in sealed:
                unit.keep(content)

        return Kept(hold, add, (record,))

    async def fail(self, hold: Hold, cause: str) -> None:
        """Close a hold whose answer will not come; nothing where it was closed before."""
        moment = self._clock.now()

        def work(unit: Unit) -> Sequence[Record]:
            return self._ended(unit, change(unit.hold(hold.id), Act.FAIL, moment), Act.FAIL, cause)

        try:
            await self._ledger.commit(work, lambda made: made)
        except ReviewConflict:
            return

    async def end_stale(self) -> int:
        """Close what nobody decided about in time, and what waits for an answer that was lost; return how many."""
        moment = self._clock.now()

        def work(unit: Unit) -> Sequence[Record]:
            made: list[Record] = []
            for hold in unit.stale_holds(moment):
                act = Act.EXPIRE if hold.expires_at <= moment else Act.FAIL
                cause = "term" if act is Act.EXPIRE else "exchange-ended"
                made += self._ended(unit, change(hold, act, moment), act, cause)
            return made

        ended: Sequence[Record] = await self._ledger.commit(work, lambda made: made)
        return len(ended)

    async def find(self, review: str) -> Hold | None:
        """By id, as it is now."""
        return await look(self._holds.hold, review)

    def refusal(self, hold: Hold) -> NotReleased:
        """Why a hold that was not approved gives no text now."""
        return refusal(hold, self._clock.now())

    def notice(self, hold: Hold) -> ReviewNotice:
        """Where a hold stands now."""
        return notice(hold, self._clock.now())

    async def fetch(self, hold: Hold, key: str) -> Approved:
        """The approved body, after the record that this key has it. Raises `NotReleased` when it was withdrawn meanwhile."""
        moment = self._clock.now()
        opened = await look(self._contents.open, hold)

        def work(unit: Unit) -> Sequence[Record]:
            current = unit.hold(hold.id)
            if current.state is not HoldState.APPROVED:
                raise refusal(current, moment)
            first = current.fetched_at is None
            if first:
                unit.put_hold(replace(current, fetched_at=moment, version=current.version + 1))
            return (records.beside(current, RecordType.HOLD_FETCHED, moment, {"key": key, "first": first}),)

        await self._ledger.commit(work, lambda made: made)
        return Approved(opened.release)

    async def settled(self, hold: Hold, within: float) -> Hold:
        """The hold once it is decided, or as it is after this many seconds; at once when very many wait like this already."""
        if self._patient >= _MOST_PATIENT:
            return hold
        loop = asyncio.get_running_loop()
        until = loop.time() + within
        self._patient += 1
        try:
            while hold.status(self._clock.now()) in OPEN and loop.time() < until:
                await asyncio.sleep(min(0.5, max(0.0, until - loop.time())))
                hold = await self.find(hold.id) or hold
        finally:
            self._patient -= 1
        return hold

    def _ended(self, unit: Unit, hold: Hold, act: Act, cause: str) -> tuple[Record, ...]:
        """A hold that ends without anybody's act: its record, and a message to an application that listens."""
        moment = hold.closed_at or hold.opened_at
        told, record = records.of_act(hold, act, moment, {"cause": cause})
        unit.put_hold(told)
        if self._listens(told.application):
            unit.enqueue(message(told, moment))
        return (record,)

    def _begin(self, submission: Submission, state: HoldState) -> Hold:
        moment, subject, decision = self._clock.now(), submission.subject, submission.decision
        held, label, keep = (
            terms(decision.obligations),
            _of(decision.obligations, Label),
            _of(decision.obligations, Keep),
        )
        if held is None:
            raise ValueError("a hold belongs to a task that is held")
        days = min(held.review_class.expires_days, keep.days if keep and keep.days else held.review_class.expires_days)
        actor = subject.context.actor
        return Hold(
            id=new_id("rev", moment),
            exchange=submission.exchange,
            organisation=subject.organisation,
            application=subject.application,
            task=decision.task,
            profile=decision.profile,
            review_class=held.review_class,
            policy=decision.policy,
            label=label.variant if label else "",
            language=label.languages[0] if label and label.languages else "",
            requester=None if actor is None else actor_commitment(actor, self._commitments.keyed),
            state=state,
            opened_at=moment,
            expires_at=moment + timedelta(days=days),
            codes=submission.codes,
            same=submission.same,
            attributes=_attributes(label, decision),
        )


def _attributes(label: Label | None, decision: Decision) -> Mapping[str, str]:
    said = {"responsible": label.organisation, "contact": label.contact} if label else {}
    return {**said, "model": decision.deployment.model} if decision.deployment else said


def terms(obligations: Sequence[Obligation]) -> HoldForReview | None:
    """Whether, and how, an answer under these obligations is held."""
    return _of(obligations, HoldForReview)


def _of(obligations: Sequence[Obligation], kind: type[_Found]) -> _Found | None:
    return next((obligation for obligation in obligations if isinstance(obligation, kind)), None)


def _bound(hold: Hold, texts: Mapping[int, str]) -> str:
    return binding_of(texts, label=hold.label, language=hold.language, policy=hold.policy)
