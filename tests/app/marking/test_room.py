# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Marks go in where policy asks, at once or at the sign-off, and come off again; they survive what texts go through."""

import html
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import nh3
import pytest
from hypothesis import assume, given, settings
from markdown_it import MarkdownIt

from app.domain.control import Case, Control, Door, Form, Says, Why
from app.domain.control import Kind as DoorKind
from app.domain.decision import CompareWithInput, HoldForReview, Label, Notice, SentenceMarks
from app.domain.review import ReviewClass
from app.domain.text import LocalText
from app.marking.room import Marking
from tests.app.marking.said import CHAT, CODES, DRAFT, ENVELOPE, LABEL, MARKING, answered, ask, mark, whole
from tests.watermark.texts import DISCLOSURES, LETTER, ORIGIN, TEXTS
from watermark import text
from watermark.label import OwnLines
from watermark.model import Check, Disclosure, Kind
from watermark.text import Carrier

DAY = date(2026, 11, 23)
HOLD = HoldForReview(ReviewClass("one", 1, editor_may_approve=True, attestations=()))
REVIEWED_LINES = tuple(
    Disclosure(each.language, f"{each.label} {{organisation}}, {{date}}: {{contact}}", each.code_line)
    for each in DISCLOSURES[:4]
)
REVIEWED = Label("reviewed", ("nl",), REVIEWED_LINES, organisation="Gemeente Voorbeeld", contact="14 000")
ROOM = Marking(ORIGIN, lambda: [*DISCLOSURES, *REVIEWED_LINES])
OWN = OwnLines([*DISCLOSURES, *REVIEWED_LINES], ORIGIN)


def release(plain: str, **more: Any) -> str:  # noqa: ANN401 options of release
    return ROOM.release({0: plain}, REVIEWED, CODES, DAY, **{"marks": True, **more})[0]


def test_what_no_room_can_do_is_not_promised() -> None:
    assert {Label, SentenceMarks} <= Marking.fulfils
    assert not Marking.fulfils & {HoldForReview, Notice, CompareWithInput}


async def test_a_text_that_is_held_gets_no_label_that_says_a_human_has_read_it() -> None:
    obligations = (ENVELOPE, REVIEWED, SentenceMarks(), HOLD)
    answer = await answered(ask(), whole({"content": LETTER}), obligations=obligations)
    assert answer["choices"][0]["message"]["content"] == LETTER


async def test_a_reviewed_label_needs_a_day_so_it_cannot_be_shown_at_once() -> None:
    with pytest.raises(ValueError, match="date"):
        mark(ask(), whole({"content": LETTER}), obligations=(ENVELOPE, REVIEWED))


async def test_what_one_decision_asks_is_not_taken_for_what_another_asks() -> None:
    marking = Marking(ORIGIN, lambda: DISCLOSURES)
    labels = [replace(LABEL, texts=DISCLOSURES[4:], organisation=f"Gemeente {number}") for number in range(300)]
    decisions = [(ENVELOPE, label) for label in labels] * 2
    for decision in decisions:
        output = mark(ask(), whole({"content": LETTER}), obligations=decision, marking=marking)
        (event,) = [event async for event in output.events]
        assert f"Gemaakt met AI. {decision[1].organisation} is verantwoordelijk." in event.data.decode()


async def test_an_answer_given_at_once_points_to_no_manifest() -> None:
    assert "link" not in mark(ask(), whole({"content": LETTER})).headers


@pytest.mark.parametrize(
    "address", ["waarmerk.example.nl", "https://a.example/pad", "https://a.example/", "ftp://a.example"]
)
def test_an_address_where_nobody_can_verify_is_refused_before_anything_is_served(address: str) -> None:
    with pytest.raises(ValueError, match="no address to verify at"):
        Marking(address)


async def test_an_address_is_written_small() -> None:
    marking = Marking("HTTPS://Waarmerk.Example.NL", lambda: DISCLOSURES)
    (event,) = [event async for event in mark(ask(), whole({"content": LETTER}), marking=marking).events]
    content = json.loads(event.data)["choices"][0]["message"]["content"]
    assert MARKING.unmark(content) == LETTER


