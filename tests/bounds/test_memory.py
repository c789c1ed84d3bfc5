# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""However much a model says and however slowly its clients read, memory stays flat, and who does not read is left."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from tests.bounds.asking import CHAT, COMPLETION, ask, assert_busy, part, question
from tests.bounds.conftest import OF_ONE
from tests.bounds.watching import MEBIBYTE, ROOM, watched
from tests.fake_upstream import Exchange, FakeUpstream, Script, answer, chunk, head
from tests.installation import Installation, headers

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "woorden " * 2048
EVENT = chunk(b"data: %s\n\n" % json.dumps(part(WORDS)).encode())
LONG = 50 * MEBIBYTE


def pouring(most: int, sent: list[int] | None = None) -> Script:
    """As many events as hold this many bytes, as fast as they are taken; `sent` counts them for each stream."""

    async def script(exchange: Exchange) -> None:
        counts = [] if sent is None else sent
        place = len(counts)
        counts.append(0)
        lines = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
        await exchange.send(head(200, lines))
        with suppress(ConnectionError):
            while counts[place] < most and not exchange.request.connection.closed.is_set():
                await exchange.send(EVENT)
                counts[place] += len(EVENT)
                await asyncio.sleep(0)
            done = b"data: %s\n\n" % json.dumps(part("", "stop")).encode()
            await exchange.send(chunk(done), chunk(b"data: [DONE]\n\n"), b"0\r\n\r\n")

    return script


@asynccontextmanager
async def deaf_clients(waarmerk: Installation, count: int, *, stream: bool) -> AsyncIterator[None]:
    """Clients that ask and then read nothing at all."""
    body = json.dumps(question(stream=stream)).encode()
    lines = [
        f"POST {CHAT} HTTP/1.1", f"Host: 127.0.0.1:{waarmerk.port}", f"Authorization: Bearer {waarmerk.key()}",
        "Content-Type: application/json", f"Content-Length: {len(body)}", "", "",
    ]  # fmt: skip
    wires = [socket.socket() for _ in range(count)]
    try:
        for wire in wires:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            wire.connect(("127.0.0.1", waarmerk.port))
            wire.sendall("\r\n".join(lines).encode() + body)
        yield
    finally:
        for wire in wires:
            wire.close()


async def test_a_stream_of_fifty_megabytes_passes_through(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    upstream.on(CHAT, pouring(LONG))
    key, received, tail = headers(waarmerk.key()), 0, b""
    async with (
        watched(waarmerk.pid) as memory,
        client.stream("POST", CHAT, json=question(stream=True), headers=key) as response,
    ):
        async for data in response.aiter_raw():
            received += len(data)
            tail = (tail + data)[-100:]
    assert tail.endswith(b"data: [DONE]\n\n")
    assert received > 0.99 * LONG
    assert memory.grown < ROOM


async def test_clients_that_do_not_read_hold_up_their_models_and_are_left(
    waarmerk: Installation, upstream: FakeUpstream
) -> None:
    sent: list[int] = []
    upstream.on(CHAT, pouring(1 << 40, sent))
    async with watched(waarmerk.pid) as memory, deaf_clients(waarmerk, OF_ONE, stream=True):
        ended = await waarmerk.until("exchange:aborted", OF_ONE)
    assert {record["cause"] for record in ended} == {"client-gone"}
    assert len(sent) == OF_ONE
    assert memory.grown < ROOM


async def test_a_whole_answer_keeps_its_place_until_it_is_taken(
    waarmerk: Installation, upstream: FakeUpstream, client: httpx.AsyncClient
) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": "x" * (8 * MEBIBYTE)}, "finish_reason": "stop"}
    upstream.on(CHAT, answer({**COMPLETION, "choices": [choice]}))
    async with deaf_clients(waarmerk, OF_ONE, stream=False):
        await waarmerk.until("exchange:delivered", OF_ONE)
        upstream.on(CHAT, answer(COMPLETION))
        assert_busy(await ask(client, waarmerk))
    async with asyncio.timeout(60):
        while (await ask(client, waarmerk)).status_code != 200:  # noqa: ASYNC110  another process notices that they have left
            await asyncio.sleep(0.1)
