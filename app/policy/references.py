# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one file says about another: every name leads somewhere, and no name means two things."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from app.domain.errors import Fault
from app.policy.application import ReviewSettings, Task
from app.policy.catalogue import Provider
from app.policy.disclosure import DisclosuresFile
from app.policy.facts import Asked, Facts
from app.policy.obligations import LABELS
from app.policy.organisation import Contract, DeploymentEntry, Organisation
from app.policy.predicates import REQUIRED, rule_fault
from app.policy.rule import Rule
from app.policy.shelf import Placed, Shelf
from watermark.label import opening

PERMITTED = "permitted"
"""The rule that a permit names: everything was known and nothing denied."""

UNKNOWN = "deny-by-default"
"""The rule that a denial names when no rule spoke and still something was not known."""


_LONGEST_DATE = 24
"""Letters of a date in words, in any language."""


def check_references(shelf: Shelf) -> None:
    """Add a fault to the shelf for every name that leads nowhere, or to two places.

    Where a file could not be read, names are not looked up: what it holds would seem not to exist.
    """
    whole = not shelf.faults
    shelf.faults += [*_unique(shelf), *_rules(shelf)]
    if whole:
        shelf.faults += _lookups(shelf)


def _lookups(shelf: Shelf) -> list[Fault]:
    return [
        *_contracts(shelf),
        *_deployments(shelf),
        *_applications(shelf),
        *_baseline(shelf),
        *_observed(shelf),
        *_languages(shelf),
        *_labels(shelf),
        *_terms(shelf),
        *_cases(shelf),
    ]


def _unique(shelf: Shelf) -> Iterable[Fault]:
    yield from _once("provider", [(p.entry.id, p.fault) for p in shelf.providers])
    yield from _once("offering", [(o.id, p.fault) for p in shelf.providers for o in p.entry.offerings])
    yield from _once("organisation", [(p.entry.id, p.fault) for p in shelf.organisations])
    yield from _once("contract", [(p.entry.id, p.fault) for p in shelf.contracts])
    yield from _once("deployment", [(p.entry.id, p.fault) for p in shelf.deployments])
    yield from _once("application", [(p.entry.id, p.fault) for p in shelf.applications])
    yield from _once("rule", [(p.entry.id, p.fault) for p in shelf.rules])
    yield from _once("observed rule", [(f"{p.entry.organisation}/{p.entry.rule}", p.fault) for p in shelf.observed])
    yield from _once("language", [(p.entry.language, p.fault) for p in shelf.disclosures])
    yield from _once("case", [(p.entry.name, p.fault) for p in shelf.cases])


def _once(kind: str, named: Iterable[tuple[str, Callable[[str], Fault]]]) -> Iterable[Fault]:
    seen: set[str] = set()
    for name, fault in named:
        if name in seen:
            yield fault(f"{kind} '{name}' exists already; choose another id")
        seen.add(name)


def _contracts(shelf: Shelf) -> Iterable[Fault]:
    organisations, providers = _ids(shelf.organisations), {p.entry.id: p.entry for p in shelf.providers}
    for placed in shelf.contracts:
        contract = placed.entry
        if contract.organisation not in organisations:
            yield placed.fault(f"organisation '{contract.organisation}' does not exist", "organisation")
        provider = providers.get(contract.provider)
        if provider is None:
            yield placed.fault(f"provider '{contract.provider}' is not in the catalogue", "provider")
        elif contract.offering not in _offerings([provider]):
            yield placed.fault(f"'{contract.provider}' has no offering '{contract.offering}'", "offering")


def _deployments(shelf: Shelf) -> Iterable[Fault]:
    contracts = {placed.entry.id: placed.entry for placed in shelf.contracts}
    providers = _ids(shelf.providers)
    offerings = _offerings(placed.entry for placed in shelf.providers)
    for placed in shelf.deployments:
        entry = placed.entry
        if entry.offering not in offerings:
            yield placed.fault(f"offering '{entry.offering}' is not in the catalogue", "offering")
        if entry.pinned_provider and entry.pinned_provider not in providers:
            yield placed.fault(f"provider '{entry.pinned_provider}' is not in the catalogue", "pinned_provider")
        yield from _contract_of(placed, contracts)


def _contract_of(placed: Placed[DeploymentEntry], contracts: dict[str, Contract]) -> Iterable[Fault]:
    entry = placed.entry
    if entry.contract is None:
        return
    contract = contracts.get(entry.contract)
    if contract is None:
        yield placed.fault(f"contract '{entry.contract}' does not exist", "contract")
    elif contract.offering != entry.offering:
        yield placed.fault(
            f"contract '{contract.id}' is about '{contract.offering}', not '{entry.offering}'", "contract"
        )


