# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest

from app.upstream.connection import READ_LIMIT, Connection
from app.upstream.framing import Malformed
from tests.fake_upstream import chunk, head

HEAD = b"POST / HTTP/1.1\r\nhost: a\r\n\r\n"
OK = head(200, [("Content-Length", "2")]) + b"ok"
STREAM = head(200, [("Transfer-Encoding", "chunked")])
PATIENCE = 20


class Line:
    """A connection, and the other end of its socket in the hands of the test: what it sends is there before the loop looks."""

    def __init__(self) -> None:
        ours, self.peer = socket.socketpair()
        self.peer.settimeout(PATIENCE)
        ours.setblocking(False)
        self._ours = ours
        self.opened: list[Connection] = []
        self.lost: list[Connection] = []

    async def open(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: Connection(loop, self.lost.append), sock=self._ours)
        self.opened.append(connection)
        return connection

    async def close(self) -> None:
        for connection in self.opened:
            connection.close()
        await until(lambda: self.lost == self.opened)
        self.peer.close()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    made = Line()
    yield made
    await made.close()


@pytest.fixture
async def other() -> AsyncIterator[Line]:
    made = Line()
    yield made
    await made.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 an owner is told by a plain call
            await asyncio.sleep(0.001)


def later(seconds: float = PATIENCE) -> float:
    return asyncio.get_running_loop().time() + seconds


async def whole(connection: Connection) -> bytes:
    body = b""
    while data := await connection.read(later()):
        body += data
    return body


async def gone(line: Line) -> None:
    """Until the other end has learnt that the connection is closed, and its owner as well."""
    await until(lambda: line.lost == line.opened)
    with suppress(ConnectionError):
        while line.peer.recv(65536):
            pass


async def test_a_request_is_written_as_it_is_and_its_answer_read_to_its_end(line: Line) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"{}", later()))
    await asyncio.sleep(0)
    assert line.peer.recv(1000) == HEAD + b"{}"
    line.peer.send(OK)
    assert (await asked).status == 200
    assert (await connection.read(later()), connection.is_done) == (b"ok", True)
    assert await connection.read(later()) == b""
    connection.close()
    await gone(line)
    assert line.lost == [connection]


async def test_it_rests_after_an_answer_and_wakes_for_the_next(line: Line) -> None:
    connection = await line.open()
    for _ in range(3):
        asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
        await asyncio.sleep(0)
        assert line.peer.recv(1000) == HEAD
        line.peer.send(OK)
        assert (await asked).status == 200
        assert await whole(connection) == b"ok"
        assert connection.rest(later())
        with pytest.raises(ConnectionAbortedError):
            await connection.read(later())
        assert connection.wake()


async def answered(line: Line, answer: bytes = OK) -> Connection:
    """A connection on which one answer was read to its end."""
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    line.peer.send(answer)
    await asked
    await whole(connection)
    line.peer.recv(1000)
    return connection


@pytest.mark.parametrize("sent", [OK, b"\r\n", b"x"])
async def test_what_nobody_asked_for_is_seen_before_the_loop_has_read_it(line: Line, sent: bytes) -> None:
    """Else it is read as the answer to the next request."""
    connection = await answered(line)
    assert connection.rest(later())
    line.peer.send(sent)
    assert not connection.wake()
    with pytest.raises(ConnectionAbortedError):
        await connection.ask(HEAD, b"", later())
    await gone(line)


async def test_a_peer_that_left_is_seen_before_a_request_is_lost_on_it(line: Line) -> None:
    connection = await answered(line)
    assert connection.rest(later())
    line.peer.shutdown(socket.SHUT_WR)
    assert not connection.wake()
    await gone(line)


async def test_what_nobody_asked_for_closes_it_while_it_rests(line: Line) -> None:
    connection = await answered(line)
    assert connection.rest(later())
    line.peer.send(OK)
    await gone(line)
    assert not connection.is_open
    assert not connection.wake()


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"x",
        OK + OK,
        OK + b"\r\n",
        head(200, [("Content-Length", "2"), ("Connection", "close")]) + b"ok",
        OK.replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
)
async def test_it_does_not_rest_after_an_answer_that_leaves_a_doubt(line: Line, answer: bytes) -> None:
    connection = await answered(line, answer)
    assert not connection.rest(later())
    await gone(line)


@pytest.mark.parametrize("answer", [OK, OK[:-1]])
async def test_it_does_not_rest_with_an_answer_unread_or_unfinished(line: Line, answer: bytes) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    line.peer.send(answer)
    await asked
    assert not connection.rest(later())
    await gone(line)


