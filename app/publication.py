# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Publishing: a text that is handed in for it, and what an approval makes of a text.

The latter is a pure function of what is kept and of the moment of the sign-off, so that a reviewer sees the form that will leave.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from app.dialects import strict
from app.domain.clock import civil_day
from app.domain.control import NO_TEXT, Case, Control, Controls, Declared, Kind, Says, Why, waits
from app.domain.decision import Envelope, HoldForReview, Label, Obligation, Profile, SentenceMarks
from app.domain.errors import Fault, InvalidRequest, PolicyInvalid
from app.domain.generation import Generation
from app.domain.output import Output, OutputStatus, Released
from app.evidence.digests import digests_of
from app.review.desk import Publication
from app.review.notice import notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from app.domain.answer import Dialect
    from app.domain.decision import Decision
    from app.domain.json import JsonObject
    from app.domain.keys import CommitmentKey
    from app.domain.manifest import Manifests
    from app.domain.review import Hold
    from app.domain.subject import Subject
    from app.marking.room import Marking
    from app.review.item import Opened

_Found = TypeVar("_Found", bound=Obligation)
PUBLICATION = "publications.create"
"""Name of the operation by which an application hands in a text."""
_FIELDS = frozenset({"text", "task", "language"})
_PUBLISHED = frozenset({Profile.PUBLICATION, Profile.CORRESPONDENCE})
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
LONGEST = 200_000
"""Characters of a text that is handed in."""


def read_document(body: bytes, subject: Subject, clean: Callable[[str], str]) -> tuple[Generation, Subject]:
    """A text that is handed in, described as a call is, and its caller with the language it names.

    JSON: `text`, `task`, and where it is not the task's own `language`. `clean` takes our marks out of the text: a draft that is handed
    in as it came says "do not publish". Raises `InvalidRequest` with all faults.
    """
    tree = strict.loads(body)
    if isinstance(said := tree.get("text"), str):
        tree = {**tree, "text": clean(said)}
    faults = tuple(_faults(tree))
    if faults:
        raise InvalidRequest(*faults)
    language = tree.get("language")
    if isinstance(language, str):
        subject = replace(subject, context=replace(subject.context, language=language))
    text, task = str(tree["text"]), str(tree["task"])
    return Generation("openai", PUBLICATION, task, stream=False, choices=1, body=tree, prompt=(text,)), subject


def require_publication(decision: Decision) -> HoldForReview:
    """On which terms a text for this task waits. Raises `InvalidRequest` for a task that publishes nothing."""
    terms = _of(decision.obligations, HoldForReview)
    if terms is None or decision.profile not in _PUBLISHED:
        raise InvalidRequest(Fault("/task", "must be a task of profile publication or correspondence"))
    return terms


def _faults(tree: JsonObject) -> Iterator[Fault]:
    text, task, language = (tree.get(name) for name in ("text", "task", "language"))
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        yield Fault("/text", f"must be a text of 1 to {LONGEST} characters")
    if not isinstance(task, str) or not task:
        yield Fault("/task", "must name a task of this application, of profile publication or correspondence")
    if language is not None and not (isinstance(language, str) and LANGUAGE.fullmatch(language)):
        yield Fault("/language", "must be a BCP 47 tag, such as nl")
    for name in sorted(tree.keys() - _FIELDS):
        yield Fault(f"/{name[:64]}", f"is not known here; known are {', '.join(sorted(_FIELDS))}")


def _unsigned(case: Case) -> Why | None:
    """Where an answer gets no manifest of its own when it leaves."""
    if case.door.kind is Kind.RETRIEVAL:
        return Why.LETTER if case.profile == Profile.CORRESPONDENCE else None
    return waits(case) or (Why.NO_WORDS if case.form.says is Says.CALLS else Why.ON_DEMAND)


class Publications:
    """Makes what leaves after the last sign-off."""

    controls: Controls = MappingProxyType({Control.MANIFEST: Declared(absent=NO_TEXT, unless=_unsigned)})

    def __init__(self, dialect: Dialect, marking: Marking, manifests: Manifests, key: CommitmentKey) -> None:
        """`dialect`: in which approved answers are retrieved."""
        self.dialect = dialect
        self._marking = marking
        self._manifests = manifests
        self._key = key

    def form(self, hold: Hold, opened: Opened, texts: Mapping[int, str], moment: datetime) -> Mapping[int, str]:
        """The texts as they would leave with a sign-off at this moment. Raises `PolicyInvalid` for a label that cannot be shown."""
        label = _of(opened.terms, Label)
        if label is None or not texts:
            return texts
        marks = _of(opened.terms, SentenceMarks) is not None
        day = civil_day(moment)
        try:
            return self._marking.release(texts, label, hold.codes, day, marks=marks, language=hold.language)
        except ValueError as error:
            raise PolicyInvalid(Fault(f"disclosures {label.variant}", str(error))) from error

    async def make(self, hold: Hold, opened: Opened, texts: Mapping[int, str], moment: datetime) -> Publication:
        """All of it, beside the loop. Raises `PolicyInvalid`, `KeyUnusable`, `UpstreamInvalid`: then nothing is approved."""
        return await asyncio.to_thread(self._make, hold, opened, texts, moment)

    def _make(self, hold: Hold, opened: Opened, texts: Mapping[int, str], moment: datetime) -> Publication:
        published = self.form(hold, opened, texts, moment)
        original = opened.texts(1)
        envelope = _of(opened.terms, Envelope)
        _, provenance = self._marking.released(
            published,
            exchange=hold.exchange,
            organisation=hold.organisation,
            codes=hold.codes,
            disclosure=envelope.disclosure if envelope else None,
        )
        review = {**notice(hold, moment).document(), "status": "approved", "edited": texts != original}
        event = self.dialect.reviewed(opened.answer, published)
        return Publication(
            body=self.dialect.completed(event, hold.completion, provenance, review),
            texts=published,
            released=[
                self._released(hold, choice, text, moment, edited=texts[choice] != original.get(choice))
                for choice, text in published.items()
            ],
            outputs=lambda approved: _outputs(approved, texts, original, moment),
        )

    def _released(self, hold: Hold, choice: int, text: str, moment: datetime, *, edited: bool) -> Released:
        code = hold.codes[choice]
        manifest = self._manifests.make(
            text,
            code=code,
            title=hold.task,
            edited=edited,
            model=hold.attributes.get("model", ""),
            created=hold.opened_at,
            published=moment,
            organisation=hold.attributes.get("responsible") or hold.organisation,
        )
        return Released(code, digests_of(self._key.of(hold.organisation), text, self._marking.unmark), manifest)


def _outputs(hold: Hold, texts: Mapping[int, str], original: Mapping[int, str], moment: datetime) -> Sequence[Output]:
    day = civil_day(moment)
    return [
        Output(
            code=hold.codes[choice],
            exchange=hold.exchange,
            choice=choice,
            organisation=hold.organisation,
            application=hold.application,
            profile=hold.profile,
            day=day,
            status=OutputStatus.APPROVED,
            record=hold.record or "",
            hold=hold.id,
            edited=text != original.get(choice),
        )
        for choice, text in texts.items()
    ]


def _of(obligations: Sequence[Obligation], kind: type[_Found]) -> _Found | None:
    return next((obligation for obligation in obligations if isinstance(obligation, kind)), None)
