# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hold to reason about, of which everything is known."""

from datetime import UTC, datetime, timedelta

from app.domain.review import Attestation, Hold, HoldState, ReviewClass
from app.domain.text import LocalText
from app.review.binding import binding_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXTS = {0: "Een.", 1: "Twee."}
ONE = ReviewClass(
    "one",
    1,
    editor_may_approve=True,
    attestations=(
        Attestation("facts", LocalText(nl="Ja.", en="Yes.")),
        Attestation("tone", LocalText(nl="Ja.", en="Yes.")),
    ),
)
TWO = ReviewClass("two", 2, editor_may_approve=False, attestations=ONE.attestations)
HOLD = Hold(
    id="rev_1",
    exchange="exc_1",
    organisation="gemeente-voorbeeld",
    application="balie",
    task="balie-antwoord",
    profile="publication",
    review_class=ONE,
    policy="0" * 64,
    label="reviewed",
    language="nl",
    requester=None,
    state=HoldState.PENDING,
    opened_at=NOW - timedelta(hours=1),
    expires_at=NOW + timedelta(days=1),
    codes={0: "K7Q2-9FXM-3TBW", 1: "K7Q2-9FXM-3TBX"},
    same="same",
    edition=1,
    binding=binding_of(TEXTS, label="reviewed", language="nl", policy="0" * 64),
    record="rec_1",
)
