# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules, the rules an organisation observes for a while, and the cases that prove them: `rules.yaml`, `cases.yaml`."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from app.domain.decision import Effect
from app.policy.application import Medium
from app.policy.model import Country, DataClass, Entry, Id, Months, Sentence, Text


class RuleEffect(StrEnum):
    """A rule can only take away: what no rule denies still needs every fact to be known."""

    DENY = "deny"
    WARN = "warn"
    """Noted beside the verdict as a shadow; stops nobody."""


class Rule(Entry):
    """When this predicate holds, this follows. One of `months`, `countries`, `data_class` bounds a predicate that asks for it."""

    id: Id
    effect: RuleEffect
    when: Id
    """Name of a predicate of the closed set (`app.policy.predicates`)."""
    months: Months | None = None
    countries: tuple[Country, ...] | None = None
    data_class: DataClass | None = None
    reason: Text
    remedy: Text
    source: Sentence
    """Questions of the founding document, articles, standards: `Q44, Q64; AI Act 50(4)`."""
    observable: bool = False
    """Whether an organisation may observe it for a while instead of enforcing it."""


class Observe(Entry):
    """A rule that one organisation watches without enforcing, until a date."""

    rule: Id
    organisation: Id
    owner: Sentence
    reason: Sentence
    until: date


class RulesFile(Entry):
    """`baseline/rules.yaml`; in an organisation's folder `rules.yaml` adds rules (never removes one) and names what is observed."""

    rules: tuple[Rule, ...] = ()
    observe: tuple[Observe, ...] = ()


class CaseRequest(Entry):
    """What is asked beside the alias."""

    language: str | None = None
    media: tuple[Medium, ...] = ()
    tools: tuple[str, ...] = ()
    structured: bool = False
    prompt: str = ""


class Expectation(Entry):
    """The verdict that should follow. What is not named is not compared."""

    effect: Effect
    rule: Id | None = None
    shadow: tuple[Id, ...] = ()
    """Exactly these rules cast a shadow."""
    alternative: str | None = None
    obligations: tuple[Sentence, ...] | None = None
    """Names of the obligations, in any order: `Envelope`, `Keep`, …"""


class Case(Entry):
    """An expected verdict."""

    name: Sentence
    organisation: Id
    application: Id
    task: Sentence
    today: date
    request: CaseRequest = CaseRequest()
    set: Mapping[str, Any] = Field(default_factory=dict)
    """Facts changed for this case only, by path: `contract.valid_to: 2026-01-01`."""
    expect: Expectation


class CasesFile(Entry):
    """`cases.yaml`."""

    cases: tuple[Case, ...] = Field(min_length=1)
