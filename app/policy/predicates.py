# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The closed set of words that a rule may say after `when`.

There are no operators in YAML: the first wish for `or` or a pattern is the signal to put a policy language behind the same function.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from app.policy import supply, use
from app.policy.disclosure import open_places
from app.policy.facts import PLACEHOLDERS, Facts
from app.policy.model import DataClass
from app.policy.rule import Rule

B = TypeVar("B")
F = TypeVar("F", bound=Callable[..., bool])


def _named(functions: Iterable[F]) -> dict[str, F]:
    """`contract_expired` is written `contract-expired`."""
    return {function.__name__.replace("_", "-"): function for function in functions}


PLAIN: dict[str, Callable[[Facts], bool]] = _named(
    [
        use.application_unknown,
        use.task_unknown,
        supply.provider_barred,
        supply.terms_consumer,
        supply.terms_free_and_training,
        supply.offering_denied,
        supply.aggregator_unpinned,
        supply.outside_europe_unexplained,
        supply.host_unknown,
        supply.host_of_another_offering,
        supply.host_not_named,
        supply.contract_missing,
        supply.contract_not_yet_valid,
        supply.contract_expired,
        supply.region_outside_contract,
        supply.training_not_excluded,
        supply.processing_agreement_missing,
        supply.copyright_warranty_missing,
        supply.data_class_above_contract,
        supply.supplier_dpia_missing,
        supply.retention_not_zero,
        supply.condition_unconfirmed,
        supply.advice_missing,
        supply.catalogue_overdue,
        supply.model_denied,
        supply.model_outside_contract,
        supply.model_origin_unknown,
        supply.storage_not_off,
        supply.credential_missing,
        use.purpose_missing,
        use.public_value_missing,
        use.risk_analysis_missing,
        use.dpia_missing,
        use.evaluation_unplanned,
        use.evaluation_passed,
        use.decision_autonomous,
        use.practice_excluded,
        use.raci_incomplete,
        use.editor_missing,
        use.contact_missing,
        use.sandbox_data_unnamed,
        use.sandbox_outside_term,
        use.sandbox_publishes,
        use.sandbox_holds_personal_data,
        use.sandbox_refuses_personal_data,
        use.media_asked,
        use.media_unlisted,
        use.media_unrecorded,
        use.language_unlisted,
        use.native_reviewer_missing,
        use.tools_unlisted,
        use.structured_unlisted,
        use.chat_undecided,
        use.retention_unsettled,
    ]
)
MONTHS: dict[str, Callable[[Facts, int], bool]] = _named([supply.advice_older_than, use.sandbox_longer_than])
COUNTRIES: dict[str, Callable[[Facts, tuple[str, ...]], bool]] = _named(
    [supply.jurisdiction_among, supply.model_origin_unanalysed]
)
CLASSES: dict[str, Callable[[Facts, DataClass], bool]] = _named([supply.data_class_above])

_BOUNDS: dict[str, Collection[str]] = {"months": MONTHS, "countries": COUNTRIES, "data_class": CLASSES}

OPTIONAL = frozenset({"media-asked", "data-class-above"})
"""For rules of an organisation's own; every other predicate stands in the baseline, or the baseline does not load."""

NEVER_OBSERVED = frozenset(
    {
        "application-unknown",
        "task-unknown",
        "provider-barred",
        "jurisdiction-among",
        "terms-consumer",
        "terms-free-and-training",
        "offering-denied",
        "aggregator-unpinned",
        "host-unknown",
        "host-of-another-offering",
        "host-not-named",
        "contract-missing",
    }
)
"""Who may be asked at all is no matter for a trial period (Q44, Q57, Q64)."""

REQUIRED = frozenset(PLAIN.keys() | MONTHS.keys() | COUNTRIES.keys() | CLASSES.keys()) - OPTIONAL


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule, and its predicate with the rule's bound filled in."""

    rule: Rule
    holds: Callable[[Facts], bool]


def bind(rule: Rule) -> BoundRule:
    """The rule with its predicate. The rule passed `rule_fault`."""
    if rule.months is not None:
        return BoundRule(rule, partial(_bounded, MONTHS[rule.when], rule.months))
    if rule.countries is not None:
        return BoundRule(rule, partial(_bounded, COUNTRIES[rule.when], rule.countries))
    if rule.data_class is not None:
        return BoundRule(rule, partial(_bounded, CLASSES[rule.when], rule.data_class))
    return BoundRule(rule, PLAIN[rule.when])


def _bounded(predicate: Callable[[Facts, B], bool], bound: B, facts: Facts) -> bool:
    return predicate(facts, bound)


def rule_fault(rule: Rule) -> str | None:
    """What is wrong with a rule that its shape does not show, or None."""
    bounds = [name for name in ("months", "countries", "data_class") if getattr(rule, name) is not None]
    wanted = [name for name, words in _BOUNDS.items() if rule.when in words]
    if not wanted and rule.when not in PLAIN:
        return f"'{rule.when}' is no predicate; choose one of {', '.join(sorted(REQUIRED | OPTIONAL))}"
    if bounds != wanted:
        return f"'{rule.when}' takes {wanted[0] if wanted else 'no bound'}, not {', '.join(bounds) or 'nothing'}"
    if rule.observable and rule.when in NEVER_OBSERVED:
        return f"'{rule.when}' can never be observed; set 'observable: false'"
    try:
        unknown = open_places(rule.reason.nl, rule.reason.en, rule.remedy.nl, rule.remedy.en) - PLACEHOLDERS
    except ValueError as error:
        return f"has a sentence with a loose brace ({error})"
    if unknown:
        return f"uses {{{min(unknown)}}} in a sentence; known are {', '.join(sorted(PLACEHOLDERS))}"
    return None
