# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person at the desk sees and does. Each act is one step of the ledger, on the hold as it is in that step, locked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.errors import EvidenceUnavailable, ReviewConflict, SeparationRefused, UnknownName
from app.domain.record import Record, RecordType
from app.domain.review import OPEN, Act, Hold, HoldState, Item, Note, Role
from app.domain.separation import require, require_sight
from app.domain.text import LocalText
from app.domain.threads import look
from app.review import records
from app.review.item import Opened
from app.review.notice import message
from app.review.verdict import edition, is_last, judged, require_complete, require_declared, require_shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from app.domain.clock import Clock
    from app.domain.json import Json
    from app.domain.ledger import HoldReader, Ledger, SealedContent, Unit
    from app.domain.output import Output, Released
    from app.domain.review import Reviewer, Verdict
    from app.review.item import Contents
    from app.review.records import Commitments


@dataclass(frozen=True, slots=True)
class Publication:
    """What an approved hold becomes when it leaves."""

    body: bytes = field(repr=False)
    """What is retrieved."""
    texts: Mapping[int, str] = field(repr=False)
    """As published, by choice."""
    released: Sequence[Released]
    outputs: Callable[[Hold], Sequence[Output]] = field(repr=False)
    """The rows of verify, of the hold as it was approved."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """All that an act needs and that is not the hold: made before the step, since the writer's thread does no work of others."""

    texts: Mapping[int, str] = field(default_factory=dict, repr=False)
    sealed: Sequence[SealedContent] = ()
    said: Mapping[str, Json] = field(default_factory=dict)
    publication: Publication | None = None


_NOTED = frozenset({Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES})
"""Of these the history tells who did it and when, also without a word."""


