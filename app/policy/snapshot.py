# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One version of the whole policy, frozen: an exchange never sees two."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.review import ReviewClass
from app.policy.application import Application
from app.policy.catalogue import Offering, Provider
from app.policy.disclosure import DisclosuresFile
from app.policy.organisation import Contract, DeploymentEntry, Organisation
from app.policy.predicates import BoundRule
from app.policy.rule import Case, Observe


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """Everything read from the baseline and one folder. Ids are unique in the folder."""

    sha256: str
    """Over names and bytes of all files and the variables that filled them, lower-case hex."""
    providers: Mapping[str, Provider]
    contracts: Mapping[str, Contract]
    deployments: Mapping[str, DeploymentEntry]
    organisations: Mapping[str, Organisation]
    applications: Mapping[tuple[str, str], Application]
    """By organisation and application."""
    rules: tuple[BoundRule, ...]
    """In the order in which they are tried: the first that denies gives the reason."""
    observed: Mapping[tuple[str, str], Observe]
    """By organisation and rule."""
    disclosures: Mapping[str, DisclosuresFile]
    """By language."""
    review_classes: Mapping[str, ReviewClass]
    """By id."""
    cases: tuple[Case, ...]

    def offering(self, offering: str) -> tuple[Provider, Offering] | None:
        """An offering and who offers it."""
        for provider in self.providers.values():
            for offered in provider.offerings:
                if offered.id == offering:
                    return provider, offered
        return None

    def owners(self, host: str) -> frozenset[str]:
        """Ids of all offerings whose host this is, by name or by pattern."""
        offered = (offering for provider in self.providers.values() for offering in provider.offerings)
        return frozenset(offering.id for offering in offered if offering.owns(host))
