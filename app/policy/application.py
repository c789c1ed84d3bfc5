# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A use case and its tasks (one file in `applications/`): what for, by whom, with what safeguards.

A missing purpose, analysis or owner does not refuse the folder: it denies the calls of that application, with a reason, so that
one unfinished application never stops the others.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.domain.decision import Profile
from app.policy.model import Alias, Contact, DataClass, Days, Entry, Id, Language, Owner, Reference, Sentence
from app.policy.review import ReviewClassId
from app.policy.webhook import WebhookEntry

HELD = frozenset({Profile.PUBLICATION, Profile.CORRESPONDENCE})
"""Profiles of which nothing leaves before a human has signed off."""

Medium = Literal["image", "audio", "video"]


class DecisionMaking(StrEnum):
    """What part the output has in a decision about someone (Q4, Q12, Q78; GDPR article 22)."""

    NONE = "none"
    SUPPORTING = "supporting"
    AUTONOMOUS = "autonomous"


class Practice(StrEnum):
    """Uses that this product does not serve (AI Act 50(3))."""

    EMOTION_RECOGNITION = "emotion-recognition"
    BIOMETRIC_CATEGORISATION = "biometric-categorisation"


class Duty(StrEnum):
    """RACI (Q16)."""

    RESPONSIBLE = "R"
    ACCOUNTABLE = "A"
    CONSULTED = "C"
    INFORMED = "I"


class Role(Entry):
    """One line of the RACI table: a role, not a person's name."""

    role: Sentence
    duty: Duty


class MediaRecord(Entry):
    """The explicit decision that images, audio or video may be generated."""

    kinds: tuple[Medium, ...] = Field(min_length=1)
    decision: Owner


class SandboxRecord(Entry):
    """A pilot outside production (Q69): fictitious or public data only, half a year at most."""

    data_set: str = ""
    declared: Literal["fictitious", "publicly-available"]
    starts: date
    until: date
    personal_data: Literal["warn", "refuse"] = "refuse"
    """What happens when a detector finds personal data in a prompt."""


class Plain(Entry):
    """Why a task goes without marks in its sentences, and whose choice that is."""

    reason: Sentence
    owner: Sentence


class Retention(Entry):
    """What is kept, and for how long."""

    days: Days
    content: bool = False
    """Prompt and output too, encrypted per item."""
    selection_list: str = ""
    """Category of the selection list (Archiefwet) that sets the term."""


class ReviewSettings(Entry):
    """How a held answer waits."""

    review_class: ReviewClassId = "one"
    held_as: Literal["error", "in_band", "wait"] = "error"
    hold_after: int = Field(default=20, ge=1, le=120)


class ChatDecision(Entry):
    """The recorded decision to let citizens talk to a model directly."""

    owner: Sentence
    decided_on: date
    review_by: date


class Task(Entry):
    """What a model alias names."""

    description: str = ""
    profile: Profile
    deployment: Id
    languages: tuple[Language, ...] = Field(default=("nl",), min_length=1)
    """The first is meant where a caller names none."""
    tools: tuple[str, ...] | None = None
    """Names of tools the model may call; None leaves it open, except where output is held."""
    structured: bool = False
    """Whether a client may ask for JSON: it carries no mark in its content."""
    media: tuple[Medium, ...] = ()
    plain: Plain | None = None
    keep: Retention | None = None
    review: ReviewSettings | None = None
    chat: ChatDecision | None = None

    @property
    def held(self) -> bool:
        """Whether a human signs off first."""
        return self.profile in HELD

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.chat is not None and self.profile is not Profile.CITIZEN_CHAT:
            raise ValueError("'chat' belongs to profile 'citizen-chat'")
        if self.review is not None and not (self.held or self.profile is Profile.ASSISTIVE):
            raise ValueError("'review' belongs to the profiles 'publication', 'correspondence' and 'assistive'")
        return self


class Application(Entry):
    """A registered use case."""

    id: Id
    organisation: Id
    name: Sentence
    purpose: str = ""
    public_value: str = ""
    provider: Sentence
    """Provider of the AI system in the sense of the AI Act: often the organisation itself (Guidelines C(2026) 5054, points 10, 11)."""
    deployer: Sentence
    editorially_responsible: str = ""
    operated_by: Sentence
    raci: tuple[Role, ...] = ()
    risk_analysis: Reference | None = None
    dpia: Reference | None = None
    personal_data: bool
    data_class: DataClass
    evaluation_date: date | None = None
    decision_making: DecisionMaking
    practices: tuple[Practice, ...]
    citizen_facing: bool
    contact: Contact = Contact()
    """Overrides the organisation's."""
    algorithm_register: str = ""
    """Number or address in the Algoritmeregister."""
    rationale_non_eu: str = ""
    """Why a provider outside the European Economic Area, while Europe comes first (Q46, Q47, Q56)."""
    media_record: MediaRecord | None = None
    sandbox: SandboxRecord | None = None
    development: bool = False
    webhook: WebhookEntry | None = None
    """Where it is told that a review moved on."""
    tasks: Mapping[Alias, Task] = Field(min_length=1)

    @field_validator("webhook")
    @classmethod
    def _encrypted(cls, webhook: WebhookEntry | None, info: ValidationInfo) -> WebhookEntry | None:
        if webhook is not None and webhook.plain and not info.data.get("development"):
            raise ValueError("plain http only while the application says 'development: true'; use https")
        return webhook
