# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The verdict of policy on one call. XACML's words: Decision, Effect, Obligation."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias, get_args

from app.domain.errors import Denied
from app.domain.review import ReviewClass
from app.domain.text import LocalText
from watermark.model import Disclosure


class Effect(StrEnum):
    """Permit or deny; there is no third."""

    PERMIT = "permit"
    DENY = "deny"


class Profile(StrEnum):
    """Who is held, who is told, what is kept (architecture section 6)."""

    PUBLICATION = "publication"
    CORRESPONDENCE = "correspondence"
    INTERNAL_DRAFT = "internal-draft"
    CITIZEN_CHAT = "citizen-chat"
    ASSISTIVE = "assistive"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Say it beside the content: headers, `ai_provenance`, a stream frame. Carried by every permit."""

    disclosure: LocalText


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept outside the log, and until when it may be."""

    days: int
    content: bool = False
    """True: prompt and output, encrypted per item. False: the salts of the commitments only."""


@dataclass(frozen=True, slots=True)
class Label:
    """A visible disclosure in the text (AI Act 50(4))."""

    variant: str
    languages: tuple[str, ...]
    """In which the text may come: the first is meant unless the request names another."""
    texts: tuple[Disclosure, ...] = ()
    """The lines in each of these languages; places left open are filled in from what follows."""
    organisation: str = ""
    """Name of the responsible organisation, as people know it."""
    contact: str = ""
    data: bool = False
    """Whether the task also answers programs: a reviewed text that begins as code or data is then theirs, and stays as it is."""


@dataclass(frozen=True, slots=True)
class SentenceMarks:
    """An invisible id in every sentence of prose (AI Act 50(2))."""


@dataclass(frozen=True, slots=True)
class HoldForReview:
    """Nothing leaves before a human has signed off."""

    review_class: ReviewClass
    held_as: str = "error"
    """`error` (423), `in_band` (200 without content) or `wait` (the connection stays open for a quick reviewer, then 423)."""
    hold_after: int = 20
    """Seconds a client waits before it is told that its answer is held."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Tell the person that this is AI and how to reach a human, before the first token (AI Act 50(1))."""

    contact: str


@dataclass(frozen=True, slots=True)
class CompareWithInput:
    """Prove that the output is an edit of the input (AI Act 50(2), standard editing)."""

    most_new_percent: int = 15


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A pilot outside production (Q69): banner, no publication."""

    data: str
    """`fictitious` or `publicly available`."""
    until: date


Obligation: TypeAlias = Envelope | Keep | Label | SentenceMarks | HoldForReview | Notice | CompareWithInput | Sandbox

OBLIGATIONS: frozenset[type[Obligation]] = frozenset(get_args(Obligation))
"""Every kind there is."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long an upstream may take, in seconds."""

    connect: float = 5.0
    first_byte: float = 60.0
    idle: float = 30.0
    total: float = 600.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """A usable model: one exact host, one upstream model, one contract. The only thing a socket is opened for."""

    id: str
    provider: str
    offering: str
    contract: str
    dialect: str
    scheme: str
    host: str
    """Canonical: ASCII, lower case, no trailing dot, no user information; an IP literal only with `cidr`."""
    port: int
    path: str
    """Prefix before the dialect's own path; empty, or starts with `/` and does not end with one."""
    model: str
    """Name of the model at the upstream, exactly."""
    region: str
    credential: str | None = None
    """Reference, `file:/run/secrets/x` or `env:X`; never the secret."""
    cidr: tuple[str, ...] = ()
    """On-premises: the only networks its addresses may be in. Empty: public addresses only, https only."""
    proxy: str | None = None
    ca_file: str | None = None
    force: tuple[tuple[str, bool | int | str], ...] = ()
    """Body fields set by contract whatever the client sent, such as `store: false`."""
    timeouts: Timeouts = Timeouts()


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a rule in `observe` mode would have done."""

    rule: str
    effect: Effect
    reason: LocalText


@dataclass(frozen=True, slots=True)
class Decision:
    """Permit or deny, by which rule, why, and what must be done along the way."""

    effect: Effect
    rule: str
    reason: LocalText
    remedy: LocalText
    policy: str
    """SHA-256 of the policy snapshot that decided, lower-case hex."""
    source: str = ""
    """Where the rule comes from: `Q44, Q64`."""
    task: str = ""
    deployment: Deployment | None = None
    obligations: tuple[Obligation, ...] = ()
    alternative: str | None = None
    """Alias of a task this caller may use instead."""
    shadow: tuple[Shadow, ...] = ()
    profile: str = ""
    """Of the task, where there is one: a `Profile`."""

    def usable(self, able: Container[type[Obligation]]) -> bool:
        """Whether it permits, and asks for nothing but what these rooms are able to do."""
        return self.effect is Effect.PERMIT and all(type(obligation) in able for obligation in self.obligations)

    def require_permit(self) -> Deployment:
        """The deployment to ask; raises `Denied` with rule, reason, remedy and alternative."""
        if self.effect is not Effect.PERMIT or self.deployment is None:
            raise Denied(self.rule, self.reason, self.remedy, source=self.source, alternative=self.alternative)
        return self.deployment
