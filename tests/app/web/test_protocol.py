# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The bounds to the byte, and what a socket cannot show; tests/framing has the probes over a real one."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.guard import CALL, GONE
from app.web.protocol import EdgeLimits, protocol_class
from tests.wire import PATIENCE, Bench, closing, settle

HOST = b"Host: a\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
CHUNKED = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"


def with_headers(*lines: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\n" + HOST + b"".join(lines) + b"\r\n"


# --- bounds


@pytest.mark.parametrize(("value", "status"), [(100 - 1 - 8 - 7, 200), (100 - 1 - 8 - 7 + 1, 431)])
async def test_the_header_section_is_bounded_to_the_byte(value: int, status: int) -> None:
    # Target `/` is 1 byte, `Host: a` with its separators 4 + 1 + 4 = 9, `X-A: ` 3 + 4 = 7, and the value.
    bench = Bench(EdgeLimits(header_bytes=101))
    wire = await bench.send(with_headers(b"X-A: " + b"x" * value + b"\r\n"))
    assert wire.status == status


async def test_an_unfinished_header_is_counted_as_it_comes() -> None:
    bench = Bench(EdgeLimits(header_bytes=1000))
    protocol, wire = bench.connect()
    protocol.data_received(b"GET / HTTP/1.1\r\n" + HOST + b"X-A: ")
    for _ in range(9):
        protocol.data_received(b"x" * 100)
    assert wire.status == 0
    protocol.data_received(b"x" * 100)
    assert wire.status == 431
    assert bench.refused == [("headers-too-large", "192.0.2.7")]


@pytest.mark.parametrize(("count", "status"), [(4, 200), (5, 431)])
async def test_headers_are_counted(count: int, status: int) -> None:
    bench = Bench(EdgeLimits(headers=5))
    assert (await bench.send(with_headers(*[b"X: y\r\n"] * count))).status == status


@pytest.mark.parametrize("pieces", [1, 50])
@pytest.mark.parametrize(("length", "status"), [(200, 200), (201, 414)])
async def test_the_target_is_bounded(length: int, status: int, pieces: int) -> None:
    bench = Bench(EdgeLimits(target_bytes=200))
    raw = b"GET /" + b"a" * (length - 1) + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    size = len(raw) // pieces
    assert (await bench.send(*[raw[at : at + size] for at in range(0, len(raw), size)])).status == status


@pytest.mark.parametrize(("extension", "status"), [(90, 200), (130, 400)])
async def test_chunk_extensions_are_bounded_in_total(extension: int, status: int) -> None:
    bench = Bench(EdgeLimits(chunk_overhead_bytes=1000))
    chunk = b"1;" + b"x" * extension + b"\r\na\r\n"
    wire = await bench.send(CHUNKED, *[chunk] * 10, b"0\r\n\r\n")
    assert wire.status == status


async def test_small_chunks_are_no_overhead() -> None:
    bench = Bench(EdgeLimits(chunk_overhead_bytes=10))
    wire = await bench.send(CHUNKED, *[b"1\r\na\r\n"] * 1000, b"0\r\n\r\n")
    assert wire.status == 200


async def test_a_length_of_its_own_is_no_overhead() -> None:
    bench = Bench(EdgeLimits(chunk_overhead_bytes=10))
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5000\r\n\r\n"
    assert (await bench.send(head, *[b"a" * 100] * 50)).status == 200


async def test_connections_are_counted_and_none_that_is_answered_makes_room() -> None:
    bench = Bench(EdgeLimits(connections=1))
    bench.inside.may_answer.clear()
    first = await bench.send(GET)
    _, second = bench.connect()
    assert (first.status, first.aborted, second.status) == (0, False, 503)
    bench.inside.may_answer.set()
    await settle()
    assert first.status == 200
    first.close()
    second.close()
    await settle()
    assert (await bench.send(GET)).status == 200


@pytest.mark.parametrize("begun", [b"", GET[:20], GET], ids=["silent", "in a header", "after an answer"])
async def test_a_connection_on_which_no_request_is_whole_makes_room(begun: bytes) -> None:
    bench = Bench(EdgeLimits(connections=2))
    waiting = await bench.send(begun)
    bench.inside.may_answer.clear()
    running = await bench.send(GET)
    newcomer = await bench.send(GET)
    assert (waiting.aborted, running.aborted) == (True, False)
    bench.inside.may_answer.set()
    await settle()
    assert (running.status, newcomer.status) == (200, 200)
    assert bench.refused == []


async def test_of_those_that_wait_the_one_that_waits_longest_makes_room() -> None:
    bench = Bench(EdgeLimits(connections=3, header_seconds=5))
    wires = [bench.connect()[1] for _ in range(3)]
    for protocol, _ in [bench.connect()]:
        protocol.data_received(GET)
    await settle()
    assert [wire.aborted for wire in wires] == [True, False, False]


@pytest.mark.parametrize("second", [b"Host: a\r\n", b"host: b\r\n", b"HOST:\r\n"])
async def test_a_second_host_never_starts_the_application(second: bytes) -> None:
    bench = Bench(EdgeLimits())
    wire = await bench.send(with_headers(second))
    assert (wire.status, bench.refused) == (400, [("invalid-host", "192.0.2.7")])
    assert bench.inside.scopes == []


# --- never two answers in one


async def test_a_fault_after_the_answer_began_cuts_it() -> None:
    bench = Bench(EdgeLimits())
    bench.inside.starts_first = True
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(CHUNKED + b"1\r\na\r\n")
    await settle()
    assert wire.status == 200
    protocol.data_received(b"no chunk")
    assert wire.aborted
    assert wire.written.count(b"HTTP/1.1 ") == 1


async def test_a_fault_before_the_answer_began_tells_the_application_that_the_client_left() -> None:
    bench = Bench(EdgeLimits())
    protocol, wire = bench.connect()
    protocol.data_received(CHUNKED)
    await settle()
    protocol.data_received(b"no chunk")
    await settle()
    assert bench.inside.messages == [{"type": "http.disconnect"}]
    assert wire.written.count(b"HTTP/1.1 ") == 1
    assert wire.status == 400


async def test_a_trailer_does_not_reach_headers_that_were_judged() -> None:
    bench = Bench(EdgeLimits())
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(CHUNKED + b"1\r\na\r\n")
    await settle()
    protocol.data_received(b"0\r\nAuthorization: Bearer other\r\n\r\n")
    await settle()
    assert bench.inside.scopes[0]["headers"] == [(b"host", b"a"), (b"transfer-encoding", b"chunked")]
    assert wire.status == 400


async def test_a_coding_that_is_not_chunked_never_starts_the_application() -> None:
    # The parser says that the headers are complete before it finds that it cannot read the body.
    bench = Bench(EdgeLimits())
    wire = await bench.send(b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")
    assert wire.status == 400
    assert bench.inside.scopes == []


async def test_leaving_is_told_to_the_exchange_that_runs_even_when_more_was_sent() -> None:
    bench = Bench(EdgeLimits())
    bench.inside.reads = False
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(GET)
    await settle()
    protocol.data_received(GET)
    wire.close()
    await settle()
    assert protocol.cycle.disconnected
    assert len(bench.inside.scopes) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_who_asks_is_told_once_that_the_client_left(when: str) -> None:
    bench = Bench(EdgeLimits())
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(GET)
    await settle()
    told: list[str] = []
    ask = bench.inside.scopes[0]["extensions"][GONE][CALL]
    if when == "before":
        ask(lambda: told.append("gone"))
    wire.close()
    await settle()
    if when == "after":
        ask(lambda: told.append("gone"))
    assert told == ["gone"]


async def test_nobody_is_told_of_a_client_that_leaves_with_its_answer() -> None:
    bench = Bench(EdgeLimits())
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(GET)
    await settle()
    told: list[str] = []
    bench.inside.scopes[0]["extensions"][GONE][CALL](lambda: told.append("gone"))
    bench.inside.may_answer.set()
    await settle()
    wire.close()
    await settle()
    assert told == []


# --- deadlines


async def test_a_body_we_do_not_read_ourselves_is_not_timed_out() -> None:
    bench = Bench(EdgeLimits(body_idle_seconds=0.05))
    bench.inside.reads = False
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n" + b"a" * 70_000)
    assert not wire.reading
    await asyncio.sleep(0.2)
    assert wire.status == 0
    bench.inside.may_answer.set()
    await settle()
    assert wire.status == 200


async def test_a_buffer_that_is_not_emptied_ends_the_connection() -> None:
    bench = Bench(EdgeLimits(write_seconds=0.05))
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(GET)
    await settle()
    protocol.pause_writing()
    await closing(wire)
    assert wire.aborted


async def test_a_buffer_that_is_emptied_in_time_does_not() -> None:
    bench = Bench(EdgeLimits(write_seconds=0.05))
    bench.inside.may_answer.clear()
    protocol, wire = bench.connect()
    protocol.data_received(GET)
    await settle()
    protocol.pause_writing()
    protocol.resume_writing()
    await asyncio.sleep(0.2)
    assert not wire.is_closing()
    wire.close()
    bench.inside.may_answer.set()
    await settle()


async def test_a_body_that_is_no_longer_wanted_is_read_for_a_while_only() -> None:
    bench = Bench(EdgeLimits(linger_seconds=0.1))
    bench.inside.reads = False
    protocol, wire = bench.connect()
    protocol.data_received(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n")
    await settle()
    assert wire.status == 200
    async with asyncio.timeout(PATIENCE):
        while not wire.is_closing():
            protocol.data_received(b"a")
            await asyncio.sleep(0.01)


async def test_a_refused_connection_is_dropped_after_a_while_and_hears_nothing_more() -> None:
    bench = Bench(EdgeLimits(linger_seconds=0.05))
    protocol, wire = bench.connect()
    protocol.data_received(b"\x00")
    protocol.data_received(GET)
    await closing(wire)
    assert wire.aborted
    assert wire.written.count(b"HTTP/1.1 ") == 1
    assert bench.inside.scopes == []


async def test_a_header_on_a_used_connection_has_its_own_deadline() -> None:
    bench = Bench(EdgeLimits(idle_seconds=60, header_seconds=0.05, linger_seconds=0.05))
    protocol, wire = bench.connect()
    protocol.data_received(GET)
    await settle()
    protocol.data_received(GET[:10])
    await closing(wire)
    assert wire.written.count(b"HTTP/1.1 408 ") == 1


def test_limits_belong_to_the_class_that_was_made_with_them() -> None:
    narrow = protocol_class(EdgeLimits(headers=1), lambda _name, _peer: None)
    wide = protocol_class(EdgeLimits(headers=2), lambda _name, _peer: None)
    assert (narrow.limits.headers, wide.limits.headers) == (1, 2)


# --- any bytes


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                GET,
                CHUNKED,
                b"1\r\na\r\n",
                b"0\r\n\r\n",
                b"Host: b\r\n",
                b"\r\n",
                b"\n",
                b"X: y\r\n",
                b"POST /",
                b" HTTP/1.1\r\n",
            ]
        )
        | st.binary(max_size=8),
        max_size=12,
    )
)
def test_no_bytes_make_it_fall_over_or_answer_more_than_was_asked(pieces: list[bytes]) -> None:
    async def run() -> None:
        bench = Bench(EdgeLimits())
        protocol, wire = bench.connect()
        for piece in pieces:
            protocol.data_received(piece)
            await settle()
        assert wire.written.count(b"HTTP/1.1 ") <= len(bench.inside.scopes) + 1
        assert len(bench.refused) <= 1
        wire.close()
        await settle()

    asyncio.run(run())
