# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.decision import (
    CompareWithInput,
    HoldForReview,
    Keep,
    Label,
    Notice,
    Obligation,
    Sandbox,
    SentenceMarks,
)
from app.policy.disclosure import Variant
from app.policy.facts import Facts
from app.policy.obligations import COMMITMENT_DAYS, obligations_of
from app.policy.snapshot import PolicySnapshot

FactsWith = Callable[..., Facts]
KEPT = Keep(COMMITMENT_DAYS)
CONTACT = "14 000, https://gemeente-voorbeeld.example/contact"


def rest(snapshot: PolicySnapshot, facts: Facts) -> list[Obligation]:
    """All but the envelope, which is looked at apart."""
    envelope, *others = obligations_of(facts, snapshot)
    assert type(envelope).__name__ == "Envelope"
    return others


def label(snapshot: PolicySnapshot, variant: Variant, *languages: str) -> Label:
    """As the responsible organisation of the example shows it."""
    texts = tuple(snapshot.disclosures[language].shown(variant) for language in languages)
    return Label(variant.value, languages, texts, "Gemeente Voorbeeld", CONTACT)


def test_publication(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-antwoord", languages=("fy",))) == [
        label(snapshot, Variant.REVIEWED, "fy"),
        SentenceMarks(),
        HoldForReview(snapshot.review_classes["one"]),
        Keep(3653, content=True),
    ]


def test_correspondence(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-brief")) == [
        label(snapshot, Variant.CORRESPONDENCE, "nl"),
        SentenceMarks(),
        HoldForReview(snapshot.review_classes["two"]),
        Keep(1827, content=True),
    ]


def test_a_held_task_that_names_no_class_gets_the_first(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert HoldForReview(snapshot.review_classes["one"]) in rest(
        snapshot, facts_with("balie-brief", {"task.review": None})
    )


def test_internal_draft(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    shown = label(snapshot, Variant.INTERNAL_DRAFT, "nl")
    assert rest(snapshot, facts_with("balie-concept")) == [shown, SentenceMarks(), KEPT]


def test_plain_takes_the_marks_in_sentences_and_nothing_else(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-register")) == [label(snapshot, Variant.INTERNAL_DRAFT, "nl"), KEPT]


@pytest.mark.parametrize(
    ("languages", "shown"),
    [
        ((), ("nl",)),
        (("en",), ("en",)),
        (("en", "nl"), ("en", "nl")),
        (("de",), ("nl",)),  # the rule about languages is only observed: the task's own is meant
    ],
)
def test_a_label_comes_in_every_language_that_will_do(
    languages: tuple[str, ...], shown: tuple[str, ...], snapshot: PolicySnapshot, facts_with: FactsWith
) -> None:
    assert label(snapshot, Variant.INTERNAL_DRAFT, *shown) in rest(
        snapshot, facts_with("balie-concept", languages=languages)
    )


def test_who_edits_answers_for_the_text_and_the_application_says_how_to_be_reached(
    snapshot: PolicySnapshot, facts_with: FactsWith
) -> None:
    own = {"application.editorially_responsible": "Dienst Voorbeeld", "application.contact": {"telephone": "14 001"}}
    found = next(each for each in rest(snapshot, facts_with("balie-brief", own)) if isinstance(each, Label))
    assert (found.organisation, found.contact) == ("Dienst Voorbeeld", "14 001")


@pytest.mark.parametrize("structured", [False, True])
def test_only_a_task_that_answers_programs_may_publish_data(
    structured: bool, snapshot: PolicySnapshot, facts_with: FactsWith
) -> None:
    found = rest(snapshot, facts_with("balie-antwoord", {"task.structured": structured}))
    assert [each.data for each in found if isinstance(each, Label)] == [structured]


def test_citizen_chat(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-chat")) == [Notice(CONTACT), SentenceMarks(), KEPT]


def test_assistive(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-redactie")) == [CompareWithInput(15), KEPT]


def test_assistive_is_held_where_the_task_says_so(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    review = {"review_class": "three", "held_as": "wait", "hold_after": 5}
    held = HoldForReview(snapshot.review_classes["three"], "wait", 5)
    assert rest(snapshot, facts_with("balie-redactie", {"task.review": review})) == [CompareWithInput(15), held, KEPT]


def test_machine(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-zoekvraag")) == [KEPT]


def test_sandbox(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    facts = facts_with("proeftuin-zoekvraag", {"application.sandbox.declared": "publicly-available"})
    assert facts.application is not None
    assert facts.application.sandbox is not None
    assert rest(snapshot, facts) == [KEPT, Sandbox("publicly available", facts.application.sandbox.until)]


def test_what_is_held_is_kept_whatever_the_task_says(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    facts = facts_with("balie-brief", {"task.keep": {"days": 7}})
    assert Keep(7, content=True) in rest(snapshot, facts)


def test_every_permit_says_beside_the_content_that_it_is_ai(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    for application in snapshot.applications.values():
        for alias in application.tasks:
            envelope = obligations_of(facts_with(alias), snapshot)[0]
            assert "AI" in envelope.disclosure.nl  # type: ignore[union-attr]
            assert "AI" in envelope.disclosure.en  # type: ignore[union-attr]


def test_there_are_no_obligations_without_a_task(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    with pytest.raises(ValueError, match="has an application and a task"):
        obligations_of(replace(facts_with("balie-concept"), task=None), snapshot)
