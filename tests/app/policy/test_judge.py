# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from app.domain.decision import Effect
from app.policy.facts import Asked
from app.policy.gather import gather
from app.policy.judge import judge, try_rules, verdict
from app.policy.predicates import BoundRule
from app.policy.references import PERMITTED, UNKNOWN
from app.policy.rule import Observe, RuleEffect
from app.policy.snapshot import PolicySnapshot

TODAY = date(2026, 11, 23)
OWN = Asked("gemeente-voorbeeld", "balie", "balie-concept")
EU = replace(OWN, alias="balie-concept-eu")


def observing(snapshot: PolicySnapshot, rule: str, until: date, organisation: str = OWN.organisation) -> PolicySnapshot:
    observe = Observe(rule=rule, organisation=organisation, owner="CIO", reason="Invoering", until=until)
    return replace(snapshot, observed=MappingProxyType({(organisation, rule): observe}))


def without_value(snapshot: PolicySnapshot) -> PolicySnapshot:
    changed = {
        key: application.model_copy(update={"public_value": ""}) for key, application in snapshot.applications.items()
    }
    return replace(snapshot, applications=MappingProxyType(changed))


def without_rules(snapshot: PolicySnapshot, *kept: str) -> PolicySnapshot:
    return replace(snapshot, rules=tuple(bound for bound in snapshot.rules if bound.rule.id in kept))


def test_a_permit_needs_every_fact_even_when_no_rule_speaks(snapshot: PolicySnapshot) -> None:
    silent = without_rules(snapshot)
    facts = gather(silent, EU, TODAY)
    assert verdict(silent, facts).rule == PERMITTED
    for link in ("organisation", "application", "task", "deployment", "contract", "offering", "provider"):
        unknown: dict[str, Any] = {link: None}
        decision = verdict(silent, replace(facts, **unknown))
        assert (decision.effect, decision.rule) == (Effect.DENY, UNKNOWN), link


@pytest.mark.parametrize("collection", ["providers", "contracts", "deployments", "organisations", "applications"])
def test_it_denies_when_anything_is_unknown(collection: str, snapshot: PolicySnapshot) -> None:
    nothing: dict[str, Any] = {collection: MappingProxyType({})}
    poorer = replace(snapshot, **nothing)
    assert judge(poorer, EU, TODAY).effect is Effect.DENY
    assert judge(without_rules(poorer), EU, TODAY).rule == UNKNOWN


def test_the_first_rule_that_denies_gives_the_reason(snapshot: PolicySnapshot) -> None:
    old = replace(OWN, application="oude-tool", alias="oude-samenvatting")
    denying = [trial.rule.id for trial in try_rules(snapshot, gather(snapshot, old, TODAY)) if trial.denies]
    assert denying == ["consumer-terms", "offering-denied", "no-contract"]
    assert judge(snapshot, old, TODAY).rule == "consumer-terms"


def test_reason_and_remedy_are_filled_in(snapshot: PolicySnapshot) -> None:
    decision = judge(snapshot, EU, date(2029, 1, 1))
    assert decision.rule == "contract-expired"
    assert decision.reason.nl == "Contract voorbeeld-2026-scaleway is geëindigd op 2028-12-31."
    assert decision.reason.en == "Contract voorbeeld-2026-scaleway ended on 2028-12-31."


def test_an_observed_rule_casts_a_shadow_until_its_date(snapshot: PolicySnapshot) -> None:
    poor = without_value(snapshot)
    assert judge(poor, OWN, TODAY).rule == "no-public-value"
    observed = observing(poor, "no-public-value", until=TODAY)
    decision = judge(observed, OWN, TODAY)
    assert decision.effect is Effect.PERMIT
    assert [(shadow.rule, shadow.effect) for shadow in decision.shadow] == [("no-public-value", Effect.DENY)]
    assert judge(observed, OWN, date(2026, 11, 24)).rule == "no-public-value"


def test_a_rule_is_observed_by_one_organisation_only(snapshot: PolicySnapshot) -> None:
    elsewhere = observing(without_value(snapshot), "no-public-value", TODAY, organisation="gemeente-elders")
    assert judge(elsewhere, OWN, TODAY).rule == "no-public-value"


def test_a_rule_that_is_always_enforced_cannot_be_observed(snapshot: PolicySnapshot) -> None:
    observed = observing(snapshot, "consumer-terms", until=TODAY)
    old = replace(OWN, application="oude-tool", alias="oude-samenvatting")
    assert judge(observed, old, TODAY).rule == "consumer-terms"


def test_a_warning_stops_nobody(snapshot: PolicySnapshot) -> None:
    decision = judge(snapshot, EU, date(2027, 6, 1))
    assert decision.effect is Effect.PERMIT
    assert [shadow.rule for shadow in decision.shadow] == ["supplier-advice-ageing", "catalogue-overdue"]


def test_the_alternative_is_permitted_for_the_same_request(snapshot: PolicySnapshot) -> None:
    structured = judge(snapshot, replace(OWN, structured=True), TODAY)
    assert (structured.rule, structured.alternative) == ("structured-not-listed", "balie-zoekvraag")
    late = judge(snapshot, EU, date(2028, 1, 1))
    assert late.alternative == "balie-concept", "the same profile comes first"
    picture = judge(snapshot, replace(OWN, media=frozenset({"image"})), TODAY)
    assert picture.alternative is None


def test_words_of_a_caller_are_cut_short_and_made_printable(snapshot: PolicySnapshot) -> None:
    decision = judge(snapshot, replace(OWN, alias="{contract}\n\x1b[31m" + "x" * 500), TODAY)
    assert decision.rule == "unknown-task"
    assert decision.reason.en.isprintable()
    assert "{contract}" in decision.reason.en
    assert len(decision.reason.en) < 200
    assert decision.task == ""


def test_every_rule_can_say_its_reason_where_nothing_is_known(snapshot: PolicySnapshot) -> None:
    for bound in snapshot.rules:
        always = BoundRule(bound.rule.model_copy(update={"effect": RuleEffect.DENY}), lambda _facts: True)
        decision = judge(replace(snapshot, rules=(always,)), Asked("-", "-", "-"), TODAY)
        assert decision.rule == bound.rule.id
        assert decision.reason.nl != decision.reason.en


def test_a_decision_is_a_function_of_snapshot_question_and_date(snapshot: PolicySnapshot) -> None:
    first, second = judge(snapshot, EU, TODAY), judge(snapshot, EU, TODAY)
    assert first == second
    assert {field.name for field in fields(EU)}.isdisjoint({"prompt", "body"})
