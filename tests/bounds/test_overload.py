# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""More than the house can take: what was admitted is answered, the rest is told so, and memory stays flat."""

import asyncio
from collections import Counter
from contextlib import suppress
from itertools import count

import httpx
import pytest

from tests.bounds.asking import CHAT, COMPLETION, ask, assert_busy, lasting
from tests.bounds.conftest import PLACES
from tests.bounds.watching import ROOM, watched
from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLIENTS = 5 * PLACES
LETTER = "Staat deze zin in een brief die u van ons kreeg? " * 2000


async def test_five_times_what_there_is_room_for(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    now = asyncio.Event()
    # A call is answered once some were refused: however fast or slow this machine is, the house was full.
    upstream.on(CHAT, lasting(now))
    seen: Counter[int] = Counter()

    async def insist(application: str, times: int) -> None:
        for _ in range(times):
            response = await ask(client, waarmerk, application)
            seen[response.status_code] += 1
            if response.status_code != 200:
                assert_busy(response)
                now.set()

    async with watched(waarmerk.pid) as memory:
        await asyncio.gather(*(insist(("balie", "proeftuin")[number % 2], 8) for number in range(CLIENTS)))
    assert set(seen) == {200, 503}
    assert seen[200] == len(upstream.requests) == len(waarmerk.records("exchange:delivered"))
    assert waarmerk.records("exchange:failed") + waarmerk.records("exchange:aborted") == []
    assert memory.grown < ROOM


async def test_a_flood_of_questions_to_verify_stops_no_call(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    """From many networks at once, or the bound for each of them would end it."""
    upstream.on(CHAT, answer(COMPLETION))
    networks, told = count(1), Counter[int]()

    async def flood() -> None:
        while True:
            peer = {"x-forwarded-for": f"198.51.{next(networks) % 250}.{next(networks) % 250}"}
            with suppress(httpx.TransportError):  # refused before it was read, a client may be cut while it speaks
                response = await client.post("/verify", data={"code": "", "text": LETTER}, headers=peer)
                told[response.status_code] += 1
            await asyncio.sleep(0.1)

    floods = [asyncio.create_task(flood()) for _ in range(30)]
    try:
        async with asyncio.timeout(60):
            while told[503] < 10:  # noqa: ASYNC110  another process answers
                await asyncio.sleep(0.05)
        for _ in range(5):
            assert (await ask(client, waarmerk)).status_code == 200
            assert (await client.get("/health/live")).status_code == 200
    finally:
        for task in floods:
            task.cancel()
        await asyncio.gather(*floods, return_exceptions=True)
    assert set(told) <= {200, 503}
    assert told[200]
