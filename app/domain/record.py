# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A record: one sentence of the evidence log. It never holds prompt or output, only salted commitments to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.json import Json


class RecordType(StrEnum):
    """The closed table of what can happen, `subject:action`."""

    EXCHANGE_OPENED = "exchange:opened"
    EXCHANGE_REFUSED = "exchange:refused"
    EXCHANGE_DELIVERED = "exchange:delivered"
    EXCHANGE_ABORTED = "exchange:aborted"
    EXCHANGE_FAILED = "exchange:failed"
    EXCHANGE_HELD = "exchange:held"
    HOLD_OPENED = "hold:opened"
    HOLD_CLAIMED = "hold:claimed"
    HOLD_LET_GO = "hold:let_go"
    HOLD_EDITED = "hold:edited"
    HOLD_SIGNED_OFF = "hold:signed_off"
    HOLD_APPROVED = "hold:approved"
    HOLD_REJECTED = "hold:rejected"
    HOLD_CHANGES_REQUESTED = "hold:changes_requested"
    HOLD_EXPIRED = "hold:expired"
    HOLD_WITHDRAWN = "hold:withdrawn"
    HOLD_FAILED = "hold:failed"
    HOLD_FETCHED = "hold:fetched"
    HOLD_SEEN = "hold:seen"
    USER_CREATED = "user:created"
    USER_CHANGED = "user:changed"
    SESSION_OPENED = "session:opened"
    SESSION_REFUSED = "session:refused"
    SESSION_CLOSED = "session:closed"
    POLICY_LOADED = "policy:loaded"
    POLICY_REJECTED = "policy:rejected"
    POLICY_STOPPED = "policy:stopped"
    POLICY_STARTED = "policy:started"
    KEY_CREATED = "key:created"
    KEY_REVOKED = "key:revoked"
    CONTENT_ERASED = "content:erased"


@dataclass(frozen=True, slots=True)
class Record:
    """`body` is JSON of strings, booleans, null, arrays, objects and integers below 2^53: no floats (RFC 8785 stays trivial)."""

    type: RecordType
    id: str
    """`rec_…`, UUIDv7."""
    moment: datetime
    organisation: str
    exchange: str | None = None
    previous: str | None = None
    """Id of the record before this one of the same exchange."""
    body: Mapping[str, Json] = field(default_factory=dict)
