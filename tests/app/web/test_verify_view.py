# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every verdict has its sentence, and the page says what the command line says."""

import itertools
from datetime import date

import pytest

from app.domain.decision import Profile
from app.domain.output import OutputStatus
from app.evidence.verification import Comparison, Facts, Standing, Told, Verdict
from app.policy.model import Contact
from app.policy.organisation import Organisation
from app.web.verify_view import PublicBody, View, view
from app.web.verify_words import VERIFY
from tests.published_texts import EDITED, LINES, PUBLICATION, TEXTS, marked
from watermark.manifest import ManifestReport, ManifestState
from watermark.model import Mark
from watermark.text import insertion
from watermark.verify import explain, inspect

HOUSE = PublicBody("huis", "Huis")
BODY = PublicBody("gemeente", "Gemeente", "14 000")
FACTS = Facts(Profile.PUBLICATION, date(2026, 11, 3), OutputStatus.APPROVED, edited=False, receipt=None)
MARKS = inspect("Een tekst.", LINES)


def body_of(organisation: str) -> PublicBody:
    assert organisation == BODY.id
    return BODY


def of(*told: Told, text: bool = True, found: tuple[Told, ...] = ()) -> View:
    return view(Verdict(codes=told, marks=MARKS if text else None, found=found), body_of, HOUSE)


def told(comparison: Comparison | None = None, **facts: object) -> Told:
    made = {"profile": FACTS.profile, "day": FACTS.day, "status": FACTS.status, "edited": False, "receipt": None}
    return Told(PUBLICATION, Standing.TOLD, BODY.id, Facts(**{**made, **facts}), comparison)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "text", "said", "tone"),
    [
        (told(), False, "reviewed", "busy"),
        (told(Comparison.SAME), True, "reviewed_same", "good"),
        (told(Comparison.SAME_WORDS), True, "reviewed_same", "good"),
        (told(Comparison.DIFFERENT), True, "different", "bad"),
        (told(Comparison.OTHER_CODE), True, "copied", "bad"),
        (told(Comparison.SAME, status=OutputStatus.WITHDRAWN), True, "withdrawn", "bad"),
        (told(Comparison.DIFFERENT, status=OutputStatus.WITHDRAWN), True, "withdrawn", "bad"),
        (told(status=OutputStatus.DELIVERED), False, "unreviewed", "wait"),
        (told(Comparison.SAME, status=OutputStatus.DELIVERED), True, "unreviewed_same", "wait"),
        (Told(EDITED, Standing.MARKED, BODY.id), True, "marked", "wait"),
        (Told(EDITED, Standing.LETTER, BODY.id), False, "letter", "busy"),
        (Told(EDITED, Standing.LETTER, BODY.id, comparison=Comparison.DIFFERENT), True, "letter_different", "bad"),
        (Told(EDITED, Standing.UNKNOWN), False, "unknown", "rest"),
        (Told(EDITED, Standing.UNKNOWN, comparison=Comparison.OTHER_CODE), True, "copied", "bad"),
    ],
)
def test_every_verdict_has_its_sentence(case: Told, text: bool, said: str, tone: str) -> None:
    (answer,) = of(case, text=text).answers
    name = BODY.name if case.organisation else HOUSE.name
    assert answer.said.nl == VERIFY[f"said.{said}"].nl.format(organisation=name, day="3 november 2026", code=case.code)
    assert answer.said.en == VERIFY[f"said.{said}"].en.format(organisation=name, day="3 November 2026", code=case.code)
    assert answer.tone == tone


def test_green_is_for_what_was_compared_and_reviewed_only() -> None:
    for status, comparison, text in itertools.product(OutputStatus, [None, *Comparison], [True, False]):
        (answer,) = of(told(comparison, status=status), text=text).answers
        assert (answer.tone == "good") == (
            status is OutputStatus.APPROVED and comparison in {Comparison.SAME, Comparison.SAME_WORDS}
        )


def notes(case: Told, *, text: bool) -> list[str]:
    (answer,) = of(case, text=text).answers
    words = {name: text for name, text in VERIFY.items() if name.startswith("compare.")}
    return [name for note in answer.notes for name in words if note == words[name].format(organisation=BODY.name)]