class Desk:
    """Everything goes through `act`, so that nobody is exempt from what it requires."""

    def __init__(
        self,
        ledger: Ledger,
        holds: HoldReader,
        contents: Contents,
        commitments: Commitments,
        clock: Clock,
        *,
        listens: Callable[[str], bool],
    ) -> None:
        """`listens`: whether an application asks to be told of an end; reads memory only."""
        self._ledger = ledger
        self._holds = holds
        self._contents = contents
        self._commitments = commitments
        self._clock = clock
        self._listens = listens

    async def list(self, reviewer: Reviewer, *, open_only: bool) -> Sequence[Hold]:
        """Holds of this person's organisation, without their content. Raises `SeparationRefused`."""
        if not reviewer.roles & {Role.REVIEWER, Role.AUDITOR}:
            raise SeparationRefused
        found = await look(lambda: self._holds.holds(open_only=open_only))
        moment = self._clock.now()
        mine = [hold for hold in found if hold.organisation == reviewer.organisation]
        return [hold for hold in mine if not open_only or hold.status(moment) in OPEN]

    async def open(
        self,
        reviewer: Reviewer,
        review: str,
        form: Callable[[Hold, Opened, Mapping[int, str], datetime], Mapping[int, str]],
    ) -> Item:
        """A hold with its content, after the record that this person saw it. `form` gives texts as they would be published now.

        Once its content was erased there is nothing to see: then it is the hold alone, and no record says that it was seen.
        Raises `UnknownName`, `SeparationRefused`, `EvidenceUnavailable`: what cannot be recorded is not shown.
        """
        hold = await self._find(review)
        require_sight(reviewer, hold)
        try:
            opened = await look(self._contents.open, hold)
        except UnknownName:
            return Item(hold, erased=True)
        texts = opened.texts(hold.edition)
        moment = self._clock.now()
        shown = form(hold, opened, texts, moment)
        seen: dict[str, Json] = {"by": self._commitments.keyed("reviewer", reviewer.id), "edition": hold.edition}
        record = records.beside(hold, RecordType.HOLD_SEEN, moment, seen)
        await self._ledger.commit(lambda unit: require_sight(self._now(unit, reviewer), hold), lambda _: (record,))
        return Item(hold, opened.asked, texts, opened.texts(1), shown, opened.notes)

    async def act(
        self,
        reviewer: Reviewer,
        review: str,
        verdict: Verdict,
        publish: Callable[[Hold, Opened, Mapping[int, str], datetime], Awaitable[Publication]],
    ) -> Hold:
        """Do it, or raise why not. `publish` makes what leaves after the last sign-off, and changes nothing."""
        hold = await self._find(review)
        require(reviewer, hold, verdict.act)
        require_shown(hold, verdict)
        moment = self._clock.now()
        prepared = await self._prepare(reviewer, hold, verdict, moment, publish)

        def work(unit: Unit) -> tuple[Hold, Record]:
            current = unit.hold(review)
            require(self._now(unit, reviewer), current, verdict.act)
            require_shown(current, verdict)
            changed = judged(current, verdict, moment, reviewer.id, prepared.texts)
            told, record = records.of_act(changed, verdict.act, moment, prepared.said)
            unit.put_hold(told)
            for content in prepared.sealed:
                unit.keep(content)
            _settle(unit, current, told, prepared.publication)
            if told.state not in OPEN and self._listens(told.application):
                unit.enqueue(message(told, told.closed_at or told.opened_at))
            return told, record

        done, _ = await self._ledger.commit(work, lambda made: (made[1],))
        return done

    def _now(self, unit: Unit, reviewer: Reviewer) -> Reviewer:
        """This person as the account stands in this step: a role may have been taken since the request began."""
        return unit.user(reviewer.id).reviewer(self._commitments.keyed)

    async def _find(self, review: str) -> Hold:
        hold = await look(self._holds.hold, review)
        if hold is None:
            raise UnknownName
        return hold

    async def _prepare(
        self,
        reviewer: Reviewer,
        hold: Hold,
        verdict: Verdict,
        moment: datetime,
        publish: Callable[[Hold, Opened, Mapping[int, str], datetime], Awaitable[Publication]],
    ) -> _Prepared:
        # What was published can be withdrawn after its content was erased.
        read = verdict.act is not Act.WITHDRAW
        opened = await look(self._contents.open, hold) if read else Opened()
        texts = opened.texts(hold.edition)
        require_complete(verdict, texts)
        await asyncio.to_thread(require_declared, hold, verdict, texts)
        said: dict[str, Json] = {"by": self._commitments.keyed("reviewer", reviewer.id)}
        sealed: list[SealedContent] = []
        if verdict.comment or verdict.act in _NOTED:
            note = Note(reviewer.id, moment, verdict.act, verdict.reason, verdict.comment)
            sealed.append(self._contents.note(hold.exchange, hold.version + 1, note))
        if verdict.act in {Act.REJECT, Act.REQUEST_CHANGES}:
            return _Prepared(texts, sealed, {**said, "edition": hold.edition, "reason": verdict.reason})
        if verdict.act is Act.EDIT:
            texts = edition(verdict, texts)
            sealed.append(self._contents.edition(hold.exchange, hold.edition + 1, texts))
            content = await self._committed(hold, "content", texts)
            return _Prepared(texts, sealed, {**said, "edition": hold.edition + 1, "content": content})
        if verdict.act is not Act.APPROVE:
            return _Prepared(texts, sealed, said)
        said |= await self._approval(hold, verdict, texts)
        if not is_last(hold):
            return _Prepared(texts, sealed, said)
        publication = await publish(hold, opened, texts, moment)
        sealed.append(self._contents.release(hold.exchange, publication.body))
        said |= await self._released(reviewer, hold, texts, opened.texts(1), publication)
        return _Prepared(texts, sealed, said, publication)

    async def _approval(self, hold: Hold, verdict: Verdict, texts: Mapping[int, str]) -> dict[str, Json]:
        return {
            "edition": hold.edition,
            "binding": await self._salted(hold, "binding", hold.binding),
            "content": await self._committed(hold, "content", texts),
            "attestations": sorted(verdict.attestations),
            "sign_off": len(hold.sign_offs) + 1,
        }

    async def _released(
        self,
        reviewer: Reviewer,
        hold: Hold,
        texts: Mapping[int, str],
        original: Mapping[int, str],
        publication: Publication,
    ) -> dict[str, Json]:
        people = [*(sign_off.reviewer for sign_off in hold.sign_offs), reviewer.id]
        codes: dict[str, Json] = {str(choice): code for choice, code in hold.codes.items()}
        return {
            "published": await self._committed(hold, "published", publication.texts),
            "codes": codes,
            "label": hold.label,
            "language": hold.language,
            "policy": hold.policy,
            "reviewers": [self._commitments.keyed("reviewer", person) for person in people],
            "edited": texts != original,
        }

    async def _committed(self, hold: Hold, what: str, texts: Mapping[int, str]) -> dict[str, Json]:
        return {str(choice): await self._salted(hold, what, str(choice), text) for choice, text in texts.items()}

    async def _salted(self, hold: Hold, *parts: str) -> str:
        made = await look(self._commitments.salted, hold.exchange, *parts)
        if made is None:
            raise EvidenceUnavailable(
                LocalText(nl="De termijn van deze tekst is voorbij.", en="The term of this text is over.")
            )
        return made


def _settle(unit: Unit, before: Hold, after: Hold, publication: Publication | None) -> None:
    """What follows from an act in the same step: outputs appear or are withdrawn."""
    if after.state is HoldState.APPROVED:
        if publication is None:
            raise ReviewConflict
        unit.release(publication.released, publication.outputs(after))
    elif before.state is HoldState.APPROVED:
        unit.withdraw_outputs(after.id)
