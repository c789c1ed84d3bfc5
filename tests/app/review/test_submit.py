# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nothing that must be held is released."""

from collections.abc import AsyncIterator

import pytest

from app.domain.decision import Envelope, HoldForReview
from app.domain.errors import ObligationUnsupported
from app.domain.text import LocalText
from app.marking.output import MarkedEvent, MarkedOutput
from app.review.submit import Review


async def nothing() -> AsyncIterator[MarkedEvent]:
    return
    yield


OUTPUT = MarkedOutput({}, nothing(), stream=False)


async def test_what_nothing_holds_is_released() -> None:
    release = await Review().submit(OUTPUT, (Envelope(LocalText(nl="", en="")),))
    assert release.output is OUTPUT


async def test_what_must_be_held_is_refused_as_long_as_nobody_can_sign_it_off() -> None:
    with pytest.raises(ObligationUnsupported):
        await Review().submit(OUTPUT, (HoldForReview("two"),))
