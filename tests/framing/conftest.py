# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped edge (protocol, guard, server) on a real socket, in front of an application that writes down what reaches it."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from app.web.guard import Guard, Message, Receive, Send
from app.web.protocol import EdgeLimits
from app.web.server import Application, Listener, server

PATIENCE = 60
"""Seconds after which a test gives up on a socket; nothing is measured by it."""
PATIENT = EdgeLimits(
    header_seconds=PATIENCE,
    idle_seconds=PATIENCE,
    body_idle_seconds=PATIENCE,
    body_seconds=PATIENCE,
    write_seconds=PATIENCE,
    linger_seconds=PATIENCE,
)
"""For tests of what is answered: however slow this machine is, no deadline comes between."""
HASTY = EdgeLimits(
    header_seconds=0.8,
    idle_seconds=0.8,
    body_idle_seconds=0.8,
    body_seconds=1.2,
    write_seconds=0.8,
    linger_seconds=0.8,
)
"""For tests that wait for a deadline."""
CLOSING = [(b"content-length", b"4"), (b"connection", b"close")]
SETTLED = b"GET /settled HTTP/1.1\r\nHost: waarmerk.example\r\n\r\n"


STREAMS = {"/stream": 0.15, "/slow": 0.5, "/waiting": 0}
"""Seconds between two events."""


@dataclass
class Edge:
    """A running edge, and what came through it."""

    port: int = 0
    reached: list[str] = field(default_factory=list)
    """Method and path of every request the application saw; `gone` when it learned that the client had left."""
    headers: list[list[tuple[bytes, bytes]]] = field(default_factory=list)
    """As they were when the application had read the body."""
    refused: list[str] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)
    under_way: int = 0
    """Requests that the application has not done with."""
    go_on: threading.Event = field(default_factory=threading.Event)
    """What `/waiting` waits for, after its first event."""

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def talk(self, *pieces: bytes) -> bytes:
        """Everything that comes back for these bytes, until the server closes."""
        with self.connect() as wire:
            say(wire, *pieces)
            return listen(wire)

    def ask(self, *pieces: bytes) -> bytes:
        """One answer of known length, and whatever else comes back until the server has heard that this is all."""
        with self.connect() as wire:
            say(wire, *pieces)
            heard = hear_one(wire)
            with suppress(OSError):  # it has left already
                wire.shutdown(socket.SHUT_WR)
            return heard + listen(wire)

    def settle(self) -> None:
        """Wait until everything that was sent before has reached the application, or never will, and has been dealt with."""
        # Connections are taken in their order, so after two that were answered all earlier ones have been read from.
        answered, until = 0, time.monotonic() + PATIENCE
        while answered < 2 or self.under_way:
            assert time.monotonic() < until
            answered += self.talk(SETTLED).endswith(b"\r\n\r\nhere")

    async def app(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif scope["path"] == "/settled":
            await send({"type": "http.response.start", "status": 200, "headers": CLOSING})
            await send({"type": "http.response.body", "body": b"here"})
        else:
            self.under_way += 1
            try:
                await self.answer(scope, receive, send)
            finally:
                self.under_way -= 1

    async def answer(self, scope: Message, receive: Receive, send: Send) -> None:
        self.reached.append(f"{scope['method']} {scope['path']}")
        if scope["path"] == "/early":
            await send({"type": "http.response.start", "status": 401, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"no"})
            return
        body = b""
        more = scope["path"] not in STREAMS
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.reached.append("gone")
                self.gone.set()
                return
            body += message["body"]
            more = message["more_body"]
        self.headers.append(scope["headers"])
        if scope["path"] in (*STREAMS, "/large"):
            await self.stream(scope["path"], receive, send)
            return
        answer = str(len(body)).encode()
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(answer)).encode())]}
        )
        await send({"type": "http.response.body", "body": answer})

    async def stream(self, path: str, receive: Receive, send: Send) -> None:
        """Three events, one now and then, or more than any buffer holds; `gone` when nobody takes more of it, or it is done."""
        pieces = [b"data: event\n\n"] * 3 if path in STREAMS else [b"x" * 100_000] * 200
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(STREAMS.get(path, 0))
            while path == "/waiting" and not self.go_on.is_set():  # noqa: ASYNC110  another thread says when
                await asyncio.sleep(0.01)
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})
        self.gone.set()


async def lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def say(wire: socket.socket, *pieces: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough
        for piece in pieces:
            wire.sendall(piece)


def listen(wire: socket.socket) -> bytes:
    """Until the other side closes, which is a reset where it had not read everything."""
    heard = b""
    with suppress(ConnectionResetError):
        while piece := wire.recv(65536):
            heard += piece
    return heard


def hear_one(wire: socket.socket) -> bytes:
    """One answer of known length, in however many pieces it comes; less when the server closes before."""
    heard = b""
    with suppress(ConnectionResetError):
        while not _is_whole(heard) and (piece := wire.recv(65536)):
            heard += piece
    return heard


def _is_whole(heard: bytes) -> bool:
    head, end, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
    return bool(end) and length is not None and len(body) >= int(length[1])


@contextmanager
def serving(limits: EdgeLimits) -> Iterator[Edge]:
    """An edge with these limits, in a thread of its own."""
    running = Edge()
    guard = Guard(
        running.app,
        allowed_hosts=["waarmerk.example", "[::1]:8484"],
        trusted_proxies=[],
        refused=lambda name, _peer: running.refused.append(name),
    )
    application = Application(
        guard,
        drain=lambda: None,
        interrupt=lambda: None,
        refused=lambda name, _peer: running.refused.append(name),
    )
    listener = Listener(port=0, limits=limits, grace_seconds=0, farewell_seconds=0)
    listening = listener.bind()
    running.port = listening.getsockname()[1]
    server_of_it = server(application, listener)
    thread = threading.Thread(target=server_of_it.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield running
    finally:
        server_of_it.should_exit = True
        thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def patient() -> Iterator[Edge]:
    with serving(PATIENT) as running:
        yield running


@pytest.fixture(scope="module")
def impatient() -> Iterator[Edge]:
    with serving(HASTY) as running:
        yield running


@pytest.fixture
def edge(patient: Edge) -> Edge:
    """It waits for whoever is slow. A test sees only what it sent."""
    return forgetful(patient)


@pytest.fixture
def hasty(impatient: Edge) -> Edge:
    """It waits for nobody long."""
    return forgetful(impatient)


def forgetful(edge: Edge) -> Edge:
    edge.settle()
    edge.reached.clear()
    edge.headers.clear()
    edge.refused.clear()
    edge.gone.clear()
    edge.go_on.clear()
    return edge
