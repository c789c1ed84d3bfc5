# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.policy.facts import Asked, Facts
from app.policy.model import DataClass
from app.policy.predicates import CLASSES, COUNTRIES, MONTHS, PLAIN
from app.policy.supply import EUROPE, months_after

EU, OWN = "balie-concept-eu", "balie-concept"
PINNED = {
    "offering.terms": "aggregator",
    "offering.pin_by_model_suffix": True,
    "deployment.pinned_provider": "scaleway",
    "deployment.model": "m:scaleway",
}
PATTERN_HOST = "voorbeeld.ifr.fr-par.scaleway.com"

# Predicate, task, what is changed, whether it holds.
TABLE: list[tuple[str, str, dict[str, Any], bool]] = [
    ("provider-barred", EU, {}, False),
    ("provider-barred", EU, {"deployment.offering": "deepseek-api"}, True),
    ("terms-consumer", EU, {}, False),
    ("terms-consumer", EU, {"offering.terms": "consumer", "offering.default": "deny"}, True),
    ("terms-consumer", EU, {"offering.terms": "free-trains", "offering.default": "deny"}, False),
    ("terms-free-and-training", EU, {"offering.terms": "free-trains", "offering.default": "deny"}, True),
    ("terms-free-and-training", EU, {"offering.terms": "consumer", "offering.default": "deny"}, False),
    ("offering-denied", EU, {"offering.default": "conditional"}, False),
    ("offering-denied", EU, {"offering.default": "allow", "offering.requires": []}, False),
    ("offering-denied", EU, {"offering.default": "deny"}, True),
    ("offering-denied", EU, {"offering.default": "hard-deny"}, True),
    ("aggregator-unpinned", EU, {"deployment.model": "m"}, False),
    ("aggregator-unpinned", EU, PINNED, False),
    ("aggregator-unpinned", EU, PINNED | {"offering.pin_by_model_suffix": False}, True),
    ("aggregator-unpinned", EU, PINNED | {"deployment.pinned_provider": None}, True),
    (
        "aggregator-unpinned",
        EU,
        PINNED | {"deployment.pinned_provider": "nobody", "deployment.model": "m:nobody"},
        True,
    ),
    (
        "aggregator-unpinned",
        EU,
        PINNED | {"deployment.pinned_provider": "deepseek", "deployment.model": "m:deepseek"},
        True,
    ),
    ("aggregator-unpinned", EU, PINNED | {"deployment.model": "m:scaleway-2"}, True),
    ("outside-europe-unexplained", EU, {}, False),
    ("outside-europe-unexplained", EU, {"offering.jurisdiction.seat": "NO"}, False),
    ("outside-europe-unexplained", EU, {"offering.jurisdiction.seat": "US"}, True),
    ("outside-europe-unexplained", EU, {"offering.jurisdiction.seat": "US", "application.rationale_non_eu": " "}, True),
    (
        "outside-europe-unexplained",
        EU,
        {"offering.jurisdiction.seat": "US", "application.rationale_non_eu": "x"},
        False,
    ),
    ("outside-europe-unexplained", OWN, {}, False),
    ("host-unknown", EU, {}, False),
    ("host-unknown", EU, {"deployment.host": "evil-api.scaleway.ai"}, True),
    ("host-unknown", EU, {"deployment.host": "api.scaleway.ai.evil.example"}, True),
    ("host-unknown", EU, {"deployment.host": "x.example", "contract.hosts": ["x.example"]}, True),
    ("host-unknown", EU, {"deployment.host": "x.example", "contract.hosts": ["x.example"], "offering.hosts": []}, True),
    (
        "host-unknown",
        EU,
        {
            "deployment.host": "x.example",
            "contract.hosts": ["x.example"],
            "offering.hosts": [],
            "offering.host_patterns": [],
        },
        False,
    ),
    ("host-unknown", EU, {"deployment.host": PATTERN_HOST}, False),
    ("host-unknown", OWN, {}, False),
    ("host-unknown", OWN, {"contract.hosts": []}, True),
    ("host-unknown", OWN, {"deployment.contract": None}, True),
    ("host-of-another-offering", EU, {}, False),
    ("host-of-another-offering", EU, {"deployment.host": "api.mistral.ai"}, True),
    ("host-of-another-offering", EU, {"deployment.host": "x.example"}, False),
    (
        "host-of-another-offering",
        OWN,
        {"deployment.host": "api.deepseek.com", "contract.hosts": ["api.deepseek.com"]},
        True,
    ),
    ("host-not-named", EU, {}, False),
    ("host-not-named", EU, {"deployment.host": PATTERN_HOST}, True),
    ("host-not-named", EU, {"deployment.host": PATTERN_HOST, "contract.hosts": [PATTERN_HOST]}, False),
    ("host-not-named", OWN, {"deployment.host": "llm.local.example", "offering.hosts": ["llm.local.example"]}, True),
    ("contract-missing", EU, {}, False),
    ("contract-missing", EU, {"deployment.contract": None}, True),
    ("contract-not-yet-valid", EU, {"contract.valid_from": "2026-11-23"}, False),
    ("contract-not-yet-valid", EU, {"contract.valid_from": "2026-11-24"}, True),
    ("contract-expired", EU, {"contract.valid_to": "2026-11-23"}, False),
    ("contract-expired", EU, {"contract.valid_to": "2026-11-22"}, True),
    ("region-outside-contract", EU, {}, False),
    ("region-outside-contract", EU, {"deployment.region": "FR-PAR"}, True),
    ("training-not-excluded", EU, {}, False),
    ("training-not-excluded", EU, {"contract.training": "allowed"}, True),
    ("training-not-excluded", EU, {"contract.training": "unknown"}, True),
    ("processing-agreement-missing", EU, {}, False),
    ("processing-agreement-missing", EU, {"contract.processing_agreement": None}, True),
    (
        "processing-agreement-missing",
        EU,
        {"contract.processing_agreement": None, "application.personal_data": False},
        False,
    ),
    ("processing-agreement-missing", OWN, {}, False),
    ("copyright-warranty-missing", EU, {}, False),
    ("copyright-warranty-missing", EU, {"contract.copyright_warranty": False}, True),
    ("copyright-warranty-missing", OWN, {"contract.copyright_warranty": False}, False),
    ("data-class-above-contract", EU, {"application.data_class": "public"}, False),
    ("data-class-above-contract", EU, {"application.data_class": "internal"}, False),
    ("data-class-above-contract", EU, {"application.data_class": "confidential"}, True),
    ("data-class-above-contract", EU, {"application.data_class": "state-secret"}, True),
    ("supplier-dpia-missing", EU, {}, False),
    ("supplier-dpia-missing", EU, {"contract.dpia": None}, True),
    ("supplier-dpia-missing", EU, {"contract.dpia": None, "offering.requires": []}, False),
    ("retention-not-zero", EU, {"contract.retention_days": 30}, False),
    ("retention-not-zero", EU, {"offering.requires": ["zero-retention"]}, False),
    ("retention-not-zero", EU, {"offering.requires": ["zero-retention"], "contract.retention_days": 1}, True),
    ("retention-not-zero", EU, {"offering.requires": ["zero-retention"], "contract.retention_days": None}, True),
    ("condition-unconfirmed", EU, {}, False),
    ("condition-unconfirmed", EU, {"offering.requires": ["paid-tier"]}, True),
    ("condition-unconfirmed", EU, {"offering.requires": ["paid-tier"], "contract.conditions": ["paid-tier"]}, False),
    ("advice-missing", EU, {}, False),
    ("advice-missing", EU, {"contract.advice": None}, True),
    ("advice-missing", OWN, {}, False),
    ("catalogue-overdue", EU, {"offering.review_by": "2026-11-23"}, False),
    ("catalogue-overdue", EU, {"offering.review_by": "2026-11-22"}, True),
    ("model-denied", EU, {}, False),
    ("model-denied", EU, {"offering.denied_model_suffixes": [":free"], "deployment.model": "x:Free"}, True),
    ("model-denied", EU, {"offering.denied_model_suffixes": [":free"], "deployment.model": ":free-x"}, False),
    ("model-denied", EU, {"offering.denied_models": ["openrouter/auto"], "deployment.model": "openrouter/auto"}, True),
    (
        "model-denied",
        EU,
        {"offering.denied_models": ["openrouter/auto"], "deployment.model": "openrouter/auto2"},
        False,
    ),
    ("model-outside-contract", EU, {}, False),
    ("model-outside-contract", EU, {"deployment.model": "Mistral-small-3.2-24b-instruct-2506"}, True),
    ("model-outside-contract", EU, {"contract.models": ["mistral-small-3x2-24b-instruct-2506"]}, True),
    ("model-origin-unknown", EU, {}, False),
    ("model-origin-unknown", EU, {"deployment.model_origin": None}, True),
    ("storage-not-off", EU, {}, False),
    ("storage-not-off", EU, {"offering.requires": ["store-false"]}, True),
    ("storage-not-off", EU, {"offering.requires": ["store-false"], "deployment.force.store": 0}, True),
    ("storage-not-off", EU, {"offering.requires": ["store-false"], "deployment.force.store": False}, False),
    ("credential-missing", EU, {"offering.requires": ["api-key"]}, False),
    ("credential-missing", EU, {"offering.requires": ["api-key"], "deployment.credential": None}, True),
    ("credential-missing", EU, {"deployment.credential": None}, False),
]


