# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every place is taken by calls whose model hangs: who comes next is told so, and the rest of the house goes on."""

import asyncio
from pathlib import Path

import httpx

from tests.bounds.asking import CHAT, COMPLETION, ask, assert_busy, client_of, hanging, question, until
from tests.fake_upstream import FakeUpstream, answer, hang
from tests.installation import Installation, headers
from tests.staff import clerk

FULL = {"max_calls": "4", "max_calls_of_one": "3"}


async def test_a_full_house_refuses_and_everything_beside_the_models_answers(
    tmp_path: Path, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, hang())
    async with (
        Installation(tmp_path / "home", upstream.port, **FULL) as waarmerk,
        clerk(waarmerk, "anna") as anna,
        client_of(waarmerk) as client,
    ):
        async with hanging(client, waarmerk, upstream, balie=3, proeftuin=1):
            assert_busy(await ask(client, waarmerk, "proeftuin"))
            assert_busy(await ask(client, waarmerk, stream=True))
            assert_busy(httpx_response(await announced(waarmerk)))
            assert len(upstream.requests) == 4
            await the_rest_of_the_house(client, waarmerk)
            assert (await anna.see("/review/")).status == 200
        assert [each for each in waarmerk.records("exchange:refused") if each["name"] == "busy"] == []
        assert "refused at the door: busy" in waarmerk.log.read_text()
        upstream.on(CHAT, answer(COMPLETION))
        for _ in range(8):  # every place came back
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


async def announced(waarmerk: Installation) -> tuple[int, dict[str, str], bytes]:
    """What is told to a caller that announces a body of ten megabytes and sends none of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", waarmerk.port)
    lines = [
        f"POST {CHAT} HTTP/1.1", f"Host: 127.0.0.1:{waarmerk.port}", f"Authorization: Bearer {waarmerk.key()}",
        "Content-Type: application/json", "Content-Length: 10000000", "", "",
    ]  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    try:
        async with asyncio.timeout(30):
            first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
            told = dict(line.lower().split(": ", 1) for line in rest)
            return int(first.split()[1]), told, await reader.readexactly(int(told["content-length"]))
    finally:
        writer.close()


def httpx_response(told: tuple[int, dict[str, str], bytes]) -> httpx.Response:
    status, said, body = told
    return httpx.Response(status, headers=said, content=body)


async def test_one_application_cannot_take_every_place(tmp_path: Path, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, hang())
    async with Installation(tmp_path / "home", upstream.port, **FULL) as waarmerk, client_of(waarmerk) as client:
        async with hanging(client, waarmerk, upstream, balie=3):
            assert_busy(refused := await ask(client, waarmerk))
            assert "This application has 3 calls running" in refused.json()["detail"]
            upstream.on(CHAT, answer(COMPLETION))
            assert (await ask(client, waarmerk, "proeftuin")).status_code == 200


async def test_who_comes_when_a_call_is_about_to_end_waits_for_its_place(
    tmp_path: Path, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, hang())
    bounds = {"max_calls": "1", "max_calls_of_one": "1"}
    async with Installation(tmp_path / "home", upstream.port, **bounds) as waarmerk, client_of(waarmerk) as client:
        for _ in range(20):  # a machine that is busy for a second may let one wait in vain
            async with hanging(client, waarmerk, upstream, balie=1) as (running,):
                upstream.on(CHAT, answer(COMPLETION))
                waiting = asyncio.create_task(ask(client, waarmerk))
                await asyncio.sleep(0.05)
                running.cancel()
                if (response := await waiting).status_code == 200:
                    return
                assert_busy(response)
            upstream.on(CHAT, hang())
        raise AssertionError("nobody's turn came")