def test_a_released_text_says_who_looked_and_when() -> None:
    assert release(LETTER).startswith(
        "AI-concept. Niet gecontroleerd. Niet publiceren. Gemeente Voorbeeld, 23 november 2026: 14 000\n\nBeste mevrouw"
    )
    assert "23 November 2026" in release(LETTER, language="en")
    assert "23 di novèmber 2026" in release(LETTER, language="pap")
    found = text.find(release(LETTER))
    assert {(each.code, each.check) for each in found} == {(CODES[0], Check.VALID)}
    assert text.find(release(LETTER, marks=False)) == []
    assert max(release(LETTER, carrier=Carrier.VS1)) < "\U00010000"


@pytest.mark.parametrize(
    "plain", ['{"brief": "Beste lezer. Dag."}', "```\nBeste lezer.\n```", "<p>Beste lezer.</p>", "[1] Bron"]
)
def test_what_looks_like_code_is_released_without_lines_only_where_the_task_answers_programs(plain: str) -> None:
    told = ROOM.release({0: plain}, REVIEWED, CODES, DAY, marks=True)[0]
    assert told.startswith("AI-concept.")
    assert told.endswith(CODES[0])
    assert ROOM.unmark(told) == plain
    assert ROOM.release({0: plain}, replace(REVIEWED, data=True), CODES, DAY, marks=True) == {0: plain}


@pytest.mark.parametrize("control", [Control.LABEL, Control.SENTENCE_IDS, Control.CODE_LINE])
@pytest.mark.parametrize(
    ("kind", "says", "data", "why"),
    [
        (DoorKind.RETRIEVAL, Says.DATA, False, None),
        (DoorKind.RETRIEVAL, Says.DATA, True, Why.NO_PROSE),
        (DoorKind.RETRIEVAL, Says.PROSE, True, None),
        (DoorKind.RETRIEVAL, Says.CALLS, False, Why.NO_PROSE),
        (DoorKind.GENERATION, Says.DATA, False, Why.NO_PROSE),
        (DoorKind.GENERATION, Says.BOTH, False, None),
    ],
)
def test_the_coverage_proof_claims_what_is_done(
    control: Control, kind: DoorKind, says: Says, data: bool, why: Why | None
) -> None:
    door = Door("POST", "/", kind, "-")
    asked = frozenset({Label, SentenceMarks})
    case = Case(door, "balie", "balie-antwoord", "publication", asked, Form(says=says), data=data)
    assert Marking.controls[control].excuse(case) is why


def test_every_choice_is_released_under_its_own_code() -> None:
    texts = ROOM.release({0: LETTER, 2: LETTER}, REVIEWED, CODES, DAY, marks=True)
    assert [texts[index][-14:] for index in sorted(texts)] == [CODES[0], CODES[2]]


@given(TEXTS)
@settings(max_examples=300)
def test_taking_our_marks_off_gives_back_what_was_approved(plain: str) -> None:
    assume(not text.find(plain))
    assume(OWN.remove(plain) == plain)
    assert ROOM.unmark(release(plain)) == plain


def test_a_released_answer_says_so_and_points_to_its_manifest() -> None:
    texts = ROOM.release({0: LETTER}, REVIEWED, {0: CODES[0]}, DAY, marks=True)
    disclosure = LocalText(nl="Gemaakt met AI.", en="Made with AI.")
    headers, said = ROOM.released(
        texts, exchange="exc_1", organisation="voorbeeld", codes={0: CODES[0]}, disclosure=disclosure
    )
    assert headers["link"] == f'<{ORIGIN}/c2pa/v1/manifests/{CODES[0]}>; rel="c2pa-manifest"'
    assert (headers["x-ai-review"], said["review"]) == ("approved", "approved")
    assert (said["content_class"], said["marks"]) == ("prose", ["label", "sentence-ids", "code-line"])
    assert said["disclosure"] == {"nl": "Gemaakt met AI.", "en": "Made with AI."}


def test_of_a_released_answer_only_what_is_there_is_said() -> None:
    plain = ROOM.release({0: LETTER}, REVIEWED, {0: CODES[0]}, DAY, marks=False)
    data = ROOM.release({0: '{"a": 1}'}, replace(REVIEWED, data=True), {0: CODES[0]}, DAY, marks=True)
    said = [
        ROOM.released(texts, exchange="exc_1", organisation="voorbeeld", codes={0: CODES[0]})[1]
        for texts in (plain, data)
    ]
    assert [(each["content_class"], each["marks"]) for each in said] == [
        ("prose", ["label", "code-line"]),
        ("machine", []),
    ]


