# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The marking room: what an answer carries before it leaves, and what comes off when it is sent back to a model."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from app.domain.answer import Dialect, Event
from app.domain.control import NO_TEXT, Case, Control, Controls, Declared, Kind, Says, Why, fulfilled_by, waits
from app.domain.decision import Envelope, HoldForReview, Label, Obligation, Sandbox, SentenceMarks
from app.domain.generation import Generation
from app.domain.json import JsonObject
from app.domain.text import LocalText
from app.marking import envelope
from app.marking.choices import CODE_LINE, LABEL, SENTENCE_IDS, Choices
from app.marking.events import enclosed, streamed, whole
from app.marking.output import MarkedOutput
from app.marking.wording import Wording, disclosure_of, opening_of
from watermark import label as lines
from watermark import text as marks
from watermark.label import OwnLines
from watermark.model import Content, Disclosure
from watermark.stream import unmark
from watermark.text import Carrier

_MOST_KNOWN = 256
"""Decisions whose words are remembered."""


def _in_prose(case: Case) -> Why | None:
    for_people = case.door.kind is Kind.RETRIEVAL and not case.data
    unmarked = {Says.CALLS} if for_people else {Says.CALLS, Says.DATA}
    return waits(case) or (Why.NO_PROSE if case.form.says in unmarked else None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the obligations of a decision ask of an answer, whichever call it answers."""

    obligations: Sequence[Obligation]
    disclosure: LocalText | None
    """What the envelope says."""
    pilot: JsonObject
    wording: Wording | None
    """None where nothing is put in the text."""


def _asked(obligations: Sequence[Obligation], origin: str) -> _Asked:
    beside, label = envelope.find(obligations, Envelope), envelope.find(obligations, Label)
    sentences = envelope.find(obligations, SentenceMarks) is not None
    wording = None
    if (label or sentences) and not envelope.find(obligations, HoldForReview):
        disclosure = disclosure_of(label) if label else None
        opening = opening_of(label, disclosure) if label and disclosure else ""
        wording = Wording(origin, disclosure, opening, sentences=sentences)
    return _Asked(obligations, beside.disclosure if beside else None, envelope.of_pilot(obligations), wording)


class Marking:
    """Marks whatever it is given; what it cannot mark is not in `fulfils`, and then nothing is asked of a model."""

    controls: Controls = MappingProxyType(
        {
            Control.CLEANING: Declared(absent={**NO_TEXT, Kind.RETRIEVAL: Why.NO_INPUT}),
            Control.ENVELOPE: Declared(Envelope, NO_TEXT, waits),
            Control.BANNER: Declared(Sandbox, NO_TEXT, waits),
            Control.LABEL: Declared(Label, NO_TEXT, _in_prose),
            Control.SENTENCE_IDS: Declared(SentenceMarks, NO_TEXT, _in_prose),
            Control.CODE_LINE: Declared(Label, NO_TEXT, _in_prose),
        }
    )
    fulfils: frozenset[type[Obligation]] = fulfilled_by(controls)

    def __init__(self, public_address: str, disclosures: Callable[[], Sequence[Disclosure]] = tuple) -> None:
        """`public_address` is where people verify; `disclosures` gives the lines of every label that may stand in a text.

        Raises `ValueError` when nobody can verify at that address: it must be scheme, host and port only.
        """
        self._origin = public_address.lower()
        self._disclosures = disclosures
        self._known: dict[int, _Asked] = {}
        self._own: tuple[Sequence[Disclosure], OwnLines] = ((), OwnLines((), self._origin))

    def mark(
        self,
        dialect: Dialect,
        events: AsyncIterator[Event],
        generation: Generation,
        obligations: Sequence[Obligation],
        *,
        exchange: str,
        organisation: str,
        codes: Mapping[int, str],
    ) -> MarkedOutput:
        """The same events in an envelope, their prose marked as policy asks. `codes` names each choice.

        Of an answer that is held the text stays as it is: its label would say that a human has read it.
        Raises `ValueError` when a label cannot be shown as policy wrote it.
        """
        asked = self._asked(obligations)
        said = {
            **envelope.provenance(exchange, organisation, codes, self._origin, disclosure=asked.disclosure),
            **asked.pilot,
        }
        head = envelope.headers(exchange)
        wording = asked.wording
        if wording is None:
            said |= envelope.of_texts()
            return MarkedOutput(head, enclosed(dialect, events, said, stream=generation.stream), generation.stream)
        if generation.structured or generation.stops:
            known = Content.MACHINE if generation.structured else None
            wording = replace(wording, known=known, stops=generation.stops)
        passing = (streamed if generation.stream else whole)(dialect, events, Choices(wording, codes), said)
        return MarkedOutput(head, passing, generation.stream)

    def release(
        self,
        texts: Mapping[int, str],
        label: Label,
        codes: Mapping[int, str],
        day: date,
        *,
        marks: bool,
        language: str = "",
        carrier: Carrier = Carrier.VS2,
    ) -> Mapping[int, str]:
        """The texts of an approved hold as they are published; a pure function.

        They are for people, whatever they begin with, unless the task answers programs too (`label.data`): a letter in a code block
        would else be published without a line that says what it is (AI Act 50(4)).
        `day` is the day of the last sign-off, `marks` whether sentences carry ids (`plain` tasks: not), `language` that of the
        hold. Raises `ValueError` when a label cannot be shown as policy wrote it.
        """
        disclosure = disclosure_of(label, language)
        wording = Wording(
            self._origin,
            disclosure,
            opening_of(label, disclosure, day),
            sentences=marks,
            known=None if label.data else Content.PROSE,
            carrier=carrier,
        )
        choices = Choices(wording, codes)
        return {index: choices.feed(index, text) + choices.close(index) for index, text in texts.items()}

    def released(
        self,
        texts: Mapping[int, str],
        *,
        exchange: str,
        organisation: str,
        codes: Mapping[int, str],
        disclosure: LocalText | None = None,
    ) -> tuple[Mapping[str, str], JsonObject]:
        """Headers and `ai_provenance` of an approved answer, whose published texts these are."""
        said = envelope.provenance(
            exchange, organisation, codes, self._origin, review=envelope.APPROVED, disclosure=disclosure
        )
        head = {**envelope.headers(exchange, envelope.APPROVED), **envelope.manifests(codes, self._origin)}
        return head, {**said, **self._found(texts)}

    def clean(self, dialect: Dialect, generation: Generation) -> Generation:
        """The call without our marks in what earlier answers it repeats: a model would learn them, and they cost tokens."""
        lines = self._own_lines()
        return dialect.revise(generation, lambda text: unmark(text, lines))

    def unmark(self, text: str) -> str:
        """A text without our label, code line and sentence ids; whatever is not exactly ours stays."""
        return unmark(text, self._own_lines())

    def _own_lines(self) -> OwnLines:
        """Made anew when policy gives other lines, and looked up once for a call, however long its history."""
        shown = self._disclosures()
        if shown is not self._own[0]:
            self._own = shown, OwnLines(shown, self._origin)
        return self._own[1]

    def _asked(self, obligations: Sequence[Obligation]) -> _Asked:
        """Policy gives the same object for the same question: what it asks is worked out once.

        It is found by the identity of that object, which is its own as long as the object is kept beside what was worked out.
        """
        known = self._known.get(id(obligations))
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[id(obligations)] = _asked(obligations, self._origin)
        return known

    def _found(self, texts: Mapping[int, str]) -> JsonObject:
        lined = any(lines.addresses(text, self._origin) for text in texts.values())
        carried = any(marks.find(text) for text in texts.values())
        found = [(LABEL, lined), (SENTENCE_IDS, carried), (CODE_LINE, lined)]
        content = Content.PROSE if lined or carried else Content.MACHINE
        return envelope.of_texts([mark for mark, is_there in found if is_there], content)
