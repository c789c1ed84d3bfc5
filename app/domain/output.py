# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Outputs that left the house, as verify knows them: by code, and where published by text."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class OutputStatus(StrEnum):
    """What became of an output."""

    DELIVERED = "delivered"
    """Given at once, not reviewed."""
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Output:
    """One choice that left, under its code. Held outputs are not here before their sign-off."""

    code: str
    exchange: str
    choice: int
    organisation: str
    application: str
    profile: str
    day: date
    status: OutputStatus
    record: str
    """Id of the record that tells of it: `exchange:delivered` or `hold:approved`."""
    hold: str | None = None
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Released:
    """What approval adds for one choice, all under its code."""

    code: str
    digests: tuple[str, ...]
    """Keyed digests by which verify finds the text: of the published text, of its normal form, of the unmarked text."""
    manifest: bytes = field(repr=False)
    """C2PA manifest store, detached; empty where none was made."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that must still be told to an application: a row of the outbox. No content, ids and links only."""

    id: str
    """`msg_…`, also the webhook id."""
    organisation: str
    kind: str
    """`webhook:{application}`."""
    payload: bytes = field(repr=False)
    due: datetime
    attempts: int = 0