def conversation(*messages: tuple[str, Any]) -> Any:  # noqa: ANN401 a body of the vendor
    return ask(messages=[{"role": role, "content": content} for role, content in messages])


async def test_our_marks_come_off_what_an_application_sends_back() -> None:
    answer = await answered(ask(n=2), whole({"content": LETTER}, {"content": "Ja. Dat is een zin."}))
    first, second = (choice["message"]["content"] for choice in answer["choices"])
    sent = conversation(
        ("system", "Wees kort."),
        ("assistant", first),
        ("user", first),
        ("assistant", [{"type": "text", "text": second}, {"type": "refusal", "refusal": second}]),
        ("assistant", release(LETTER)),
        ("assistant", None),
    )
    cleaned = ROOM.clean(CHAT, sent)
    assert [message["content"] for message in cleaned.body["messages"]] == [  # type: ignore[union-attr,call-overload,index]
        "Wees kort.",
        LETTER,
        first,
        [{"type": "text", "text": "Ja. Dat is een zin."}, {"type": "refusal", "refusal": second}],
        LETTER,
        None,
    ]
    assert cleaned.prompt == ("Wees kort.", LETTER, first, "Ja. Dat is een zin.", second, LETTER)


@pytest.mark.parametrize("line_break", ["\r\n", "\n"])
async def test_a_text_in_any_shipped_language_is_recognised(line_break: str) -> None:
    for disclosure in DISCLOSURES[:4]:
        label = replace(LABEL, texts=(disclosure,))
        answer = await answered(ask(), whole({"content": LETTER}), obligations=(ENVELOPE, label, SentenceMarks()))
        content = answer["choices"][0]["message"]["content"].replace("\n", line_break)
        assert MARKING.unmark(content) == LETTER.replace("\n", line_break)


def test_what_is_not_exactly_ours_stays() -> None:
    marked = MARKING.release({0: LETTER}, LABEL, CODES, DAY, marks=False)[0]
    other = [
        marked.replace(ORIGIN, "https://elders.example"),
        marked.replace(f"/v/{CODES[0]}", f"/v/{CODES[1]}"),
        marked.replace("Gemaakt met AI", "Gemaakt met Al"),
    ]
    for changed in other:
        assert MARKING.unmark(changed) == changed.removeprefix(f"{DISCLOSURES[0].label}\n\n")


def test_a_call_in_which_nothing_is_ours_is_passed_on_as_it_is() -> None:
    sent = conversation(("user", "Hallo"), ("assistant", LETTER), ("assistant", [{"type": "text", "text": "Dag."}]))
    assert ROOM.clean(CHAT, sent) is sent


SURVIVED: dict[str, Callable[[str], str]] = {
    "NFC": lambda marked: unicodedata.normalize("NFC", marked),
    "NFKC": lambda marked: unicodedata.normalize("NFKC", marked),
    "JSON": lambda marked: str(json.loads(json.dumps(marked))),
    "sanitised HTML": lambda marked: html.unescape(nh3.clean(html.escape(marked))),
    "Markdown": lambda marked: html.unescape(re.sub(r"<[^>]*>", "", MarkdownIt().render(marked))),
    "sanitised Markdown": lambda marked: html.unescape(nh3.clean(MarkdownIt().render(marked), tags=set())),
}


@pytest.mark.parametrize("change", SURVIVED.values(), ids=SURVIVED)
async def test_marks_survive(change: Callable[[str], str]) -> None:
    answer = await answered(ask(), whole({"content": LETTER}), obligations=DRAFT)
    changed = change(answer["choices"][0]["message"]["content"])
    assert len(text.find(changed)) == 7
    assert {(each.code, each.check) for each in text.find(changed)} == {(CODES[0], Check.VALID)}
    lines = {(each.kind, each.check) for each in OWN.find(changed)}
    assert lines == {(Kind.LABEL, Check.VALID), (Kind.CODE_LINE, Check.VALID)}
