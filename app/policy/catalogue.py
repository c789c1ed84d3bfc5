# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue: facts about providers and what they offer (`baseline/catalogue/*.yaml`). Facts only; decisions are the organisation's."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from app.policy.model import Country, Entry, HostName, HostPattern, Id, Sentence, Source, WebAddress


class Terms(StrEnum):
    """On what terms an offering is used; the first two may never be used for government work (Q44, Q54, Q64)."""

    CONSUMER = "consumer"
    FREE_TRAINS = "free-trains"
    """A free tier whose provider may learn from what is sent."""
    BUSINESS = "business"
    SELF_HOSTED = "self-hosted"
    """Weights on machines of the organisation itself or of its own processor."""
    AGGREGATOR = "aggregator"
    """Passes the call on to another provider."""


class Default(StrEnum):
    """What holds before an organisation has decided anything."""

    ALLOW = "allow"
    """Usable with a contract. Only for offerings that need no further condition."""
    CONDITIONAL = "conditional"
    """Usable with a contract that meets everything in `requires`."""
    DENY = "deny"
    HARD_DENY = "hard-deny"
    """Denied, and no rule about it can be put in observe mode."""


class Requirement(StrEnum):
    """What an offering asks before it may be used. `VISIBLE` ones are checked against contract and deployment themselves.

    The others cannot be seen from here: the contract must list them in `conditions`, as the organisation's own statement.
    """

    CONTRACT = "contract"
    DPIA = "dpia"
    REGION = "region"
    TRAINING_OFF = "training-off"
    STORE_FALSE = "store-false"
    """The deployment forces `store: false`."""
    API_KEY = "api-key"
    """The deployment has a credential: without one the same host serves a free tier."""
    ZERO_RETENTION = "zero-retention"
    """The contract says `retention_days: 0`."""
    PAID_TIER = "paid-tier"
    """The host also serves a free or trial tier; the contract names the paid one."""
    CONTENT_LOGGING_OFF = "content-logging-off"
    FEEDBACK_OFF = "feedback-off"
    CROSS_REGION_OFF = "cross-region-off"
    EXPERIMENTAL_MODELS_OFF = "experimental-models-off"
    DEDICATED_RESOURCE = "dedicated-resource"
    OWNERSHIP_CHECK = "ownership-check"
    MODEL_LICENCE = "model-licence"


VISIBLE = frozenset(
    {
        Requirement.CONTRACT,
        Requirement.DPIA,
        Requirement.REGION,
        Requirement.TRAINING_OFF,
        Requirement.STORE_FALSE,
        Requirement.API_KEY,
        Requirement.ZERO_RETENTION,
    }
)
"""Requirements that contract and deployment show by themselves."""


class Certainty(StrEnum):
    """How well a fact is known."""

    CONFIRMED = "confirmed"
    """Read in the provider's own or an official document."""
    SECONDARY = "secondary"
    """Read in a document that quotes one."""
    MEMORY = "memory"
    """Common knowledge, not yet looked up again."""


class Jurisdiction(Entry):
    """Whose law reaches the data: seat of the provider, party to the contract, places of processing."""

    seat: Country
    contract_party: Country
    processing: tuple[Country, ...] = Field(min_length=1)


class RiskAdvice(Entry):
    """Published advice about this offering, such as SLM Rijk's."""

    source: WebAddress
    date: date
    summary: str = ""


class Offering(Entry):
    """One tier of a provider. Two tiers may share a host, so a host alone never permits (architecture section 7)."""

    id: Id
    title: Sentence
    hosts: tuple[HostName, ...] = ()
    """Exact hosts of the service as documented."""
    host_patterns: tuple[HostPattern, ...] = ()
    """Hosts that each customer gets for itself. They classify; the contract must name the exact host."""
    terms: Terms
    jurisdiction: Jurisdiction | None = None
    """None only for what is self-hosted, or denied."""
    default: Default
    requires: tuple[Requirement, ...] = ()
    risk_advice: RiskAdvice | None = None
    caveat: str = ""
    denied_models: tuple[str, ...] = ()
    """Upstream names that may never be asked for, such as a router that picks a model itself."""
    denied_model_suffixes: tuple[str, ...] = ()
    """Endings that change the tier or the place, such as `:free` and `-cloud`."""
    pin_by_model_suffix: bool = False
    """Aggregator: `model:provider` fixes which provider answers."""
    sources: tuple[Source, ...] = ()
    review_by: date
    certainty: Certainty

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        usable = self.default in {Default.ALLOW, Default.CONDITIONAL}
        if usable and self.terms in {Terms.CONSUMER, Terms.FREE_TRAINS}:
            raise ValueError(f"terms '{self.terms}' can only have default 'deny' or 'hard-deny'")
        if usable and self.jurisdiction is None and self.terms is not Terms.SELF_HOSTED:
            raise ValueError("a usable offering needs its jurisdiction")
        sourced = bool(self.sources) or self.certainty is Certainty.MEMORY or self.terms is Terms.SELF_HOSTED
        if usable and not sourced:
            raise ValueError(f"certainty '{self.certainty}' needs a source")
        if self.default is Default.ALLOW and self.requires:
            raise ValueError("default 'allow' cannot have 'requires'; make it 'conditional'")
        return self

    def owns(self, host: str) -> bool:
        """Whether this host is one of the offering's, by name or by pattern on a label boundary."""
        return host in self.hosts or self.classifies(host)

    def classifies(self, host: str) -> bool:
        """Whether a pattern covers this host; that says whose it is, not that it may be used."""
        return any(host.endswith(pattern[1:]) for pattern in self.host_patterns)


class Provider(Entry):
    """Who offers."""

    id: Id
    name: Sentence
    offensive_cyber_programme: bool
    """The country that can direct this provider has a cyber programme aimed against Dutch interests (Q44, Q57, Q64)."""
    offerings: tuple[Offering, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [offering.id for offering in self.offerings]
        if len(set(ids)) != len(ids):
            raise ValueError("two offerings have the same id")
        if self.offensive_cyber_programme and any(o.default is not Default.HARD_DENY for o in self.offerings):
            raise ValueError("with offensive_cyber_programme every offering has default 'hard-deny'")
        return self


class CatalogueFile(Entry):
    """`baseline/catalogue/*.yaml`: any number of providers."""

    providers: tuple[Provider, ...] = Field(min_length=1)
