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
from app.policy.facts import Facts
from app.policy.obligations import COMMITMENT_DAYS, obligations_of
from app.policy.snapshot import PolicySnapshot

FactsWith = Callable[..., Facts]
KEPT = Keep(COMMITMENT_DAYS)


def rest(snapshot: PolicySnapshot, facts: Facts) -> list[Obligation]:
    """All but the envelope, which is looked at apart."""
    envelope, *others = obligations_of(facts, snapshot.disclosures)
    assert type(envelope).__name__ == "Envelope"
    return others


def test_publication(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-antwoord", languages=("fy",))) == [
        Label("reviewed", ("fy",)),
        SentenceMarks(),
        HoldForReview("one"),
        Keep(3653, content=True),
    ]


def test_correspondence(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-brief")) == [
        Label("correspondence", ("nl",)),
        SentenceMarks(),
        HoldForReview("two"),
        Keep(1827, content=True),
    ]


def test_internal_draft(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-concept")) == [Label("internal-draft", ("nl",)), SentenceMarks(), KEPT]


def test_plain_takes_the_marks_in_sentences_and_nothing_else(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-register")) == [Label("internal-draft", ("nl",)), KEPT]


def test_citizen_chat(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    contact = "14 000, https://gemeente-voorbeeld.example/contact"
    assert rest(snapshot, facts_with("balie-chat")) == [Notice(contact), SentenceMarks(), KEPT]


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (None, [CompareWithInput(15), KEPT]),
        ({"review_class": "two", "held_as": "wait", "hold_after": 5}, [CompareWithInput(15), HoldForReview("two", "wait", 5), KEPT]),
    ],
)  # fmt: skip
def test_assistive(review: object, expected: list[Obligation], snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    assert rest(snapshot, facts_with("balie-redactie", {"task.review": review})) == expected


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
            envelope = obligations_of(facts_with(alias), snapshot.disclosures)[0]
            assert "AI" in envelope.disclosure.nl  # type: ignore[union-attr]
            assert "AI" in envelope.disclosure.en  # type: ignore[union-attr]


def test_there_are_no_obligations_without_a_task(snapshot: PolicySnapshot, facts_with: FactsWith) -> None:
    with pytest.raises(ValueError, match="has an application and a task"):
        obligations_of(replace(facts_with("balie-concept"), task=None), snapshot.disclosures)
