# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Release or hold. No task that is held can be served yet: its obligation is refused before a model is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.decision import HoldForReview, Obligation
from app.domain.errors import ObligationUnsupported
from app.review.release import Release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.marking.output import MarkedOutput


class Review:
    """The one room that can mint a `Release`."""

    fulfils: frozenset[type[Obligation]] = frozenset()

    async def submit(self, output: MarkedOutput, obligations: Sequence[Obligation]) -> Release:
        """Release what nothing holds. Raises `ObligationUnsupported` where a human has to look first."""
        if any(isinstance(obligation, HoldForReview) for obligation in obligations):
            raise ObligationUnsupported
        return Release(output)