async def test_at_rest_it_closes_when_its_time_is_over(line: Line) -> None:
    connection = await answered(line)
    assert connection.rest(later(0.05))
    await gone(line)
    assert not connection.is_open


async def test_one_request_at_a_time(line: Line) -> None:
    connection = await line.open()
    first = asyncio.create_task(connection.ask(HEAD, b"1", later()))
    await asyncio.sleep(0)
    with pytest.raises(ConnectionAbortedError):
        await connection.ask(HEAD, b"2", later())
    assert line.peer.recv(1000) == HEAD + b"1"
    line.peer.send(OK)
    assert (await first).status == 200


async def test_a_peer_that_speaks_first_is_asked_nothing(line: Line) -> None:
    connection = await line.open()
    line.peer.send(OK)
    await gone(line)
    with pytest.raises(ConnectionAbortedError):
        await connection.ask(HEAD, b"", later())


async def test_a_large_body_leaves_as_fast_as_the_peer_reads_it(line: Line) -> None:
    connection = await line.open()
    body = bytes(range(256)) * 2**14
    asked = asyncio.create_task(connection.ask(HEAD, body, later()))
    received = bytearray()
    while len(received) < len(HEAD) + len(body):
        received += await asyncio.to_thread(line.peer.recv, 2**16)
    assert bytes(received) == HEAD + body
    line.peer.send(OK)
    assert (await asked).status == 200
    assert await whole(connection) == b"ok"
    assert connection.rest(later())


async def test_a_peer_that_answers_before_it_has_heard_us_out_is_told_no_more(line: Line) -> None:
    """Nor is the connection used again, though all that was written has left: the peer still waits for the rest."""
    connection, body = await line.open(), b"x" * 2**25
    asked = asyncio.create_task(connection.ask(HEAD, body, later()))
    line.peer.send(head(413, [("Content-Length", "2")]) + b"no")
    assert (await asked).status == 413
    assert await whole(connection) == b"no"
    line.peer.setblocking(False)
    heard, idle = 0, 0
    while idle < 50:
        try:
            heard += len(line.peer.recv(2**20))
            idle = 0
        except BlockingIOError:
            idle += 1
            await asyncio.sleep(0.001)
    assert 0 < heard < len(body)
    assert not connection.rest(later())
    await until(lambda: line.lost == [connection])


async def test_it_does_not_rest_while_a_part_of_the_request_has_not_left(line: Line) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"x" * 2**20, later()))
    line.peer.send(OK)
    assert (await asked).status == 200
    assert await whole(connection) == b"ok"
    assert not connection.rest(later())
    await gone(line)


async def test_a_peer_that_does_not_read_meets_the_limit(line: Line) -> None:
    connection = await line.open()
    with pytest.raises(TimeoutError):
        await connection.ask(HEAD, b"x" * 2**25, later(0.1))
    await gone(line)


async def test_silence_meets_the_limit_before_and_after_the_head(line: Line, other: Line) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    line.peer.send(STREAM)
    await asked
    with pytest.raises(TimeoutError):
        await connection.read(later(0.05))
    await gone(line)
    connection = await other.open()
    with pytest.raises(TimeoutError):
        await connection.ask(HEAD, b"", later(0.05))
    await gone(other)


async def test_what_waits_for_a_slow_reader_is_bounded(line: Line) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    line.peer.send(STREAM)
    await asked
    line.peer.setblocking(False)
    piece, sent = chunk(b"x" * 1000), 0
    idle = 0
    while idle < 50:
        try:
            sent += line.peer.send(piece * 64)
            idle = 0
        except BlockingIOError:
            idle += 1
            await asyncio.sleep(0.001)
    assert sent < 2**22
    first = await connection.read(later())
    assert READ_LIMIT < len(first) <= READ_LIMIT + 2**18
    assert await connection.read(later())


async def test_a_break_is_told_to_who_waits_and_bytes_before_it_can_be_read(line: Line) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    line.peer.send(STREAM)
    await asked
    line.peer.send(chunk(b"one") + b"zz\r\n")
    assert await connection.read(later()) == b"one"
    with pytest.raises(Malformed):
        await connection.read(later())
    await gone(line)


async def test_closed_it_wakes_who_waits_and_leaves_a_whole_answer_readable(line: Line, other: Line) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    connection.close()
    with pytest.raises(ConnectionAbortedError):
        await asked
    connection = await other.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    other.peer.send(OK)
    await asked
    connection.close()
    assert await whole(connection) == b"ok"


async def test_a_reader_that_was_cancelled_leaves_a_connection_that_can_be_closed(line: Line) -> None:
    connection = await line.open()
    asked = asyncio.create_task(connection.ask(HEAD, b"", later()))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not connection.rest(later())
    await gone(line)