def test_the_notes_say_what_was_compared_and_what_was_not() -> None:
    assert notes(told(), text=False) == ["compare.no_text", "compare.content"]
    assert notes(told(Comparison.SAME), text=True) == ["compare.same", "compare.content"]
    assert notes(told(Comparison.DIFFERENT), text=True) == ["compare.different", "compare.part", "compare.content"]
    assert notes(told(status=OutputStatus.DELIVERED), text=True) == [
        "compare.not_kept",
        "compare.part",
        "compare.content",
    ]
    assert notes(told(edited=True), text=False) == ["compare.no_text", "compare.edited", "compare.content"]
    assert notes(Told(EDITED, Standing.LETTER, BODY.id), text=False) == ["compare.no_text"]
    assert notes(Told(EDITED, Standing.MARKED, BODY.id), text=True) == ["compare.part"]


@pytest.mark.parametrize("state", ManifestState)
def test_a_manifest_is_told_in_words(state: ManifestState) -> None:
    report = ManifestReport(state, "", "", "", "", (), ())
    (answer,) = of(Told(PUBLICATION, Standing.TOLD, BODY.id, FACTS, Comparison.SAME, report)).answers
    assert VERIFY[f"manifest.{state}"] in answer.notes
    assert view(Verdict(marks=MARKS, manifest=report), body_of, HOUSE).manifest == VERIFY[f"manifest.{state}"]


def test_what_is_found_comes_after_what_was_asked() -> None:
    answers = of(Told(EDITED, Standing.UNKNOWN), found=(told(Comparison.SAME),)).answers
    assert [answer.code for answer in answers] == [EDITED, PUBLICATION]


def test_a_letter_is_marked_as_one() -> None:
    cases = (told(profile=Profile.CORRESPONDENCE), Told(EDITED, Standing.LETTER, BODY.id), told())
    assert [of(case).answers[0].letter for case in cases] == [True, True, False]


def test_a_body_is_named_as_policy_names_it_else_by_its_id() -> None:
    registered = Organisation(
        id="gemeente",
        name="Gemeente",
        oin="0" * 20,
        contact=Contact(telephone="14 000", email="post@gemeente.example"),
        complaint_url="https://gemeente.example/klacht",
    )
    body = PublicBody.of("gemeente", registered)
    assert body == PublicBody(
        "gemeente", "Gemeente", "14 000, post@gemeente.example", "https://gemeente.example/klacht", ""
    )
    assert PublicBody.of("weg", None) == PublicBody("weg", "weg")


# The command line.

_DAMAGED = insertion(Mark.of_code(PUBLICATION))[:-1] + "\ufe0f"
_SHOWN = [
    "Een tekst van niemand.",
    marked(PUBLICATION),
    TEXTS[PUBLICATION],
    "AI-concept. Niet gecontroleerd. Niet publiceren.\n\nEen zin.",
    f"Een zin met woorden{_DAMAGED}.",
    marked(PUBLICATION).replace("https://waarmerk.example/", "https://waarmerk.example.evil/"),
    "Een z\u200bin.",
]


@pytest.mark.parametrize("text", _SHOWN)
def test_the_page_and_the_command_line_agree(text: str) -> None:
    """`python -m watermark verify` knows no house: it says what a text shows by itself, and so does the page."""
    report = inspect(text, LINES)
    lines = explain(report, text)
    said = view(Verdict(marks=report), body_of, HOUSE)
    badge = said.answers[0].badge
    assert ("No mark of ours was found." in lines) == (badge == VERIFY["badge.nothing"] and not report.codes)
    assert any("made by a human" in line for line in lines) == (badge == VERIFY["badge.nothing"])
    assert any("none that holds by itself" in line for line in lines) == (
        badge == VERIFY["badge.damaged"] and not report.codes
    )
    shown = [mark.en for mark in said.marks]
    for of_lines, of_page in (
        ("a label of ours", "A line of ours about AI"),
        (f"the mark of code {PUBLICATION}", f"the invisible mark of code {PUBLICATION}"),
        ("its check fails", "damaged or made up"),
        ("an address of ours", "Our address with code"),
        ("looks like ours but is another's", "An address that looks like ours"),
        ("invisible characters that are not ours", "invisible characters that are not ours"),
    ):
        assert any(of_lines in line for line in lines) == any(of_page in line for line in shown), of_page
