# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an organisation writes down: `organisations/`, `contracts/`, `deployments.yaml`."""

import ipaddress
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from app.domain.decision import Deployment, Timeouts
from app.policy.catalogue import Requirement
from app.policy.model import (
    Contact,
    Country,
    DataClass,
    Entry,
    HostName,
    Id,
    Language,
    Reference,
    SecretReference,
    Sentence,
    WebAddress,
)

Region = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,62}$")]
"""A place as the provider calls it, `fr-par`; `on-premises` for own machines."""


class NativeReviewer(Entry):
    """Who reads texts in a language as a native speaker: a role or a unit."""

    language: Language
    reviewer: Sentence


class Organisation(Entry):
    """A public body (one file in `organisations/`)."""

    id: Id
    name: Sentence
    oin: Annotated[str, StringConstraints(pattern=r"^\d{20}$")]
    """Organisatie-identificatienummer, 20 digits (OIN-stelsel 3.0)."""
    contact: Contact = Contact()
    authority: str = ""
    """Supervisor for AI and data protection."""
    languages: tuple[Language, ...] = Field(default=("nl",), min_length=1)
    complaint_url: WebAddress | None = None
    objection_url: WebAddress | None = None
    native_reviewers: tuple[NativeReviewer, ...] = ()

    def reviews(self, language: str) -> bool:
        """Whether a native reviewer of this language is named."""
        return any(named.language == language for named in self.native_reviewers)


class Training(StrEnum):
    """Whether the supplier may learn from what is sent (Q71)."""

    EXCLUDED = "excluded"
    ALLOWED = "allowed"
    UNKNOWN = "unknown"


class Advice(Entry):
    """Advice that the organisation relied on (Q65, Q66): SLM Rijk, SURF, its own CIO or FG."""

    reference: Sentence
    date: date


class Contract(Entry):
    """The agreement that makes an offering usable (one file in `contracts/`). For own machines: the management agreement."""

    id: Id
    organisation: Id
    provider: Id
    offering: Id
    tier: Sentence
    """As the contract calls it: a host alone does not say whether this is the paid tier."""
    hosts: tuple[HostName, ...] = ()
    """Exact hosts given to this customer, where the offering has patterns or no hosts of its own."""
    models: tuple[str, ...] = Field(min_length=1)
    """Upstream models covered, exactly as they are asked for."""
    regions: tuple[Region, ...] = Field(min_length=1)
    data_class: DataClass
    """The most sensitive class that may be sent."""
    valid_from: date
    valid_to: date
    """The last day on which it holds, in UTC."""
    training: Training
    copyright_warranty: bool
    """The supplier answers for the rights in its training data (Q49, Q50, Q82)."""
    dpia: Reference | None = None
    processing_agreement: Reference | None = None
    """GDPR article 28."""
    advice: Advice | None = None
    sub_processors: tuple[Sentence, ...] = ()
    retention_days: int | None = Field(default=None, ge=0)
    """How long the supplier keeps prompts and answers; None is unknown."""
    conditions: tuple[Requirement, ...] = ()
    """Requirements of the offering that cannot be seen from here and that the contract settles."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self


class TimeoutSettings(Entry):
    """How long an upstream may take, in seconds."""

    connect: int = Field(default=5, ge=1, le=60)
    first_byte: int = Field(default=60, ge=1, le=600)
    idle: int = Field(default=30, ge=1, le=600)
    total: int = Field(default=600, ge=1, le=3600)


class DeploymentEntry(Entry):
    """One usable model: one exact host, one upstream model, one contract. It becomes a `domain.Deployment`."""

    id: Id
    offering: Id
    contract: Id | None = None
    """None denies: an offering without a contract is nobody's."""
    dialect: Id
    scheme: Annotated[str, StringConstraints(pattern=r"^https?$")] = "https"
    host: HostName
    port: int = Field(default=443, ge=1, le=65_535)
    path: Annotated[str, StringConstraints(pattern=r"^(?:/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])*$")] = ""
    model: Sentence
    model_origin: Country | None = None
    """Where the weights were made, which may be another country than where they run."""
    origin_analysis: Reference | None = None
    """Risk analysis of weights from a country with an offensive cyber programme."""
    pinned_provider: Id | None = None
    """Aggregator only: the one provider behind it that answers."""
    region: Region
    credential: SecretReference | None = None
    cidr: tuple[str, ...] = ()
    proxy: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+$")] | None = None
    ca_file: Annotated[str, StringConstraints(pattern=r"^/\S+$")] | None = None
    force: Mapping[str, bool | int | str] = Field(default_factory=dict)
    timeouts: TimeoutSettings = TimeoutSettings()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for network in self.cidr:
            ipaddress.ip_network(network)
        if self.scheme == "http" and not self.cidr:
            raise ValueError("plain http only on own networks: name them in 'cidr', or use https")
        if _is_address(self.host) and not self.cidr:
            raise ValueError("an IP address only on own networks: name them in 'cidr', or use a host name")
        return self

    def of(self, provider: str) -> Deployment:
        """The entry as the rest of the house knows it."""
        waits = self.timeouts
        return Deployment(
            id=self.id,
            provider=provider,
            offering=self.offering,
            contract=self.contract or "",
            dialect=self.dialect,
            scheme=self.scheme,
            host=self.host,
            port=self.port,
            path=self.path,
            model=self.model,
            region=self.region,
            credential=self.credential,
            cidr=self.cidr,
            proxy=self.proxy,
            ca_file=self.ca_file,
            force=tuple(sorted(self.force.items())),
            timeouts=Timeouts(waits.connect, waits.first_byte, waits.idle, waits.total),
        )


def _is_address(host: str) -> bool:
    """Whether a resolver would read this as an address: `127.0.0.1`, `::1`, but also `0x7f000001` and `2130706433`."""
    last = host.rsplit(".", 1)[-1]
    return ":" in host or last.isdigit() or last.startswith("0x")


class DeploymentsFile(Entry):
    """`deployments.yaml`."""

    deployments: tuple[DeploymentEntry, ...] = Field(min_length=1)
