# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Callable
from typing import Any

import pytest

from app.policy.facts import Facts
from app.policy.predicates import (
    CLASSES,
    COUNTRIES,
    MONTHS,
    NEVER_OBSERVED,
    OPTIONAL,
    PLAIN,
    REQUIRED,
    bind,
    rule_fault,
)
from app.policy.rule import Rule, RuleEffect
from app.policy.snapshot import PolicySnapshot


def rule(**more: Any) -> Rule:  # noqa: ANN401  (any field of a rule)
    text = {"nl": "Nee, {task}.", "en": "No, {task}."}
    fields = {"id": "r", "effect": "deny", "when": "media-asked", "reason": text, "remedy": text, "source": "s"}
    return Rule.model_validate(fields | more, strict=False)


@pytest.mark.parametrize(
    "fine",
    [
        rule(),
        rule(observable=True),
        rule(when="advice-older-than", months=3),
        rule(when="jurisdiction-among", countries=["US"]),
        rule(when="data-class-above", data_class="public"),
        rule(reason={"nl": "{{letterlijk}}", "en": "{{literally}}"}),
    ],
)
def test_a_rule_without_a_fault(fine: Rule) -> None:
    assert rule_fault(fine) is None


@pytest.mark.parametrize(
    ("bad", "detail"),
    [
        (rule(when="or"), "'or' is no predicate"),
        (rule(months=3), "takes no bound, not months"),
        (rule(when="advice-older-than"), "takes months, not nothing"),
        (rule(when="advice-older-than", countries=["US"]), "takes months, not countries"),
        (rule(when="advice-older-than", months=3, countries=["US"]), "takes months, not months, countries"),
        (rule(when="host-unknown", observable=True), "can never be observed"),
        (rule(reason={"nl": "{prompt}", "en": "x"}), "uses {prompt}"),
        (rule(remedy={"nl": "x", "en": "{task.__class__}"}), "uses {task.__class__}"),
        (rule(remedy={"nl": "x", "en": "{task!r}"}), "uses {taskr}"),
        (rule(remedy={"nl": "x", "en": "}"}), "loose brace"),
    ],
)
def test_a_rule_with_a_fault(bad: Rule, detail: str) -> None:
    assert detail in (rule_fault(bad) or "")


def test_a_bound_reaches_its_predicate(facts_with: Callable[..., Facts]) -> None:
    facts = facts_with("balie-concept-eu")
    for bound, expected in [
        (rule(when="jurisdiction-among", countries=["FR"]), True),
        (rule(when="jurisdiction-among", countries=["US"]), False),
        (rule(when="data-class-above", data_class="public"), True),
        (rule(when="data-class-above", data_class="internal"), False),
        (rule(when="advice-older-than", months=1), False),
        (rule(when="media-asked"), False),
    ]:
        assert bind(bound).holds(facts) is expected


def test_a_word_means_one_thing() -> None:
    words = [*PLAIN, *MONTHS, *COUNTRIES, *CLASSES]
    assert len(set(words)) == len(words)
    assert set(words) == REQUIRED | OPTIONAL
    assert REQUIRED.isdisjoint(OPTIONAL)
    assert set(words) >= NEVER_OBSERVED


def test_who_may_be_asked_at_all_is_denied_and_never_observed(snapshot: PolicySnapshot) -> None:
    for word in NEVER_OBSERVED:
        rules = [bound.rule for bound in snapshot.rules if bound.rule.when == word]
        assert rules
        assert all(each.effect is RuleEffect.DENY and not each.observable for each in rules)
