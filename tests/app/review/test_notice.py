# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An application hears where a review stands and why there is no text, and nothing of the text."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import (
    Held,
    NotReleased,
    ReviewExpired,
    ReviewFailed,
    ReviewRejected,
    ReviewWithdrawn,
)
from app.domain.review import HoldState
from app.review.notice import message, notice, refusal
from tests.app.review.holds import HOLD, NOW


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (HoldState.COLLECTING, Held),
        (HoldState.PENDING, Held),
        (HoldState.CLAIMED, Held),
        (HoldState.CHANGES_REQUESTED, Held),
        (HoldState.REJECTED, ReviewRejected),
        (HoldState.EXPIRED, ReviewExpired),
        (HoldState.WITHDRAWN, ReviewWithdrawn),
        (HoldState.UPSTREAM_FAILED, ReviewFailed),
    ],
)
def test_each_state_has_its_error(state: HoldState, kind: type[NotReleased]) -> None:
    error = refusal(replace(HOLD, state=state, claimed_until=NOW + timedelta(minutes=1)), NOW)
    assert type(error) is kind
    assert (error.review.status, error.review.id, error.exchange) == (state.value, HOLD.id, HOLD.exchange)


def test_a_term_that_is_over_is_over_whether_somebody_wrote_it_down_or_not() -> None:
    assert type(refusal(HOLD, HOLD.expires_at)) is ReviewExpired
    assert notice(HOLD, HOLD.expires_at).status == "expired"


def test_the_reason_is_told_of_a_rejection_only() -> None:
    asked_again = replace(HOLD, reason="tone")
    assert notice(asked_again, NOW).reason == ""
    assert notice(replace(asked_again, state=HoldState.REJECTED), NOW).reason == "tone"


def test_a_message_holds_ids_and_links_only() -> None:
    told = message(replace(HOLD, state=HoldState.APPROVED), NOW)
    assert (told.kind, told.organisation, told.due) == (f"webhook:{HOLD.application}", HOLD.organisation, NOW)
    payload = json.loads(told.payload)
    assert payload["type"] == "review.approved"
    assert payload["data"] == {
        "id": HOLD.id,
        "status": "approved",
        "completion_id": HOLD.completion,
        "status_url": f"/api/v1/reviews/{HOLD.id}",
        "expires_at": int(HOLD.expires_at.timestamp()),
    }
