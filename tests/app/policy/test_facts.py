# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Callable
from datetime import date

import pytest

from app.policy.catalogue import Requirement
from app.policy.facts import PLACEHOLDERS, Asked, Facts, particulars

FactsWith = Callable[..., Facts]
NOTHING = Facts(date(2026, 11, 23), Asked("-", "-", "-"))


def test_every_placeholder_can_be_filled_even_where_nothing_is_known(facts_with: FactsWith) -> None:
    assert particulars(NOTHING).keys() == PLACEHOLDERS
    for task in ("balie-concept-eu", "balie-antwoord", "proeftuin-zoekvraag"):
        filled = particulars(facts_with(task))
        assert filled.keys() == PLACEHOLDERS
        assert all(filled.values())


def test_particulars_name_what_the_sentence_is_about(facts_with: FactsWith) -> None:
    filled = particulars(facts_with("balie-antwoord", tools=frozenset({"zoek-kennisbank", "stuur-mail"})))
    assert (filled["tools"], filled["contract"], filled["valid_to"]) == (
        "stuur-mail",
        "beheer-eigen-machines",
        "2028-12-31",
    )


def test_a_chain_is_complete_or_not(facts_with: FactsWith) -> None:
    assert facts_with("balie-concept").complete
    assert not facts_with("balie-concept", {"deployment.contract": None}).complete
    assert not NOTHING.complete


@pytest.mark.parametrize(
    ("requires", "conditions", "expected"),
    [
        (["contract", "dpia", "api-key", "store-false", "zero-retention", "region", "training-off"], [], set()),
        (["paid-tier", "feedback-off"], ["paid-tier"], {Requirement.FEEDBACK_OFF}),
        (["paid-tier"], ["paid-tier", "model-licence"], set()),
    ],
)
def test_unconfirmed(requires: list[str], conditions: list[str], expected: set[object], facts_with: FactsWith) -> None:
    facts = facts_with("balie-concept-eu", {"offering.requires": requires, "contract.conditions": conditions})
    assert facts.unconfirmed == expected


def test_the_contact_of_the_application_goes_before_that_of_the_organisation(facts_with: FactsWith) -> None:
    assert facts_with("balie-chat", {"application.contact": {"email": "a@b.example"}}).contact == "a@b.example"
    assert facts_with("balie-chat").contact == "14 000, https://gemeente-voorbeeld.example/contact"
    assert NOTHING.contact == ""


def test_a_task_speaks_its_first_language(facts_with: FactsWith) -> None:
    assert facts_with("balie-antwoord").languages == ("nl",)
    assert facts_with("balie-antwoord", languages=("en",)).languages == ("en",)
    assert NOTHING.languages == ()


def test_the_newest_advice(facts_with: FactsWith) -> None:
    assert facts_with("balie-concept-eu").advice_date == date(2026, 11, 1)
    assert facts_with("balie-concept-eu", {"contract.advice": None}).advice_date is None
    assert NOTHING.advice_date is None


def test_the_public_is_told_who_is_responsible(facts_with: FactsWith) -> None:
    named = {"application.editorially_responsible": "Dienst Voorbeeld"}
    assert facts_with("balie-antwoord", named).responsible == "Dienst Voorbeeld"
    assert (
        facts_with("balie-antwoord", {"application.editorially_responsible": " "}).responsible == "Gemeente Voorbeeld"
    )
    assert NOTHING.responsible == ""