def _applications(shelf: Shelf) -> Iterable[Fault]:
    organisations = _ids(shelf.organisations)
    deployments = {placed.entry.id: placed.entry for placed in shelf.deployments}
    owners = {placed.entry.id: placed.entry.organisation for placed in shelf.contracts}
    for placed in shelf.applications:
        application = placed.entry
        if application.organisation not in organisations:
            yield placed.fault(f"organisation '{application.organisation}' does not exist", "organisation")
        for alias, task in application.tasks.items():
            deployment = deployments.get(task.deployment)
            if deployment is None:
                yield placed.fault(f"deployment '{task.deployment}' does not exist", "tasks", alias, "deployment")
            elif owners.get(deployment.contract or "", application.organisation) != application.organisation:
                detail = f"contract '{deployment.contract}' is another organisation's"
                yield placed.fault(detail, "tasks", alias, "deployment")


def _rules(shelf: Shelf) -> Iterable[Fault]:
    for placed in shelf.rules:
        if detail := rule_fault(placed.entry):
            yield placed.fault(f"rule '{placed.entry.id}': {detail}", "when")
        if placed.entry.id in {PERMITTED, UNKNOWN}:
            yield placed.fault(f"'{placed.entry.id}' is the name of the house's own verdict", "id")


def _baseline(shelf: Shelf) -> Iterable[Fault]:
    shipped = [placed for placed in shelf.rules if placed.document.name == "baseline/rules.yaml"]
    for missing in sorted(REQUIRED - {placed.entry.when for placed in shipped}):
        yield Fault("baseline/rules.yaml:1", f"no rule says '{missing}'; the baseline uses every predicate")


def _observed(shelf: Shelf) -> Iterable[Fault]:
    rules, organisations = {placed.entry.id: placed.entry for placed in shelf.rules}, _ids(shelf.organisations)
    for placed in shelf.observed:
        observed = placed.entry
        rule = rules.get(observed.rule)
        if placed.document.name == "baseline/rules.yaml":
            yield placed.fault("the baseline observes nothing; an organisation does, in its own rules.yaml")
        if observed.organisation not in organisations:
            yield placed.fault(f"organisation '{observed.organisation}' does not exist", "organisation")
        if rule is None:
            yield placed.fault(f"rule '{observed.rule}' does not exist", "rule")
        elif not rule.observable:
            yield placed.fault(f"rule '{observed.rule}' is always enforced", "rule")


def _languages(shelf: Shelf) -> Iterable[Fault]:
    texts = {placed.entry.language for placed in shelf.disclosures}
    for language in sorted({"nl", "en"} - texts):
        yield Fault("baseline/disclosures:0", f"there are no texts in '{language}'")
    if not shelf.reviews:
        yield Fault("baseline/review.yaml:0", "there are no review classes")
    for placed in shelf.applications:
        for alias, task in placed.entry.tasks.items():
            for language in sorted(set(task.languages) - texts):
                yield placed.fault(f"there are no texts in '{language}'", "tasks", alias, "languages")


def _terms(shelf: Shelf) -> Iterable[Fault]:
    """What is kept ends a number of days after it was asked: not while a reviewer may still decide, nor right after."""
    classes = shelf.reviews[0].entry.of() if shelf.reviews else {}
    for placed in shelf.applications:
        for alias, task in placed.entry.tasks.items():
            waits = classes.get(task.review.review_class if task.review else ReviewSettings().review_class)
            if task.held and task.keep is not None and waits is not None and task.keep.days <= waits.expires_days:
                detail = f"must be more than {waits.expires_days}, the days that a review may take"
                yield placed.fault(detail, "tasks", alias, "keep", "days")


def _labels(shelf: Shelf) -> Iterable[Fault]:
    """A label is filled in when a text leaves: names and contact that do not fit are a fault now, not then."""
    texts = {placed.entry.language: placed.entry for placed in shelf.disclosures}
    organisations = {placed.entry.id: placed.entry for placed in shelf.organisations}
    for placed in shelf.applications:
        application = placed.entry
        for alias, task in application.tasks.items():
            asked = Asked(application.organisation, application.id, alias)
            facts = Facts(date.min, asked, organisations.get(application.organisation), application, task)
            for language in task.languages:
                if detail := _unfit(facts, task, texts.get(language)):
                    yield placed.fault(f"in '{language}': {detail}", "tasks", alias, "profile")


def _unfit(facts: Facts, task: Task, texts: DisclosuresFile | None) -> str:
    """Why this task's label cannot be shown, filled in; empty where it can."""
    variant = LABELS.get(task.profile)
    if variant is None or texts is None:
        return ""
    try:
        opening(texts.shown(variant), organisation=facts.responsible, contact=facts.contact, date="9" * _LONGEST_DATE)
    except ValueError as error:
        return f"the visible label would not be shown ({error}); shorten the names or the contact"
    return ""


def _cases(shelf: Shelf) -> Iterable[Fault]:
    known = _ids(shelf.rules) | {PERMITTED, UNKNOWN}
    for placed in shelf.cases:
        expected = placed.entry.expect
        for rule in sorted({*expected.shadow, expected.rule or PERMITTED} - known):
            yield placed.fault(f"rule '{rule}' does not exist", "expect")


N = TypeVar("N", Provider, Organisation, Rule)


def _ids(shelf: Iterable[Placed[N]]) -> set[str]:
    return {placed.entry.id for placed in shelf}


def _offerings(providers: Iterable[Provider]) -> set[str]:
    return {offering.id for provider in providers for offering in provider.offerings}
