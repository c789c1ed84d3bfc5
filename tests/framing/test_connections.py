# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one connection may do over time: be slow, be silent, hurry, leave."""

import socket
import threading
from dataclasses import replace
from typing import Protocol

import pytest

from tests.framing.conftest import HASTY, PATIENT, hear_one, listen, serving

HOST = b"Host: waarmerk.example\r\n"
GET = b"GET /v1/x HTTP/1.1\r\n" + HOST + b"\r\n"
STREAM = b"GET /stream HTTP/1.1\r\n" + HOST + b"\r\n"
SLOW = b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n"
WAITING = b"GET /waiting HTTP/1.1\r\n" + HOST + b"\r\n"
DONE = b"data: [DONE]\n\n\r\n0\r\n\r\n"
PATIENCE = 60


class Edge(Protocol):
    reached: list[str]
    refused: list[str]
    gone: threading.Event
    go_on: threading.Event

    def connect(self) -> socket.socket: ...
    def talk(self, *pieces: bytes) -> bytes: ...


def drip(wire: socket.socket, piece: bytes) -> bytes:
    """Send the piece every 50 ms until the other side has closed, and return what it said."""
    stopped = threading.Event()

    def send() -> None:
        while not stopped.wait(0.05):
            try:
                wire.sendall(piece)
            except OSError:
                return

    sender = threading.Thread(target=send)
    sender.start()
    try:
        return listen(wire)
    finally:
        stopped.set()
        sender.join(PATIENCE)


def test_a_silent_connection_is_closed(hasty: Edge) -> None:
    assert hasty.talk() == b""


def test_a_connection_of_empty_lines_is_closed(hasty: Edge) -> None:
    with hasty.connect() as wire:
        assert drip(wire, b"\r\n") == b""


def test_a_dripped_header_is_answered_408(hasty: Edge) -> None:
    with hasty.connect() as wire:
        wire.sendall(b"GET /v1/x HTTP/1.1\r\n" + HOST)
        assert drip(wire, b"X: y\r\n").startswith(b"HTTP/1.1 408 ")
    assert hasty.refused == ["request-timeout"]
    assert hasty.reached == []


def test_a_dripped_request_line_is_answered_408(hasty: Edge) -> None:
    with hasty.connect() as wire:
        wire.sendall(b"GET /")
        assert drip(wire, b"a").startswith(b"HTTP/1.1 408 ")


def test_a_header_that_stops_on_a_used_connection_is_answered_408() -> None:
    with serving(replace(PATIENT, header_seconds=HASTY.header_seconds)) as edge, edge.connect() as wire:
        wire.sendall(GET)
        first = hear_one(wire)
        wire.sendall(GET[:20])
        second = listen(wire)
    assert first.startswith(b"HTTP/1.1 200 ")
    assert second.startswith(b"HTTP/1.1 408 ")
    assert edge.reached == ["GET /v1/x"]


def test_a_body_that_stops_is_answered_408_and_the_application_told(hasty: Edge) -> None:
    answer = hasty.talk(b"POST /v1/x HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\nabc")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert hasty.gone.wait(PATIENCE)
    assert hasty.reached == ["POST /v1/x", "gone"]


