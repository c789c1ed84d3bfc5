# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every place is taken by calls that last: who comes next is told so, and the rest of the house goes on."""

import asyncio

import httpx
import pytest

from tests.bounds.asking import CHAT, COMPLETION, ask, assert_busy, question, running
from tests.bounds.conftest import OF_ONE, PLACES
from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation, headers
from tests.staff import clerk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_full_house_refuses_and_everything_beside_the_models_answers(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    async with (
        clerk(waarmerk, "anna") as anna,
        running(client, waarmerk, upstream, balie=OF_ONE, proeftuin=PLACES - OF_ONE),
    ):
        refused = [ask(client, waarmerk, "proeftuin"), ask(client, waarmerk, stream=True), announced(waarmerk)]
        for response in await asyncio.gather(*refused):
            assert_busy(response)
        assert len(upstream.requests) == PLACES
        await the_rest_of_the_house(client, waarmerk)
        assert (await anna.see("/review/")).status == 200
    assert [each for each in waarmerk.records("exchange:refused") if each["name"] == "busy"] == []
    assert "refused at the door: busy" in waarmerk.log.read_text()
    upstream.on(CHAT, answer(COMPLETION))
    for _ in range(2 * OF_ONE):  # every place came back
        assert (await ask(client, waarmerk)).status_code == 200


async def the_rest_of_the_house(client: httpx.AsyncClient, waarmerk: Installation) -> None:
    key = headers(waarmerk.key())
    answered = {
        "/health/live": 200,
        "/health/ready": 200,
        "/verify": 200,
        "/v/0123-4567-89AB": 404,
        "/api/v1/reviews/rev_unknown": 404,
        "/v1/models": 200,
        "/v1/chat/completions/chatcmpl-rev_unknown": 404,
        "/problems/busy": 200,
        "/review/sign-in": 200,
    }
    for path, status in answered.items():
        assert (await client.get(path, headers=key)).status_code == status, path
    asked = await client.post("/verify", data={"code": "", "text": "Staat dit ergens?"})
    assert asked.status_code == 200
    assert (await client.post(CHAT, json=question(), headers=headers("wmk_" + "x" * 43))).status_code == 401


async def announced(waarmerk: Installation) -> httpx.Response:
    """What is told to a caller that announces a body of ten megabytes and sends none of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", waarmerk.port)
    lines = [
        f"POST {CHAT} HTTP/1.1", f"Host: 127.0.0.1:{waarmerk.port}", f"Authorization: Bearer {waarmerk.key()}",
        "Content-Type: application/json", "Content-Length: 10000000", "", "",
    ]  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    try:
        async with asyncio.timeout(60):
            first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
            told = dict(line.lower().split(": ", 1) for line in rest)
            body = await reader.readexactly(int(told["content-length"]))
            return httpx.Response(int(first.split()[1]), headers=told, content=body)
    finally:
        writer.close()


async def test_one_application_cannot_take_every_place(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    async with running(client, waarmerk, upstream, balie=OF_ONE):
        refused = await ask(client, waarmerk)
        assert_busy(refused)
        assert f"This application has {OF_ONE} calls running" in refused.json()["detail"]
        upstream.on(CHAT, answer(COMPLETION))
        assert (await ask(client, waarmerk, "proeftuin")).status_code == 200


async def test_who_comes_when_a_call_is_about_to_end_gets_its_place(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    for _ in range(20):  # a machine that is busy for a second may let one wait in vain
        async with running(client, waarmerk, upstream, balie=OF_ONE) as (first, *_):
            upstream.on(CHAT, answer(COMPLETION))
            waiting = asyncio.create_task(ask(client, waarmerk))
            await asyncio.sleep(0.05)
            first.cancel()
            response = await waiting
        if response.status_code == 200:
            return
        assert_busy(response)
    raise AssertionError("nobody's turn came")
