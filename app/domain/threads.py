# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What blocks runs beside the loop, and nobody waits for it for ever: a database that hangs does not hang who asks."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, ParamSpec, TypeVar

from app.domain.errors import EvidenceUnavailable
from app.domain.text import LocalText

P = ParamSpec("P")
T = TypeVar("T")

_LOOK: Final = 3.0
_STUDY: Final = 15.0


async def look(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a look at storage on a thread. Raises what it raises, or `EvidenceUnavailable` when it takes longer than three seconds.

    The thread goes on until its database answers or gives up: how many may be in that state is bounded by the connections there are.
    """
    return await _within(_LOOK, partial(work, *args, **kwargs))


async def study(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for what also has much to reckon: a quarter of a minute."""
    return await _within(_STUDY, partial(work, *args, **kwargs))


async def _within(seconds: float, work: Callable[[], T]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.to_thread(work)
    except TimeoutError:
        reason = LocalText(nl="De database geeft geen antwoord.", en="The database does not answer.")
    raise EvidenceUnavailable(reason)
