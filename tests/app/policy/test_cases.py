# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped cases pass, and they are worth something: a policy with any rule broken fails at least one of them."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import policies
from app.policy.cases import run_case
from app.policy.facts import Facts
from app.policy.loader import load_policy
from app.policy.predicates import BoundRule
from app.policy.rule import Case, Expectation, RuleEffect
from app.policy.snapshot import PolicySnapshot

FOLDER = Path(policies.__file__).parent


@cache
def shipped() -> PolicySnapshot:
    return load_policy(FOLDER / "baseline", FOLDER / "example")


RULES = [bound.rule.id for bound in shipped().rules]
CASES = {case.name: case for case in shipped().cases}


def broken(rule: str, change: Callable[[BoundRule], BoundRule | None]) -> PolicySnapshot:
    rules = [change(bound) if bound.rule.id == rule else bound for bound in shipped().rules]
    return replace(shipped(), rules=tuple(bound for bound in rules if bound is not None))


def removed(_bound: BoundRule) -> None:
    return None


def negated(bound: BoundRule) -> BoundRule:
    def opposite(facts: Facts) -> bool:
        return not bound.holds(facts)

    return replace(bound, holds=opposite)


def never(bound: BoundRule) -> BoundRule:
    return replace(bound, holds=lambda _facts: False)


def turned(bound: BoundRule) -> BoundRule:
    other = RuleEffect.WARN if bound.rule.effect is RuleEffect.DENY else RuleEffect.DENY
    return replace(bound, rule=bound.rule.model_copy(update={"effect": other}))


def first_failure(snapshot: PolicySnapshot) -> str | None:
    return next((case.name for case in snapshot.cases if run_case(snapshot, case).failures), None)


@pytest.mark.parametrize("name", CASES)
def test_the_shipped_cases_pass(name: str) -> None:
    assert run_case(shipped(), CASES[name]).failures == ()


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_expected_by_a_case(rule: str) -> None:
    assert any(rule in {case.expect.rule, *case.expect.shadow} for case in CASES.values())


@pytest.mark.parametrize("change", [removed, negated, never, turned], ids=lambda change: change.__name__)
@pytest.mark.parametrize("rule", RULES)
def test_a_case_notices_when_a_rule_is_broken(rule: str, change: Callable[[BoundRule], BoundRule | None]) -> None:
    assert first_failure(broken(rule, change)) is not None


def test_a_case_says_what_it_expected_and_what_it_got() -> None:
    case = CASES["a consumer account"].model_copy(
        update={"expect": Expectation.model_validate_json('{"effect": "permit", "rule": "permitted"}')}
    )
    outcome = run_case(shipped(), case)
    assert outcome.failures == (
        "effect: expected permit, got deny",
        "rule: expected permitted, got consumer-terms",
    )


@pytest.mark.parametrize(
    ("path", "value", "failure"),
    [
        ("contract.valid_too", "2026-01-01", "there is no such fact"),
        ("contract", None, "there is no such fact"),
        ("contract.advice.date.year", 2026, "there is no such fact"),
        ("nothing.at_all", 1, "there is no such fact"),
        ("contract.valid_to", "next year", "contract.valid_to"),
        ("contract.valid_to", "2020-01-01", "valid_to lies before valid_from"),
        ("offering.terms", "consumer", "can only have default"),
        ("task.profile", "poetry", "application.tasks"),
        ("task.languages", ["nl", "de"], "there are no texts in 'de'"),
    ],
)
def test_a_case_that_cannot_be_is_a_failure(path: str, value: object, failure: str) -> None:
    case = CASES["a first draft, at a European provider"].model_copy(update={"set": {path: value}})
    outcome = run_case(shipped(), case)
    assert outcome.decision is None
    assert failure in outcome.failures[0]


def test_a_change_stays_within_its_case() -> None:
    before = shipped().contracts["voorbeeld-2026-scaleway"]
    case = CASES["a contract that ended yesterday"]
    assert run_case(shipped(), case).failures == ()
    assert shipped().contracts["voorbeeld-2026-scaleway"] is before
    again: Case = CASES["a first draft, at a European provider"]
    assert run_case(shipped(), again).failures == ()
