# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers over a real socket, right and wrong, in every cut: a body is whole or a failure, and no call meets what was left of another."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.answer import UpstreamRequest
from app.domain.decision import Timeouts
from app.domain.errors import UpstreamFailed
from app.upstream.client import HttpUpstream
from app.upstream.credentials import Credentials
from tests.fake_upstream import Exchange, FakeUpstream, answer, chunk, head, raw, sse

PATH = "/v1"
NEXT = b'{"next": true}'
PATIENT = Timeouts(connect=30, first_byte=30, idle=30)


@st.composite
def right(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """An answer and its body."""
    body = draw(st.binary(max_size=300))
    if draw(st.booleans()):
        return head(200, [("Content-Length", str(len(body)))]) + body, body
    places = sorted(draw(st.sets(st.integers(0, len(body)), max_size=4)) | {0, len(body)})
    chunks = b"".join(chunk(body[a:b]) for a, b in pairwise(places) if a < b)
    return head(200, [("Transfer-Encoding", "chunked")]) + chunks + b"0\r\n\r\n", body


@st.composite
def cut(draw: st.DrawFn, wire: bytes) -> Sequence[bytes]:
    places = sorted(draw(st.sets(st.integers(1, max(len(wire) - 1, 1)), max_size=3)) | {0, len(wire)})
    return [wire[a:b] for a, b in pairwise(places) if a < b]


async def met(pieces: Sequence[bytes], *, close: bool = False) -> tuple[bytes | None, bool]:
    """What a call got of these pieces, and whether the next call, which is answered well, went over the same connection."""
    async with FakeUpstream() as model:
        client = HttpUpstream(Credentials({}), version="1")
        model.on(PATH, raw(*pieces, interval=0.0001, close=close))
        request = UpstreamRequest(model.deployment(timeouts=PATIENT), PATH, b"{}", stream=True)
        got = await asked(client, request)
        model.on(PATH, answer({"next": True}))
        following = await asked(client, request)
        if (
            following is None
        ):  # its connection was closed by the peer under it: it is not sent again, the one after it goes well
            following = await asked(client, request)
        assert following == NEXT
        await client.aclose()
        return got, len(model.connections) == 1


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_right_answer_is_read_as_it_is_and_its_connection_used_again(data: st.DataObject) -> None:
    wire, body = data.draw(right())
    assert asyncio.run(met(data.draw(cut(wire)))) == (body, True)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_follows_an_answer_meets_no_other_call(data: st.DataObject) -> None:
    wire, body = data.draw(right())
    stray = data.draw(st.just(head(200, [("Content-Length", "5")]) + b"stray") | st.binary(min_size=1, max_size=40))
    assert asyncio.run(met([wire + stray])) == (body, False)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_cut_answer_is_never_a_whole_one(data: st.DataObject) -> None:
    wire, _ = data.draw(right())
    short = wire[: data.draw(st.integers(0, len(wire) - 1))]
    assert asyncio.run(met(data.draw(cut(short)), close=True)) == (None, False)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail))
def test_noise_is_a_failure(noise: bytes) -> None:
    got, reused = asyncio.run(met([noise], close=True))
    assert (got, reused) == (None, False)


async def test_a_call_that_is_over_cannot_reach_the_connection_any_more() -> None:
    """It was given to another call, which reads on undisturbed when the first is closed late."""
    async with FakeUpstream() as model:
        client = HttpUpstream(Credentials({}), version="1")
        model.on(PATH, answer({}))
        request = UpstreamRequest(model.deployment(), PATH, b"{}", stream=True)
        first = await client.forward(request)
        assert [piece async for piece in first] == [b"{}"]
        model.on(PATH, sse(["one", "two", "three"], interval=0.02))
        second = await client.forward(request)
        await first.aclose()
        assert [piece async for piece in first] == []
        assert b"".join([piece async for piece in second]).endswith(b"data: three\n\ndata: [DONE]\n\n")
        assert len(model.connections) == 1
        await client.aclose()


async def test_each_of_many_calls_gets_its_own_answer() -> None:
    """Side by side over kept connections: some left unread, some cut, some followed by what nobody asked for."""
    async with FakeUpstream() as model:
        model.on(PATH, echo)
        client = HttpUpstream(Credentials({}), version="1")
        await asyncio.gather(*(ask_in_turn(client, model, number) for number in range(40)))
        await client.aclose()


_GOOD, _TWICE, CUT, UNREAD = range(4)


async def echo(exchange: Exchange) -> None:
    """What was asked, and as its last byte says: whole, twice, cut."""
    body = exchange.request.body
    said = head(200, [("Content-Length", str(len(body)))]) + body
    match body[-1] % 4:
        case 1:  # twice
            said += said
        case 2:  # cut
            said = said[:-1]
    await exchange.send(said)
    if body[-1] % 4 == CUT:
        exchange.close()


async def ask_in_turn(client: HttpUpstream, model: FakeUpstream, number: int) -> None:
    for turn in range(6):
        kind = (number + turn) % 4
        request = UpstreamRequest(model.deployment(), PATH, b"%d %d %c" % (number, turn, kind), stream=True)
        if kind == UNREAD:
            await (await client.forward(request)).aclose()
        else:
            expected = None if kind == CUT else request.body
            assert await asked(client, request) == expected


async def asked(client: HttpUpstream, request: UpstreamRequest) -> bytes | None:
    try:
        received = await client.forward(request)
        try:
            return b"".join([piece async for piece in received])
        finally:
            await received.aclose()
    except UpstreamFailed:
        return None
