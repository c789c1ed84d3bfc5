# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many people look at what is held, and what each of them declares (`baseline/review.yaml`)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, Self, TypeAlias, get_args

from pydantic import Field, StringConstraints, model_validator

from app.domain.review import Attestation, ReviewClass
from app.domain.text import LocalText
from app.policy.model import Entry, Text

ReviewClassId: TypeAlias = Literal["one", "two", "three"]
"""What a task may ask for."""

AttestationId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]

FACTS = "facts"
"""Checking facts is the least that makes a review (Guidelines C(2026) 5054, points 133 to 135): no class goes without."""


class AttestationEntry(Entry):
    """One thing a reviewer declares to have done."""

    id: AttestationId
    text: Text


class ReviewClassEntry(Entry):
    """It becomes a `domain.ReviewClass`."""

    id: ReviewClassId
    sign_offs: int = Field(ge=1, le=5)
    """How many different people must approve."""
    editor_may_approve: bool
    """Whether who changed the text may approve it."""
    attestations: tuple[AttestationId, ...]
    """All of them are needed for each sign-off."""
    lease_minutes: int = Field(ge=1, le=240)
    """How long a text stays with the reviewer who took it."""
    expires_days: int = Field(ge=1, le=365)
    """After this it is never published."""


class ReviewFile(Entry):
    """`review.yaml`: every class that a task may ask for, each once."""

    attestations: tuple[AttestationEntry, ...] = Field(min_length=1)
    classes: tuple[ReviewClassEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = [attestation.id for attestation in self.attestations]
        used = {identity for each in self.classes for identity in each.attestations}
        if len(set(known)) < len(known) or used != set(known):
            raise ValueError("each attestation is described once, and used by a class")
        if sorted(each.id for each in self.classes) != sorted(get_args(ReviewClassId)):
            raise ValueError(f"holds each of the classes {', '.join(get_args(ReviewClassId))} once")
        for each in self.classes:
            if FACTS not in each.attestations or len(set(each.attestations)) < len(each.attestations):
                raise ValueError(f"class '{each.id}' names its attestations once each, and '{FACTS}' is one of them")
        return self

    def of(self) -> Mapping[str, ReviewClass]:
        """The classes as the rest of the house knows them, by id."""
        said = {each.id: Attestation(each.id, LocalText(each.text.nl, each.text.en)) for each in self.attestations}
        return MappingProxyType(
            {
                each.id: ReviewClass(
                    id=each.id,
                    sign_offs=each.sign_offs,
                    editor_may_approve=each.editor_may_approve,
                    attestations=tuple(said[identity] for identity in each.attestations),
                    lease_minutes=each.lease_minutes,
                    expires_days=each.expires_days,
                )
                for each in self.classes
            }
        )
