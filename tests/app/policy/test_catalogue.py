# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.policy.catalogue import VISIBLE, Offering, Provider, Requirement

OFFERING: dict[str, Any] = {
    "id": "x-api",
    "title": "X API",
    "hosts": ["api.x.example"],
    "host_patterns": ["*.tenant.x.example"],
    "terms": "business",
    "jurisdiction": {"seat": "FR", "contract_party": "FR", "processing": ["FR"]},
    "default": "conditional",
    "sources": [{"url": "https://x.example/terms", "seen": "2026-10"}],
    "review_by": "2027-05-01",
    "certainty": "confirmed",
}


def offering(**more: Any) -> Offering:  # noqa: ANN401  (any field of an offering)
    return Offering.model_validate_json(json.dumps(OFFERING | more))


def provider(**more: Any) -> Provider:  # noqa: ANN401  (any field of a provider)
    tree = {"id": "x", "name": "X", "offensive_cyber_programme": False, "offerings": [OFFERING]}
    return Provider.model_validate_json(json.dumps(tree | more))


@pytest.mark.parametrize(
    ("host", "owned", "classified"),
    [
        ("api.x.example", True, False),
        ("a.tenant.x.example", True, True),
        ("a.b.tenant.x.example", True, True),
        ("tenant.x.example", False, False),
        ("eviltenant.x.example", False, False),
        ("a.tenant.x.example.evil.example", False, False),
        ("sub.api.x.example", False, False),
    ],
)
def test_a_host_is_owned_by_name_or_on_a_label_boundary(host: str, owned: bool, classified: bool) -> None:
    assert offering().owns(host) is owned
    assert offering().classifies(host) is classified


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"terms": "consumer"}, "can only have default"),
        ({"terms": "free-trains"}, "can only have default"),
        ({"terms": "consumer", "default": "allow"}, "can only have default"),
        ({"jurisdiction": None}, "needs its jurisdiction"),
        ({"sources": []}, "needs a source"),
        ({"default": "allow", "requires": ["contract"]}, "make it 'conditional'"),
        ({"requires": ["goodwill"]}, "requires"),
        ({"default": "maybe"}, "default"),
    ],
)
def test_facts_that_do_not_go_together_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        offering(**more)


@pytest.mark.parametrize(
    "more",
    [
        {"terms": "consumer", "default": "deny", "jurisdiction": None, "sources": []},
        {"terms": "self-hosted", "jurisdiction": None, "sources": []},
        {"certainty": "memory", "sources": []},
        {"default": "allow"},
    ],
)
def test_facts_that_go_together(more: dict[str, Any]) -> None:
    assert offering(**more).id == "x-api"


def test_a_barred_provider_offers_nothing_usable() -> None:
    with pytest.raises(ValidationError, match="hard-deny"):
        provider(offensive_cyber_programme=True)
    barred = provider(offensive_cyber_programme=True, offerings=[OFFERING | {"default": "hard-deny"}])
    assert barred.offensive_cyber_programme


def test_a_provider_offers_each_thing_once() -> None:
    with pytest.raises(ValidationError, match="same id"):
        provider(offerings=[OFFERING, OFFERING])


def test_what_shows_by_itself_is_a_part_of_what_can_be_required() -> None:
    assert set(Requirement) > VISIBLE
    assert Requirement.PAID_TIER not in VISIBLE
