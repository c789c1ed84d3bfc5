# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first cause that ends a call is the one that is told."""

import asyncio

import pytest

from app.domain.call import Interruption
from app.domain.errors import Busy, ClientGone


async def test_a_cause_cancels_the_task_it_is_bound_to() -> None:
    interruption = Interruption()
    task = asyncio.ensure_future(asyncio.sleep(60))
    interruption.bind(task)
    interruption.trip(Busy())
    interruption.trip(ClientGone())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(interruption.cause, Busy)


async def test_an_unbound_call_is_left_alone() -> None:
    interruption = Interruption()
    task = asyncio.ensure_future(asyncio.sleep(0, "done"))
    interruption.bind(task)
    interruption.bind(None)
    interruption.trip(Busy())
    assert await task == "done"
