# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.domain.answer import UpstreamRequest
from app.domain.decision import Timeouts
from app.domain.errors import UpstreamFailed, UpstreamInvalid, UpstreamTimeout
from app.upstream.answer import HttpAnswer
from app.upstream.client import HttpUpstream
from tests.fake_upstream import (
    Exchange,
    FakeUpstream,
    Script,
    chunk,
    endless,
    endless_line,
    hang,
    hang_after,
    head,
    raw,
    reset,
    sse,
    truncated_chunk,
)

PATH = "/v1/chat/completions"
STREAM = head(200, [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")])
LENGTH = head(200, [("Content-Type", "application/json"), ("Content-Length", "100")])


async def answer_of(
    fake: FakeUpstream, client: HttpUpstream, script: Script, timeouts: Timeouts | None = None
) -> HttpAnswer:
    fake.on(PATH, script)
    deployment = fake.deployment(timeouts=timeouts or Timeouts())
    return await client.forward(UpstreamRequest(deployment, PATH, b"{}", stream=True))


async def drain(answer: HttpAnswer) -> bytes:
    return b"".join([data async for data in answer])


@pytest.mark.parametrize(
    "script",
    [
        truncated_chunk(),
        raw(STREAM + chunk(b"data: x\n\n"), close=True),
        raw(STREAM, b"zz\r\nnot a chunk\r\n", interval=0.1),
        raw(STREAM, b"-1\r\nnot a chunk\r\n", interval=0.1),
        raw(STREAM, b"3\r\nxxxx\r\n0\r\n\r\n", interval=0.1),
        raw(LENGTH + b"short", close=True),
        reset(LENGTH + b"short"),
        reset(STREAM + chunk(b"data: x\n\n")),
    ],
)
async def test_a_cut_answer_is_never_taken_for_a_whole_one(
    fake: FakeUpstream, client: HttpUpstream, script: Script
) -> None:
    answer = await answer_of(fake, client, script)
    with pytest.raises(UpstreamInvalid, match="broke off") as failed:
        await drain(answer)
    assert (failed.value.__cause__, failed.value.__context__) == (None, None)
    await answer.aclose()


@pytest.mark.parametrize("script", [hang_after(10), hang(STREAM + chunk(b"data: x\n\n")), hang(LENGTH)])
async def test_silence_ends_at_the_idle_limit(fake: FakeUpstream, client: HttpUpstream, script: Script) -> None:
    answer = await answer_of(fake, client, script, Timeouts(idle=0.1))
    with pytest.raises(UpstreamTimeout, match="silence"):
        await drain(answer)
    await asyncio.wait_for(fake.connections[0].closed.wait(), 60)
    await answer.aclose()


async def test_a_paced_stream_outlives_the_idle_limit(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, sse(["x"] * 8, interval=0.2), Timeouts(idle=1.2))
    assert (await drain(answer)).endswith(b"[DONE]\n\n")
    await answer.aclose()


async def test_a_healthy_stream_ends_at_the_total_limit_with_an_error(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, sse(["x"] * 10_000, interval=0.02), Timeouts(total=0.8))
    with pytest.raises(UpstreamTimeout, match="in total"):
        await drain(answer)
    await answer.aclose()


async def test_silence_ends_at_the_total_limit_too(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, hang(STREAM), Timeouts(idle=60, total=0.8))
    with pytest.raises(UpstreamTimeout, match="in total"):
        await asyncio.wait_for(drain(answer), 60)
    await answer.aclose()


async def test_a_reader_that_comes_back_after_the_total_limit_is_told_so(
    fake: FakeUpstream, client: HttpUpstream
) -> None:
    answer = await answer_of(fake, client, sse(["x"]), Timeouts(total=0.8))
    await asyncio.sleep(0.9)
    with pytest.raises(UpstreamTimeout, match="in total"):
        await drain(answer)
    await answer.aclose()


async def test_a_slow_reader_is_not_silence(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, endless(chunk(b"x" * 65536), before=STREAM), Timeouts(idle=0.2))
    for _ in range(3):
        await asyncio.sleep(0.3)
        assert await anext(answer)
    await answer.aclose()


async def test_the_upstream_waits_for_a_reader_that_does_not_read(fake: FakeUpstream, client: HttpUpstream) -> None:
    sent = 0

    async def script(exchange: Exchange) -> None:
        nonlocal sent
        await exchange.send(STREAM)
        while sent < 2**28:
            await exchange.send(chunk(b"x" * 65536))
            sent += 65536

    answer = await answer_of(fake, client, script)
    before = -1
    while before != sent or not sent:
        before = sent
        await asyncio.sleep(0.3)
    assert 0 < sent < 2**25
    assert len(await anext(answer)) <= 2**18
    await answer.aclose()


async def test_a_line_without_end_comes_in_pieces(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, endless_line())
    seen = 0
    async for data in answer:
        assert len(data) <= 2**18
        seen += len(data)
        if seen > 2**23:
            break
    await answer.aclose()
    await asyncio.wait_for(fake.connections[0].closed.wait(), 60)


async def test_after_aclose_the_reader_learns_that_this_is_not_the_end(
    fake: FakeUpstream, client: HttpUpstream
) -> None:
    answer = await answer_of(fake, client, hang(STREAM + chunk(b"data: x\n\n")))
    await anext(answer)
    await answer.aclose()
    await answer.aclose()
    with pytest.raises(UpstreamFailed, match="from our side"):
        await anext(answer)


async def test_aclose_wakes_a_reader_that_waits(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, hang(STREAM))
    waiting = asyncio.create_task(drain(answer))
    await asyncio.sleep(0.05)
    await answer.aclose()
    with pytest.raises(UpstreamFailed, match="from our side"):
        await asyncio.wait_for(waiting, 60)


async def test_a_whole_answer_stays_whole_after_aclose(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, sse(["x"]))
    await drain(answer)
    await answer.aclose()
    assert await drain(answer) == b""


async def test_a_cancelled_reader_is_cancelled_and_nothing_else(fake: FakeUpstream, client: HttpUpstream) -> None:
    answer = await answer_of(fake, client, hang(STREAM))
    waiting = asyncio.create_task(drain(answer))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await answer.aclose()


def test_it_is_an_iterator_of_its_own() -> None:
    assert issubclass(HttpAnswer, AsyncIterator)