@pytest.mark.parametrize(
    ("head", "piece"),
    [(b"Content-Length: 90000\r\n\r\n", b"a"), (b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n")],
)
def test_a_dripped_body_has_an_end(hasty: Edge, head: bytes, piece: bytes) -> None:
    with hasty.connect() as wire:
        wire.sendall(b"POST /v1/x HTTP/1.1\r\n" + HOST + head)
        assert drip(wire, piece).startswith(b"HTTP/1.1 408 ")
    assert hasty.gone.wait(PATIENCE)


def test_a_slow_body_within_its_deadlines_is_read() -> None:
    """Slower, all in all, than it may be silent."""
    with serving(replace(PATIENT, body_idle_seconds=1, idle_seconds=0.1)) as edge, edge.connect() as wire:
        wire.sendall(b"POST /v1/x HTTP/1.1\r\n" + HOST + b"Content-Length: 6\r\n\r\n")
        for _ in range(6):
            threading.Event().wait(0.2)
            wire.sendall(b"a")
        assert listen(wire).endswith(b"\r\n\r\n6")


def test_an_idle_connection_is_closed_without_a_word(hasty: Edge) -> None:
    assert hasty.talk(GET).count(b"HTTP/1.1") == 1
    assert hasty.refused == []


def test_a_connection_is_used_again(edge: Edge) -> None:
    with edge.connect() as wire:
        for _ in range(3):
            wire.sendall(GET)
            assert hear_one(wire).startswith(b"HTTP/1.1 200 ")
    assert edge.reached == ["GET /v1/x"] * 3


def test_a_stream_longer_than_the_deadlines_is_not_cut(hasty: Edge) -> None:
    assert hasty.talk(SLOW).endswith(DONE)


@pytest.mark.parametrize(
    "second", [GET, b"GET / HTTP/9.9\r\n\r\n", b"\x00", GET * 500], ids=["request", "malformed", "noise", "flood"]
)
def test_what_follows_too_early_neither_gets_an_answer_nor_spoils_the_first(edge: Edge, second: bytes) -> None:
    answer = edge.talk(STREAM + second)
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close\r\n" in answer
    assert answer.endswith(DONE)
    assert edge.reached == ["GET /stream"]


def test_what_follows_during_the_answer_closes_the_connection_after_it(edge: Edge) -> None:
    with edge.connect() as wire:
        wire.sendall(WAITING)
        first = wire.recv(65536)
        wire.sendall(GET)
        for _ in range(PATIENCE * 100):
            if edge.refused:
                break
            threading.Event().wait(0.01)
        edge.go_on.set()
        answer = first + listen(wire)
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.endswith(DONE)
    assert edge.refused == ["pipelined-request"]


def test_what_follows_a_closing_request_is_no_request(edge: Edge) -> None:
    answer = edge.talk(b"GET /v1/x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n" + GET)
    assert answer.count(b"HTTP/1.1") == 1
    assert edge.reached == ["GET /v1/x"]


def test_a_refusal_before_the_body_is_heard_and_the_connection_is_used_again(edge: Edge) -> None:
    with edge.connect() as wire:
        wire.sendall(b"POST /early HTTP/1.1\r\n" + HOST + b"Content-Length: 300000\r\n\r\n" + b"a" * 100_000)
        first = hear_one(wire)
        wire.sendall(b"a" * 200_000)
        wire.sendall(GET)
        second = hear_one(wire)
    assert first.startswith(b"HTTP/1.1 401 ")
    assert second.startswith(b"HTTP/1.1 200 ")


def test_the_rest_of_a_refused_body_may_come_together_with_the_next_request(edge: Edge) -> None:
    body = b"Content-Length: 100000\r\n\r\n"
    with edge.connect() as wire:
        wire.sendall(b"POST /early HTTP/1.1\r\n" + HOST + body + b"a" * 60_000)
        first = hear_one(wire)
        wire.sendall(b"a" * 40_000 + b"POST /v1/x HTTP/1.1\r\n" + HOST + body + b"a" * 10)
        threading.Event().wait(0.05)
        wire.sendall(b"a" * 99_990)
        second = hear_one(wire)
    assert first.startswith(b"HTTP/1.1 401 ")
    assert second.endswith(b"\r\n\r\n100000")
    assert edge.refused == []


def test_a_refused_body_is_not_read_for_ever(hasty: Edge) -> None:
    with hasty.connect() as wire:
        wire.sendall(b"POST /early HTTP/1.1\r\n" + HOST + b"Content-Length: 300000\r\n\r\n")
        assert hear_one(wire).startswith(b"HTTP/1.1 401 ")
        assert drip(wire, b"a") == b""


def test_expect_is_answered_when_the_body_is_wanted(edge: Edge) -> None:
    with edge.connect() as wire:
        wire.sendall(b"POST /v1/x HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert wire.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.sendall(b"abc")
        assert hear_one(wire).endswith(b"\r\n\r\n3")


def test_a_body_announced_by_expect_and_never_sent_does_not_swallow_the_next_request(edge: Edge) -> None:
    answer = edge.talk(
        b"POST /early HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(GET), GET
    )
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"connection: close\r\n" in answer
    assert edge.reached == ["POST /early"]


def test_a_reader_that_stops_reading_is_left(hasty: Edge) -> None:
    with hasty.connect() as wire:
        wire.sendall(b"GET /large HTTP/1.1\r\n" + HOST + b"\r\n")
        assert hasty.gone.wait(PATIENCE)  # all of it is more than fits between, so it was given up
        heard = listen(wire)
    assert not heard.endswith(DONE)


def test_leaving_is_noticed(edge: Edge) -> None:
    with edge.connect() as wire:
        wire.sendall(b"POST /v1/x HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\nabc")
        threading.Event().wait(0.05)
    assert edge.gone.wait(PATIENCE)
