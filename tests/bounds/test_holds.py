# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What waits for people is bounded, and so is what is still being collected for them."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.bounds.asking import CHAT, COMPLETION, ask, assert_busy
from tests.bounds.conftest import OF_ONE, OPEN_HOLDS
from tests.fake_upstream import Exchange, FakeUpstream, answer
from tests.installation import Installation, headers
from tests.staff import clerk

pytestmark = pytest.mark.asyncio(loop_scope="session")


def about(what: str) -> dict[str, Any]:
    """A question whose answer is held; another one each time, since the same would be the same review."""
    return {"model": "balie-antwoord", "messages": [{"role": "user", "content": f"Wat is {what}?"}]}


async def test_an_application_does_not_flood_the_desk(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    upstream.on(CHAT, answer(COMPLETION))
    key = headers(waarmerk.key())
    held = [await client.post(CHAT, json=about(f"{number}"), headers=key) for number in range(OPEN_HOLDS)]
    assert [response.status_code for response in held] == [423] * OPEN_HOLDS
    refused = await client.post(CHAT, json=about("te veel"), headers=key)
    text = {"text": "Een persbericht.", "task": "balie-antwoord"}
    handed_in = await client.post("/api/v1/publications", json=text, headers=key)
    for response in (refused, handed_in):
        assert (response.status_code, response.json()["code"]) == (429, "review-queue-full")
        assert (response.headers["retry-after"], response.headers["x-should-retry"]) == ("300", "false")
    again = await client.post(CHAT, json=about("0"), headers=key)  # the same call is no more of it
    assert (again.status_code, again.json()["review"]["id"]) == (423, held[0].json()["review"]["id"])
    assert len(upstream.requests) == OPEN_HOLDS
    names = [record["name"] for record in waarmerk.records("exchange:refused")]
    assert names == ["review-queue-full", "review-queue-full", "held"]
    page = await client.get("/problems/review-queue-full", headers={"accept": "text/html", "accept-language": "nl"})
    assert "Er wachten te veel teksten" in page.text
    async with clerk(waarmerk, "bea") as bea:
        for response in held:
            await bea.reject(response.json()["review"]["id"])
    assert (await client.post(CHAT, json=about("te veel"), headers=key)).status_code == 423


async def test_what_is_collected_keeps_its_place_when_its_client_has_left(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    enough = asyncio.Event()

    async def until_enough(exchange: Exchange) -> None:
        await enough.wait()
        exchange.reset()

    upstream.on(CHAT, until_enough)
    key = headers(waarmerk.key())
    tasks = [asyncio.create_task(client.post(CHAT, json=about(f"n{n}"), headers=key)) for n in range(OF_ONE)]
    async with asyncio.timeout(60):
        while len(upstream.requests) < OF_ONE:  # noqa: ASYNC110  the model is a script without a signal of its own
            await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await waarmerk.until("hold:opened", OF_ONE)
    assert_busy(await ask(client, waarmerk))
    enough.set()
    await waarmerk.until("exchange:failed", OF_ONE)
    upstream.on(CHAT, answer(COMPLETION))
    async with asyncio.timeout(60):
        while (await ask(client, waarmerk)).status_code != 200:  # noqa: ASYNC110  another process counts seconds
            await asyncio.sleep(0.1)
