# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that a rule may look at, gathered once per call. What is not known is None, and None never permits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.policy.application import Application, Task
from app.policy.catalogue import VISIBLE, Offering, Provider
from app.policy.model import Contact
from app.policy.organisation import Contract, DeploymentEntry, Organisation

PLACEHOLDERS = frozenset(
    {
        "organisation",
        "application",
        "task",
        "languages",
        "media",
        "tools",
        "personal_data",
        "today",
        "advice_date",
        "data_class",
        "evaluation_date",
        "practices",
        "sandbox_from",
        "sandbox_until",
        "profile",
        "deployment",
        "host",
        "model",
        "region",
        "model_origin",
        "contract",
        "regions",
        "valid_from",
        "valid_to",
        "cap",
        "provider",
        "offering",
        "conditions",
        "review_by",
    }
)
"""The closed set of names between braces in `rules.yaml`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller asks, reduced to what rules look at: no text of the prompt stays behind."""

    organisation: str
    application: str
    alias: str
    languages: tuple[str, ...] = ()
    """Primary subtags of the text that is asked for, the best first; empty leaves it to the task."""
    media: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    structured: bool = False
    personal_data: frozenset[str] = frozenset()
    """Kinds found in the prompt; looked for in a sandbox only."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The chain from caller to socket: application, task, deployment, contract, offering, provider."""

    today: date
    asked: Asked
    organisation: Organisation | None = None
    application: Application | None = None
    task: Task | None = None
    deployment: DeploymentEntry | None = None
    contract: Contract | None = None
    offering: Offering | None = None
    provider: Provider | None = None
    pinned: Provider | None = None
    """The provider behind an aggregator."""
    host_owners: frozenset[str] = field(default_factory=frozenset)
    """Offerings that the deployment's host belongs to."""

    @property
    def complete(self) -> bool:
        """Whether every link of the chain is known."""
        links = (self.organisation, self.application, self.task, self.deployment)
        return None not in (*links, self.contract, self.offering, self.provider)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the text that is asked for, the one that is meant first."""
        if self.asked.languages or self.task is None:
            return self.asked.languages
        return self.task.languages[:1]

    @property
    def unconfirmed(self) -> frozenset[str]:
        """Requirements of the offering that cannot be seen from here and that the contract does not state."""
        stated = self.contract.conditions if self.contract else ()
        required = self.offering.requires if self.offering else ()
        return frozenset(required) - VISIBLE - frozenset(stated)

    @property
    def contact(self) -> str:
        """How a person reaches a human about this application; empty when nobody wrote it down."""
        own = self.application.contact if self.application else Contact()
        theirs = self.organisation.contact if self.organisation else Contact()
        return own.line or theirs.line

    @property
    def responsible(self) -> str:
        """Name of who answers to the public for what is published (AI Act 50(4)); empty when nobody is known."""
        editor = self.application.editorially_responsible.strip() if self.application else ""
        return editor or (self.organisation.name if self.organisation else "")

    @property
    def advice_date(self) -> date | None:
        """Date of the newest advice about the supplier, the organisation's own or published."""
        dates = []
        if self.contract and self.contract.advice:
            dates.append(self.contract.advice.date)
        if self.offering and self.offering.risk_advice:
            dates.append(self.offering.risk_advice.date)
        return max(dates, default=None)


def particulars(facts: Facts) -> Mapping[str, str]:
    """What the sentences of a rule may name. Words of the caller are cut short and made printable: they come from outside."""
    named = {
        "organisation": _said(facts.asked.organisation),
        "application": _said(facts.asked.application),
        "task": _said(facts.asked.alias),
        "languages": _list(facts.languages),
        "media": _list(facts.asked.media),
        "tools": _list(facts.asked.tools - set((facts.task.tools if facts.task else None) or ())),
        "personal_data": _list(facts.asked.personal_data),
        "today": facts.today.isoformat(),
        "advice_date": str(facts.advice_date or "?"),
    }
    return dict.fromkeys(PLACEHOLDERS, "?") | named | _of_use(facts) | _of_supply(facts)


def _of_use(facts: Facts) -> dict[str, str]:
    application, sandbox = facts.application, facts.application.sandbox if facts.application else None
    named: dict[str, str] = {}
    if application:
        named["data_class"] = application.data_class
        named["evaluation_date"] = str(application.evaluation_date or "?")
        named["practices"] = _list(application.practices)
    if sandbox:
        named["sandbox_from"], named["sandbox_until"] = str(sandbox.starts), str(sandbox.until)
    if facts.task:
        named["profile"] = facts.task.profile
    return named


def _of_supply(facts: Facts) -> dict[str, str]:
    named: dict[str, str] = {}
    if facts.deployment:
        named |= {"deployment": facts.deployment.id, "host": facts.deployment.host, "model": facts.deployment.model}
        named |= {"region": facts.deployment.region, "model_origin": facts.deployment.model_origin or "?"}
    if facts.contract:
        named |= {"contract": facts.contract.id, "regions": _list(facts.contract.regions)}
        named |= {"valid_from": str(facts.contract.valid_from), "valid_to": str(facts.contract.valid_to)}
        named |= {"cap": facts.contract.data_class}
    if facts.provider and facts.offering:
        named |= {"provider": facts.provider.name, "offering": facts.offering.title}
        named |= {"conditions": _list(facts.unconfirmed), "review_by": str(facts.offering.review_by)}
    return named


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(_said(word) for word in tuple(words)[:8])) or "?"


def _said(word: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in word[:64]) or "?"
