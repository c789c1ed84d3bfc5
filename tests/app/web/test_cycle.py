# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What leaves for the messages of ASGI: framed in one way, in few writes, and nothing in it that could be another answer."""

import asyncio
import logging
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override
from uvicorn._types import HTTPScope
from uvicorn.protocols.http.flow_control import FlowControl

from app.web.cycle import Cycle
from tests.wire import Wire

OK = [(b"content-length", b"2")]


class Writes(Wire):
    """Also each write by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        super().write(data)
        self.pieces.append(bytes(data))


def cycle(wire: Wire, method: str = "GET", *, keep_alive: bool = True) -> Cycle:
    return Cycle(
        scope=cast("HTTPScope", {"type": "http", "method": method}),
        transport=wire, flow=FlowControl(wire), logger=logging.getLogger(), access_logger=logging.getLogger(), access_log=False,
        default_headers=[(b"date", b"today")], message_event=asyncio.Event(), expect_100_continue=False, keep_alive=keep_alive,
        on_response=lambda: None,
    )  # fmt: skip


def head(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(data: bytes = b"", *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def written(*messages: dict[str, Any], method: str = "GET", keep_alive: bool = True) -> Writes:
    wire = Writes()
    exchange = cycle(wire, method, keep_alive=keep_alive)
    for message in messages:
        await exchange.send(message)
    assert exchange.response_complete
    return wire


async def test_a_whole_answer_is_one_write() -> None:
    wire = await written(head(*OK), body(b"ok"))
    assert wire.pieces == [b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\n\r\nok"]


async def test_a_large_body_is_not_copied_behind_its_head() -> None:
    wire = await written(head((b"content-length", b"70000")), body(b"x" * 70_000))
    assert [len(piece) for piece in wire.pieces][1:] == [70_000]


async def test_the_head_of_a_stream_leaves_with_an_empty_piece_and_each_other_piece_is_one_chunk() -> None:
    wire = await written(head(), body(more=True), body(b"a" * 18, more=True), body(b"", more=True), body())
    assert wire.pieces[0] == b"HTTP/1.1 200 OK\r\ndate: today\r\ntransfer-encoding: chunked\r\n\r\n"
    assert wire.pieces[1:] == [b"12\r\n" + b"a" * 18 + b"\r\n", b"", b"0\r\n\r\n"]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
async def test_what_has_no_body_gets_none(method: str, status: int) -> None:
    for headers in ([], OK):
        wire = await written(head(*headers, status=status), body(b"ok"), method=method)
        assert wire.written.endswith(b"\r\n\r\n")
        assert wire.written.count(b"\r\n\r\n") == 1
        assert b"transfer-encoding" not in wire.written


@pytest.mark.parametrize("said", [b"close", b"keep-alive, Close"])
async def test_a_connection_is_closed_where_either_side_wants_it(said: bytes) -> None:
    assert (await written(head(*OK, (b"connection", said)), body(b"ok"))).closed.is_set()
    wire = await written(head(*OK), body(b"ok"), keep_alive=False)
    assert wire.closed.is_set()
    assert b"connection: close\r\n" in wire.written
    assert not (await written(head(*OK), body(b"ok"))).closed.is_set()


@pytest.mark.parametrize(
    "messages",
    [
        [body(b"ok")],
        [head(), head()],
        [head(*OK), body(b"ok"), body(b"ok")],
        [head(*OK), body(b"okay")],
        [head(*OK), body(b"o")],
        [head(*OK, *OK)],
        [head((b"content-length", b"+2"))],
        [head((b"transfer-encoding", b"chunked"))],
        [head((b"", b"empty"))],
        [head((b"Upper", b"x"))],
        [head((b"a: b\r\nc", b"x"))],
    ],
)
async def test_messages_that_make_no_answer_are_errors(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(RuntimeError):
        await written(*messages)


@given(st.binary(max_size=20).filter(lambda name: name != b"content-length"), st.binary(max_size=20))
def test_no_header_becomes_another_line(name: bytes, value: bytes) -> None:
    async def send() -> bytes:
        try:
            return (await written(head((name, value)), body())).written
        except RuntimeError:
            return b""

    said = asyncio.run(send())
    # Four lines and an empty one, and the chunk that ends it.
    assert not said or said.count(b"\n") == said.count(b"\r\n") == said.count(b"\r") == 7
    assert not said or (b": " + value + b"\r\n") in said


async def test_who_has_left_is_not_written_to() -> None:
    wire = Writes()
    exchange = cycle(wire)
    exchange.disconnected = True
    await exchange.send(head(*OK))
    await exchange.send(body(b"ok"))
    assert wire.pieces == []