@pytest.mark.parametrize(("predicate", "task", "changes", "expected"), TABLE)
def test_truth(
    predicate: str, task: str, changes: dict[str, Any], expected: bool, facts_with: Callable[..., Facts]
) -> None:
    assert PLAIN[predicate](facts_with(task, changes)) is expected


def test_the_table_shows_every_predicate_of_this_file_both_ways() -> None:
    own = {name for name, predicate in PLAIN.items() if predicate.__module__ == "app.policy.supply"}
    assert {(name, outcome) for name in own for outcome in (True, False)} == {(row[0], row[3]) for row in TABLE}


@pytest.mark.parametrize(
    ("countries", "changes", "expected"),
    [
        (("CN", "RU"), {}, False),
        (("FR",), {}, True),
        (("CN",), {"offering.jurisdiction.seat": "CN"}, True),
        (("CN",), {"offering.jurisdiction.contract_party": "CN"}, True),
        (("CN",), {"offering.jurisdiction.processing": ["FR", "CN"]}, True),
    ],
)
def test_jurisdiction_among(
    countries: tuple[str, ...], changes: dict[str, Any], expected: bool, facts_with: Callable[..., Facts]
) -> None:
    assert COUNTRIES["jurisdiction-among"](facts_with(EU, changes), countries) is expected


