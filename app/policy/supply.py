# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Predicates about what is used: provider, offering, contract, deployment. Pure; false where there is nothing to look at."""

import calendar
from datetime import date

from app.policy.catalogue import Default, Requirement, Terms
from app.policy.facts import Facts
from app.policy.model import DataClass
from app.policy.organisation import Training

EUROPE = frozenset({
    "EU", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""The European Economic Area, where the same data protection law holds."""


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# Who offers, and on what terms.


def provider_barred(facts: Facts) -> bool:
    return facts.provider is not None and facts.provider.offensive_cyber_programme


def jurisdiction_among(facts: Facts, countries: tuple[str, ...]) -> bool:
    where = facts.offering.jurisdiction if facts.offering else None
    return where is not None and not {where.seat, where.contract_party, *where.processing}.isdisjoint(countries)


def terms_consumer(facts: Facts) -> bool:
    return facts.offering is not None and facts.offering.terms is Terms.CONSUMER


def terms_free_and_training(facts: Facts) -> bool:
    return facts.offering is not None and facts.offering.terms is Terms.FREE_TRAINS


def offering_denied(facts: Facts) -> bool:
    return facts.offering is not None and facts.offering.default in {Default.DENY, Default.HARD_DENY}


def aggregator_unpinned(facts: Facts) -> bool:
    if facts.offering is None or facts.deployment is None or facts.offering.terms is not Terms.AGGREGATOR:
        return False
    pin = facts.deployment.pinned_provider
    pinned = facts.offering.pin_by_model_suffix and facts.deployment.model.endswith(f":{pin}")
    return not pinned or facts.pinned is None or facts.pinned.offensive_cyber_programme


def outside_europe_unexplained(facts: Facts) -> bool:
    where = facts.offering.jurisdiction if facts.offering else None
    if where is None or facts.application is None:
        return False
    return where.seat not in EUROPE and not facts.application.rationale_non_eu.strip()


# Which host. A pattern tells whose host it is; only an exact name permits.


def host_unknown(facts: Facts) -> bool:
    if facts.deployment is None or facts.offering is None:
        return False
    own = facts.offering.terms is Terms.SELF_HOSTED or not (facts.offering.hosts or facts.offering.host_patterns)
    return not facts.host_owners and not (own and _contract_names_host(facts))


def host_of_another_offering(facts: Facts) -> bool:
    if facts.offering is None:
        return False
    return bool(facts.host_owners) and facts.offering.id not in facts.host_owners


def host_not_named(facts: Facts) -> bool:
    if facts.deployment is None or facts.offering is None or facts.offering.id not in facts.host_owners:
        return False
    documented = facts.deployment.host in facts.offering.hosts and facts.offering.terms is not Terms.SELF_HOSTED
    return not documented and not _contract_names_host(facts)


def _contract_names_host(facts: Facts) -> bool:
    return facts.contract is not None and facts.deployment is not None and facts.deployment.host in facts.contract.hosts


# The contract.


def contract_missing(facts: Facts) -> bool:
    return facts.deployment is not None and facts.contract is None


def contract_not_yet_valid(facts: Facts) -> bool:
    return facts.contract is not None and facts.today < facts.contract.valid_from


def contract_expired(facts: Facts) -> bool:
    return facts.contract is not None and facts.today > facts.contract.valid_to


def region_outside_contract(facts: Facts) -> bool:
    if facts.contract is None or facts.deployment is None:
        return False
    return facts.deployment.region not in facts.contract.regions


def training_not_excluded(facts: Facts) -> bool:
    return facts.contract is not None and facts.contract.training is not Training.EXCLUDED


def processing_agreement_missing(facts: Facts) -> bool:
    if facts.application is None or not facts.application.personal_data or not _has_supplier(facts):
        return False
    return facts.contract is not None and facts.contract.processing_agreement is None


def copyright_warranty_missing(facts: Facts) -> bool:
    return facts.contract is not None and _has_supplier(facts) and not facts.contract.copyright_warranty


def data_class_above_contract(facts: Facts) -> bool:
    if facts.contract is None or facts.application is None:
        return False
    return facts.application.data_class.rank > facts.contract.data_class.rank


def data_class_above(facts: Facts, data_class: DataClass) -> bool:
    return facts.application is not None and facts.application.data_class.rank > data_class.rank


def supplier_dpia_missing(facts: Facts) -> bool:
    return _requires(facts, Requirement.DPIA) and facts.contract is not None and facts.contract.dpia is None


def retention_not_zero(facts: Facts) -> bool:
    return (
        _requires(facts, Requirement.ZERO_RETENTION)
        and facts.contract is not None
        and facts.contract.retention_days != 0
    )


def condition_unconfirmed(facts: Facts) -> bool:
    return facts.contract is not None and bool(facts.unconfirmed)


def advice_missing(facts: Facts) -> bool:
    return facts.contract is not None and _has_supplier(facts) and facts.advice_date is None


def advice_older_than(facts: Facts, months: int) -> bool:
    return facts.advice_date is not None and facts.today > months_after(facts.advice_date, months)


def catalogue_overdue(facts: Facts) -> bool:
    return facts.offering is not None and facts.today > facts.offering.review_by


def _has_supplier(facts: Facts) -> bool:
    return facts.offering is not None and facts.offering.terms is not Terms.SELF_HOSTED


def _requires(facts: Facts, requirement: Requirement) -> bool:
    return facts.offering is not None and requirement in facts.offering.requires


# The deployment.


def model_denied(facts: Facts) -> bool:
    if facts.deployment is None or facts.offering is None:
        return False
    model = facts.deployment.model.casefold()
    suffixes = tuple(suffix.casefold() for suffix in facts.offering.denied_model_suffixes)
    return model in {name.casefold() for name in facts.offering.denied_models} or model.endswith(suffixes)


def model_outside_contract(facts: Facts) -> bool:
    if facts.contract is None or facts.deployment is None:
        return False
    return facts.deployment.model not in facts.contract.models


def model_origin_unknown(facts: Facts) -> bool:
    return facts.deployment is not None and facts.deployment.model_origin is None


def model_origin_unanalysed(facts: Facts, countries: tuple[str, ...]) -> bool:
    if facts.deployment is None or facts.deployment.origin_analysis is not None:
        return False
    return facts.deployment.model_origin in countries


def storage_not_off(facts: Facts) -> bool:
    if facts.deployment is None or not _requires(facts, Requirement.STORE_FALSE):
        return False
    return facts.deployment.force.get("store") is not False


def credential_missing(facts: Facts) -> bool:
    return (
        _requires(facts, Requirement.API_KEY) and facts.deployment is not None and facts.deployment.credential is None
    )
