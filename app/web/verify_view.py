# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A verdict of verify in sentences: pure, the same for the page and for the API."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.decision import Profile
from app.domain.output import OutputStatus
from app.domain.text import LocalText
from app.evidence.receipt import Receipt
from app.evidence.verification import MOST_CODES, Comparison, Facts, Standing, Told, Verdict
from app.policy.organisation import Organisation
from app.web.verify_words import VERIFY
from app.web.when import on_day
from watermark.manifest import ManifestReport
from watermark.model import Check, Kind, Report

_SAME = frozenset({Comparison.SAME, Comparison.SAME_WORDS})


@dataclass(frozen=True, slots=True)
class PublicBody:
    """Who is responsible, and how to reach them: from policy, never from a text."""

    id: str
    name: str
    contact: str = ""
    complaint: str = ""
    objection: str = ""

    @classmethod
    def of(cls, organisation: str, registered: Organisation | None) -> "PublicBody":
        """By its id where policy does not know it any longer."""
        if registered is None:
            return cls(organisation, organisation)
        return cls(
            organisation,
            registered.name,
            registered.contact.line,
            registered.complaint_url or "",
            registered.objection_url or "",
        )


BodyOf: TypeAlias = Callable[[str], PublicBody]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one code, or of a text without one."""

    tone: str
    """Of the badge: `good`, `bad`, `wait`, `busy` or `rest`."""
    badge: LocalText
    said: LocalText
    body: PublicBody
    notes: Sequence[LocalText]
    """What was compared and what was not."""
    code: str = ""
    facts: Sequence[tuple[LocalText, LocalText]] = ()
    known: bool = False
    """Whether its address says something."""
    told: bool = False
    """Whether there is, or will be, a receipt."""
    receipt: Receipt | None = None
    letter: bool = False
    """Then its address alone tells little, and its receipt is not behind that address."""


@dataclass(frozen=True, slots=True)
class View:
    """What is said in answer to one question, the most important first."""

    answers: Sequence[Answer]
    marks: Sequence[LocalText]
    """What the text shows by itself; empty when there was no text."""
    warnings: Sequence[LocalText]
    manifest: LocalText | None
    """Of a manifest that was handed in."""


def view(verdict: Verdict, body_of: BodyOf, house: PublicBody) -> View:
    """`house` speaks where no organisation is known."""
    compared = verdict.marks is not None
    told = [*verdict.codes, *verdict.found]
    answers = [_answer(each, body_of(each.organisation) if each.organisation else house, compared) for each in told]
    if not answers and verdict.marks is not None:
        answers = [_nothing(verdict.marks, house)]
    return View(
        answers=answers,
        marks=list(_marks(verdict.marks)) if verdict.marks else [],
        warnings=list(_warnings(verdict)),
        manifest=_manifest(verdict.manifest),
    )


def _answer(told: Told, body: PublicBody, compared: bool) -> Answer:  # noqa: FBT001
    name, tone, badge = _outcome(told)
    facts = told.facts
    day = on_day(facts.day) if facts else LocalText("", "")
    said = VERIFY[f"said.{name}"]
    return Answer(
        tone=tone,
        badge=VERIFY[f"badge.{badge}"],
        said=LocalText(
            nl=said.nl.format(organisation=body.name, day=day.nl, code=told.code),
            en=said.en.format(organisation=body.name, day=day.en, code=told.code),
        ),
        body=body,
        notes=list(_notes(told, body, compared)),
        code=told.code,
        facts=list(_facts(facts, body)) if facts else [],
        known=told.standing is not Standing.UNKNOWN,
        told=facts is not None,
        receipt=facts.receipt if facts else None,
        letter=told.standing is Standing.LETTER or (facts is not None and facts.profile is Profile.CORRESPONDENCE),
    )


def _outcome(told: Told) -> tuple[str, str, str]:
    """Sentence, tone and badge."""
    if told.comparison is Comparison.OTHER_CODE:
        return "copied", "bad", "copied"
    if told.standing is Standing.UNKNOWN:
        return "unknown", "rest", "unknown"
    if told.standing is Standing.MARKED:
        return "marked", "wait", "marked"
    if told.standing is Standing.LETTER:
        different = told.comparison is Comparison.DIFFERENT
        return ("letter_different", "bad", "different") if different else ("letter", "busy", "letter")
    return _outcome_of_told(told)


def _outcome_of_told(told: Told) -> tuple[str, str, str]:
    """Green is for a text that was compared: a code alone could stand under anything."""
    status, same = told.facts and told.facts.status, told.comparison in _SAME
    if status is OutputStatus.WITHDRAWN:
        return "withdrawn", "bad", "withdrawn"
    if told.comparison is Comparison.DIFFERENT:
        return "different", "bad", "different"
    if status is OutputStatus.DELIVERED:
        return "unreviewed_same" if same else "unreviewed", "wait", "unreviewed"
    return ("reviewed_same", "good", "reviewed") if same else ("reviewed", "busy", "reviewed")


def _notes(told: Told, body: PublicBody, compared: bool) -> Iterator[LocalText]:  # noqa: FBT001
    if told.standing is Standing.UNKNOWN and told.comparison is None:
        yield VERIFY["compare.unknown"].format(organisation=body.name)
    if told.standing is Standing.UNKNOWN:
        return
    yield from _compared(told, compared)
    if told.facts is not None and told.facts.edited:
        yield VERIFY["compare.edited"]
    if manifest := _manifest(told.manifest):
        yield manifest
    if compared and told.comparison not in _SAME:
        yield VERIFY["compare.part"]
    if told.standing is Standing.TOLD:
        yield VERIFY["compare.content"].format(organisation=body.name)


def _compared(told: Told, compared: bool) -> Iterator[LocalText]:  # noqa: FBT001
    if told.comparison in {*_SAME, Comparison.DIFFERENT}:
        yield VERIFY[f"compare.{told.comparison}"]
    elif not compared:
        yield VERIFY["compare.no_text"]
    elif told.standing is Standing.TOLD and told.comparison is None:
        yield VERIFY["compare.not_kept"]


def _facts(facts: Facts, body: PublicBody) -> Iterator[tuple[LocalText, LocalText]]:
    yield VERIFY["verify.who"], LocalText(body.name, body.name)
    yield VERIFY["verify.kind"], VERIFY[f"kind.{facts.profile}"]
    reviewed = facts.status is not OutputStatus.DELIVERED
    yield VERIFY["verify.day_reviewed" if reviewed else "verify.day_delivered"], on_day(facts.day)


def _nothing(marks: Report, house: PublicBody) -> Answer:
    """No code that holds: either nothing at all, or remains of something."""
    remains = any(marks.of(kind) for kind in (Kind.LABEL, Kind.CODE_LINE, Kind.SENTENCE_ID))
    name = "damaged" if remains else "nothing"
    notes = [VERIFY["compare.nothing"], VERIFY["compare.why_nothing"]]
    return Answer("wait" if remains else "rest", VERIFY[f"badge.{name}"], VERIFY[f"said.{name}"], house, notes)


def _warnings(verdict: Verdict) -> Iterator[LocalText]:
    if verdict.marks is not None and verdict.marks.of(Kind.CODE_LINE, Check.FAILED):
        yield VERIFY["compare.address"]
    if verdict.marks is not None and verdict.marks.of(Kind.FOREIGN):
        yield VERIFY["compare.invisible"]
    if verdict.more_codes:
        yield VERIFY["compare.more_codes"]


def _manifest(report: ManifestReport | None) -> LocalText | None:
    return VERIFY[f"manifest.{report.state}"] if report else None


def _marks(report: Report) -> Iterator[LocalText]:
    """What `python -m watermark verify` says, in numbers; of many codes the commonest."""
    holds = Counter((each.kind, each.code) for each in report.findings if each.check is Check.VALID and each.code)
    common = holds.most_common(MOST_CODES)
    counted = [("marks.label", "", len(report.of(Kind.LABEL)))]
    counted += [("marks.sentence", code, count) for (kind, code), count in common if kind is Kind.SENTENCE_ID]
    broken = len(report.of(Kind.SENTENCE_ID)) - len(report.of(Kind.SENTENCE_ID, Check.VALID))
    counted += [("marks.damaged", "", broken)]
    counted += [("marks.address", code, count) for (kind, code), count in common if kind is Kind.CODE_LINE]
    counted += [("marks.other_address", "", len(report.of(Kind.CODE_LINE, Check.FAILED)))]
    counted += [("marks.invisible", "", len(report.of(Kind.FOREIGN)))]
    found = [VERIFY[name].format(code=code, count=str(count)) for name, code, count in counted if count]
    yield from found or [VERIFY["marks.none"]]