@pytest.mark.parametrize(
    ("origin", "analysis", "expected"),
    [
        ("FR", None, False),
        (None, None, False),
        ("CN", None, True),
        ("CN", {"reference": "RA-1", "date": "2026-01-01"}, False),
    ],
)
def test_model_origin_unanalysed(
    origin: str | None, analysis: object, expected: bool, facts_with: Callable[..., Facts]
) -> None:
    facts = facts_with(EU, {"deployment.model_origin": origin, "deployment.origin_analysis": analysis})
    assert COUNTRIES["model-origin-unanalysed"](facts, ("CN", "RU")) is expected


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2027, 5, 1), False), (date(2027, 5, 2), True), (date(2026, 10, 1), False)]
)
def test_advice_older_than_six_months(today: date, expected: bool, facts_with: Callable[..., Facts]) -> None:
    assert MONTHS["advice-older-than"](facts_with(EU, today=today), 6) is expected


def test_the_newest_advice_counts(facts_with: Callable[..., Facts]) -> None:
    published = {"source": "https://advice.example/", "date": "2027-04-01"}
    facts = facts_with(EU, {"offering.risk_advice": published}, today=date(2027, 5, 2))
    assert MONTHS["advice-older-than"](facts, 6) is False


@pytest.mark.parametrize("data_class", DataClass)
def test_data_class_above(data_class: DataClass, facts_with: Callable[..., Facts]) -> None:
    facts = facts_with(EU, {"application.data_class": "confidential"})
    assert CLASSES["data-class-above"](facts, data_class) is (data_class in {DataClass.PUBLIC, DataClass.INTERNAL})


def test_nothing_holds_where_nothing_is_known() -> None:
    nothing = Facts(date(2026, 11, 23), Asked("-", "-", "-"))
    own = {name for name, predicate in PLAIN.items() if predicate.__module__ == "app.policy.supply"}
    assert [name for name in own if PLAIN[name](nothing)] == []
    assert not MONTHS["advice-older-than"](nothing, 1)
    assert not COUNTRIES["jurisdiction-among"](nothing, ("CN",))
    assert not COUNTRIES["model-origin-unanalysed"](nothing, ("CN",))
    assert not CLASSES["data-class-above"](nothing, DataClass.PUBLIC)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_after(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_europe_is_the_economic_area() -> None:
    assert len(EUROPE - {"EU"}) == 30
    assert EUROPE.isdisjoint({"GB", "CH", "US"})
