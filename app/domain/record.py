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
