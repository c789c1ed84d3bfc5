# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ends a running call from outside: a supervisor, a revoked key, a client that leaves, a service that closes, a kill.

In each case the client never gets a false end, the model is hung up on, and the log says what happened.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
import pytest

from tests.fake_upstream import Exchange, FakeUpstream, Script, chunk, head, sse
from tests.installation import Installation, headers

CHAT = "/v1/chat/completions"
ASK = {"model": "balie-zoekvraag", "messages": [{"role": "user", "content": "Hallo"}], "stream": True}


def part(content: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]}


def endless_stream() -> Script:
    """A word every fiftieth of a second, until the other side hangs up."""

    async def script(exchange: Exchange) -> None:
        lines = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
        await exchange.send(head(200, lines))
        while not exchange.request.connection.closed.is_set():
            await exchange.send(chunk(b"data: %s\n\n" % json.dumps(part("woord ")).encode()))
            await asyncio.sleep(0.02)

    return script


def silent() -> Script:
    """No head, ever."""

    async def script(exchange: Exchange) -> None:
        await exchange.hang()

    return script


@asynccontextmanager
async def streaming(waarmerk: Installation, key: str) -> AsyncIterator[AsyncIterator[str]]:
    """A stream that has begun: its lines, one by one."""
    async with (
        httpx.AsyncClient(timeout=60) as client,
        client.stream("POST", waarmerk.address + CHAT, json=ASK, headers=headers(key)) as response,
    ):
        assert response.status_code == httpx.codes.OK
        lines = response.aiter_lines()
        while not (await anext(lines)).startswith("data:"):
            pass
        yield lines


async def rest(lines: AsyncIterator[str]) -> list[str]:
    return [line async for line in lines if line.startswith("data:")]


def told(lines: list[str]) -> dict[str, Any]:
    """The error in which a stream ended; no end was claimed."""
    assert "data: [DONE]" not in lines
    problem: dict[str, Any] = json.loads(lines[-1].removeprefix("data:"))["error"]
    return problem


async def asked(upstream: FakeUpstream) -> None:
    async with asyncio.timeout(60):
        while not upstream.requests:  # noqa: ASYNC110 the model is a script without a signal of its own
            await asyncio.sleep(0.01)


async def hung_up(upstream: FakeUpstream) -> None:
    async with asyncio.timeout(60):
        await upstream.requests[-1].connection.closed.wait()


@pytest.mark.parametrize(
    ("kind", "name"), [("application", "balie"), ("deployment", "demo-smollm2"), ("provider", "self-hosted")]
)
async def test_a_stop_ends_running_streams_with_its_reason_and_refuses_new_calls(
    waarmerk: Installation, upstream: FakeUpstream, kind: str, name: str
) -> None:
    upstream.on(CHAT, endless_stream())
    key = waarmerk.key()
    async with streaming(waarmerk, key) as lines:
        await waarmerk.command("stop", kind, name, "--reason", "onderzoek loopt")
        async with asyncio.timeout(60):
            error = told(await rest(lines))
    assert (error["code"], "onderzoek loopt" in error["message"]) == ("stopped", True)
    await hung_up(upstream)
    (aborted,) = await waarmerk.until("exchange:aborted")
    assert aborted["cause"] == "stopped"
    async with httpx.AsyncClient(timeout=60) as client:
        refused = await client.post(waarmerk.address + CHAT, json=ASK, headers=headers(key))
        assert (refused.status_code, refused.json()["code"]) == (403, "stopped")
        assert len(waarmerk.records("exchange:refused")) == 1
        await waarmerk.command("start", kind, name, "--reason", "onderzoek klaar")
        upstream.on(CHAT, sse([part("Dag")]))
        async with asyncio.timeout(60):
            await in_use_again(client, waarmerk, key)


async def in_use_again(client: httpx.AsyncClient, waarmerk: Installation, key: str) -> None:
    ask = partial(client.post, waarmerk.address + CHAT, json=ASK, headers=headers(key))
    while (await ask()).status_code != httpx.codes.OK:  # noqa: ASYNC110 another process changes what is asked for
        await asyncio.sleep(0.05)


async def test_a_call_that_waits_for_its_first_byte_is_stopped_too(
    waarmerk: Installation, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, silent())
    key = waarmerk.key()
    async with httpx.AsyncClient(timeout=60) as client:
        waiting = asyncio.ensure_future(client.post(waarmerk.address + CHAT, json=ASK, headers=headers(key)))
        await asked(upstream)
        await waarmerk.command("stop", "application", "balie", "--reason", "incident")
        answer = await asyncio.wait_for(waiting, 60)
    assert (answer.status_code, answer.json()["code"]) == (403, "stopped")
    await hung_up(upstream)


