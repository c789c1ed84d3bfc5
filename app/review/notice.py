# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an application is told of a review: where it stands, and why it gets no text. Never anything of the text."""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.domain.clock import timestamp
from app.domain.errors import (
    Held,
    NotReleased,
    ReviewExpired,
    ReviewFailed,
    ReviewNotice,
    ReviewRejected,
    ReviewWithdrawn,
)
from app.domain.ids import new_id
from app.domain.output import Message
from app.domain.review import Hold, HoldState

_REFUSALS: Mapping[HoldState, type[NotReleased]] = MappingProxyType(
    {
        HoldState.REJECTED: ReviewRejected,
        HoldState.EXPIRED: ReviewExpired,
        HoldState.WITHDRAWN: ReviewWithdrawn,
        HoldState.UPSTREAM_FAILED: ReviewFailed,
    }
)


def notice(hold: Hold, moment: datetime) -> ReviewNotice:
    """Where it stands at this moment."""
    status = hold.status(moment)
    reason = hold.reason if status is HoldState.REJECTED else ""
    return ReviewNotice(hold.id, status.value, hold.completion, int(hold.expires_at.timestamp()), reason)


def refusal(hold: Hold, moment: datetime) -> NotReleased:
    """Why there is no text, of a hold that was not approved."""
    refused = _REFUSALS.get(hold.status(moment), Held)(notice(hold, moment))
    refused.exchange = hold.exchange
    return refused


def message(hold: Hold, moment: datetime) -> Message:
    """The webhook message that a review has ended (Standard Webhooks: `type`, `timestamp`, `data`)."""
    told = {
        "type": f"review.{hold.state.value}",
        "timestamp": timestamp(moment),
        "data": notice(hold, moment).document(),
    }
    payload = json.dumps(told, separators=(",", ":")).encode()
    return Message(new_id("msg", moment), hold.organisation, f"webhook:{hold.application}", payload, due=moment)
