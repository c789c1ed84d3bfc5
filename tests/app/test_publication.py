# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an approval makes of a text: a pure function of what is kept and of its day."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from app.domain.decision import Decision, Effect, HoldForReview, Label, Obligation, SentenceMarks
from app.domain.errors import InvalidRequest, KeyUnusable, PolicyInvalid
from app.domain.review import HoldState
from app.domain.subject import Context, Subject
from app.domain.text import LocalText
from app.publication import PUBLICATION, Publications, read_document, require_publication
from app.review.item import Opened
from tests.app.review.holds import HOLD, ONE
from tests.furnished import Furnished, furnished
from tests.reviewers import completion
from watermark.model import Disclosure

LATE = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
"""In the Netherlands it is the next day."""
TEXTS = {0: "Een zin. Nog een.", 1: "Twee zinnen. Echt waar."}
LABEL = Label(
    "reviewed",
    ("nl",),
    (Disclosure("nl", "Gemaakt met AI en gecontroleerd op {date}, {contact}.", "Gemaakt met AI · {code} · {url}"),),
    "Gemeente Voorbeeld",
    "14 000",
)
DRAFT = Label(
    "internal-draft",
    ("nl",),
    (Disclosure("nl", "AI-concept. Niet gecontroleerd. Niet publiceren.", "Gemaakt met AI · code {code} · {url}"),),
)
SUBJECT = Subject("key_1", "gemeente-voorbeeld", "balie", frozenset(), Context(actor="p-1"))


def kept(*terms: Obligation) -> Opened:
    answer = orjson.dumps(completion(*TEXTS.values(), reasoning="geheim"))
    return Opened(terms=terms, answer=answer, editions={1: TEXTS})


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Furnished]:
    async with furnished(tmp_path / "home", 1) as open_house:
        yield open_house


@pytest.fixture
def room(house: Furnished) -> Publications:
    return house.pipeline.publications


def test_the_form_is_dated_by_the_day_it_is_then_in_the_netherlands(room: Publications) -> None:
    form = room.form(HOLD, kept(LABEL, SentenceMarks()), TEXTS, LATE)
    assert form[0].startswith("Gemaakt met AI en gecontroleerd op 23 november 2026, 14 000.")
    assert form[1].endswith(f"/v/{HOLD.codes[1]}")
    assert form == room.form(HOLD, kept(LABEL, SentenceMarks()), TEXTS, LATE)


def test_what_has_no_label_leaves_as_it_is(room: Publications) -> None:
    assert room.form(HOLD, kept(), TEXTS, LATE) == TEXTS


def test_a_label_that_cannot_be_shown_is_a_fault_of_policy(room: Publications) -> None:
    with pytest.raises(PolicyInvalid):
        room.form(HOLD, kept(replace(LABEL, contact="")), TEXTS, LATE)


async def test_what_leaves_is_the_form_that_was_shown_and_no_other_word(room: Publications) -> None:
    opened = kept(LABEL, SentenceMarks())
    made = await room.make(HOLD, opened, TEXTS, LATE)
    tree = orjson.loads(made.body)
    assert made.texts == room.form(HOLD, opened, TEXTS, LATE)
    assert [choice["message"]["content"] for choice in tree["choices"]] == list(made.texts.values())
    assert b"geheim" not in made.body
    assert [released.code for released in made.released] == list(HOLD.codes.values())


async def test_rows_for_verify_say_which_choice_a_person_changed(room: Publications) -> None:
    made = await room.make(HOLD, kept(LABEL), {**TEXTS, 1: "Anders."}, LATE)
    rows = made.outputs(replace(HOLD, state=HoldState.APPROVED, record="rec_9"))
    assert [(row.code, row.edited, row.record, row.day.isoformat()) for row in rows] == [
        (HOLD.codes[0], False, "rec_9", "2026-11-23"),
        (HOLD.codes[1], True, "rec_9", "2026-11-23"),
    ]


class Broken:
    """A certificate that is over. Port: `Manifests`."""

    def make(self, text: str, **claim: object) -> bytes:
        raise KeyUnusable


async def test_where_a_manifest_cannot_be_signed_nothing_is_released(house: Furnished) -> None:
    openai, marking = house.pipeline.publications.dialect, house.pipeline.marking
    room = Publications(openai, marking, Broken(), house.house.keys.commitment)
    with pytest.raises(KeyUnusable):
        await room.make(HOLD, kept(LABEL), TEXTS, LATE)


def test_a_text_that_is_handed_in_is_described_as_a_call_is() -> None:
    body = orjson.dumps({"text": "Dag.", "task": "balie-antwoord", "language": "fy"})
    generation, subject = read_document(body, SUBJECT, str)
    assert (generation.operation, generation.model, generation.prompt) == (PUBLICATION, "balie-antwoord", ("Dag.",))
    assert (subject.context.language, subject.context.actor) == ("fy", "p-1")


def test_a_draft_is_handed_in_without_the_marks_that_it_came_with(house: Furnished) -> None:
    unmark = house.pipeline.marking.unmark
    draft = house.pipeline.marking.release(
        {0: "Dag. Tot ziens."}, DRAFT, {0: "K7Q2-9FXM-3TBW"}, LATE.date(), marks=True
    )
    body = {"text": draft[0], "task": "balie-antwoord"}
    generation, _ = read_document(orjson.dumps(body), SUBJECT, unmark)
    assert draft[0].startswith(DRAFT.texts[0].label)
    assert (generation.prompt, generation.body["text"]) == (("Dag. Tot ziens.",), "Dag. Tot ziens.")


def test_only_a_task_that_publishes_takes_one() -> None:
    text = LocalText(nl="Ja.", en="Yes.")
    decision = Decision(
        Effect.PERMIT, "permitted", text, text, "0" * 64, obligations=(HoldForReview(ONE),), profile="publication"
    )
    assert require_publication(decision).review_class is ONE
    for other in (replace(decision, profile="assistive"), replace(decision, obligations=())):
        with pytest.raises(InvalidRequest):
            require_publication(other)