async def test_a_revoked_key_is_out_at_once_and_its_streams_end(waarmerk: Installation, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, endless_stream())
    created = await waarmerk.command("key", "create", "balie")
    key, name = created.splitlines()[0], created.split("the key ")[1].split(" ")[0]
    async with streaming(waarmerk, key) as lines:
        await waarmerk.command("key", "revoke", name)
        async with httpx.AsyncClient(timeout=60) as client:
            refused = await client.post(waarmerk.address + CHAT, json=ASK, headers=headers(key))
        async with asyncio.timeout(60):
            error = told(await rest(lines))
    assert refused.status_code == httpx.codes.UNAUTHORIZED
    assert error["code"] == "not-authenticated"
    assert len(upstream.requests) == 1


async def test_when_the_client_leaves_the_model_is_hung_up_on(waarmerk: Installation, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, endless_stream())
    async with streaming(waarmerk, waarmerk.key()):
        pass
    await hung_up(upstream)
    (aborted,) = await waarmerk.until("exchange:aborted")
    assert (aborted["cause"], list(aborted["output"])) == ("client-gone", ["0"])


async def test_when_the_client_leaves_before_the_head_the_model_is_hung_up_on(
    waarmerk: Installation, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, silent())
    key = waarmerk.key()
    async with httpx.AsyncClient(timeout=60) as client:
        waiting = asyncio.ensure_future(client.post(waarmerk.address + CHAT, json=ASK, headers=headers(key)))
        await asked(upstream)
        waiting.cancel()
    await hung_up(upstream)
    assert (await waarmerk.until("exchange:aborted"))[0]["cause"] == "client-gone"


async def test_a_service_that_closes_ends_streams_with_an_error(tmp_path: Any, upstream: FakeUpstream) -> None:  # noqa: ANN401
    upstream.on(CHAT, endless_stream())
    async with Installation(tmp_path / "home", upstream.port, drain="0.5") as waarmerk:
        async with streaming(waarmerk, waarmerk.key()) as lines:
            stopping = asyncio.ensure_future(waarmerk.stop(signal.SIGTERM))
            error = told(await rest(lines))
        assert await asyncio.wait_for(stopping, 60) == 0
        assert error["code"] == "busy"
        assert waarmerk.records("exchange:aborted")[0]["cause"] == "busy"
        assert "IN ORDER" in await waarmerk.command("evidence", "verify")


async def test_a_service_that_closes_lets_a_call_finish(tmp_path: Any, upstream: FakeUpstream) -> None:  # noqa: ANN401
    done = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    upstream.on(CHAT, sse([*[part("woord ")] * 20, done], interval=0.05))
    async with Installation(tmp_path / "home", upstream.port) as waarmerk:
        async with streaming(waarmerk, waarmerk.key()) as lines:
            stopping = asyncio.ensure_future(waarmerk.stop(signal.SIGTERM))
            received = await rest(lines)
        assert await asyncio.wait_for(stopping, 60) == 0
        assert received[-1] == "data: [DONE]"
        assert len(waarmerk.records("exchange:delivered")) == 1


async def test_a_killed_worker_leaves_a_broken_stream_and_its_exchange_is_closed_by_the_next(
    waarmerk: Installation, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, endless_stream())
    async with streaming(waarmerk, waarmerk.key()) as lines:
        await waarmerk.stop(signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await rest(lines)
    assert len(waarmerk.records("exchange:opened")) == 1
    await waarmerk.start()
    (aborted,) = await waarmerk.until("exchange:aborted")
    assert aborted["cause"] == "worker-lost"
    assert aborted["exchange"] == waarmerk.records("exchange:opened")[0]["exchange"]
    assert "IN ORDER" in await waarmerk.command("evidence", "verify")


@pytest.mark.parametrize("moment", range(6))
async def test_whenever_it_is_killed_nothing_was_delivered_without_a_record(
    waarmerk: Installation, upstream: FakeUpstream, moment: int
) -> None:
    """Kill it at some moment while calls run: every whole answer a client got stands in the log as delivered."""
    upstream.on(CHAT, sse([{"choices": [{"index": 0, "delta": {"content": "ja"}, "finish_reason": "stop"}]}]))
    key = waarmerk.key()
    complete: set[str] = set()
    begun = asyncio.Event()

    async def call(client: httpx.AsyncClient) -> None:
        while True:
            answer = await client.post(waarmerk.address + CHAT, json=ASK, headers=headers(key))
            if answer.status_code == httpx.codes.OK and answer.text.rstrip().endswith("data: [DONE]"):
                complete.add(answer.headers["x-request-id"])
                begun.set()

    async with httpx.AsyncClient(timeout=60) as client:
        calls = [asyncio.ensure_future(call(client)) for _ in range(8)]
        async with asyncio.timeout(60):
            await begun.wait()
        await asyncio.sleep(moment * 0.037)
        await waarmerk.stop(signal.SIGKILL)
        await asyncio.gather(*calls, return_exceptions=True)
    delivered = {record["exchange"] for record in waarmerk.records("exchange:delivered")}
    opened = {record["exchange"] for record in waarmerk.records("exchange:opened")}
    assert complete
    assert complete <= delivered <= opened
    assert len(opened) >= len(upstream.requests)
    await waarmerk.start()
    await waarmerk.until("exchange:aborted", len(opened - delivered))
    assert "IN ORDER" in await waarmerk.command("evidence", "verify")
