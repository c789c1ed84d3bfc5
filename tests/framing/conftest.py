# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped edge (protocol, guard, server) on a real socket, in front of an application that writes down what reaches it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from app.web.guard import Guard, Message, Receive, Send
from app.web.protocol import EdgeLimits
from app.web.server import Application, Listener, server

LIMITS = EdgeLimits(
    header_seconds=0.5,
    idle_seconds=0.4,
    body_idle_seconds=0.4,
    body_seconds=1,
    write_seconds=0.5,
    linger_seconds=0.4,
)
PATIENCE = 10
"""Seconds after which a test gives up on a socket; nothing is measured by it."""


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

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def talk(self, *pieces: bytes) -> bytes:
        """Everything that comes back for these bytes, until the server closes."""
        with self.connect() as wire:
            for piece in pieces:
                try:
                    wire.sendall(piece)
                except (BrokenPipeError, ConnectionResetError):
                    break  # it has heard enough
            return listen(wire)

    async def app(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            return
        self.reached.append(f"{scope['method']} {scope['path']}")
        if scope["path"] == "/early":
            await send({"type": "http.response.start", "status": 401, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"no"})
            return
        body = b""
        more = scope["path"] != "/stream"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.reached.append("gone")
                self.gone.set()
                return
            body += message["body"]
            more = message["more_body"]
        self.headers.append(scope["headers"])
        if scope["path"] in ("/stream", "/large"):
            await self.stream(scope["path"], receive, send)
            return
        answer = str(len(body)).encode()
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(answer)).encode())]}
        )
        await send({"type": "http.response.body", "body": answer})

    async def stream(self, path: str, receive: Receive, send: Send) -> None:
        """Three events over half a second, or more than any buffer holds."""
        pieces = [b"data: event\n\n"] * 3 if path == "/stream" else [b"x" * 100_000] * 200
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0.15 if path == "/stream" else 0)
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


async def lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def listen(wire: socket.socket) -> bytes:
    heard = b""
    with suppress(ConnectionResetError):
        while piece := wire.recv(65536):
            heard += piece
    return heard


@pytest.fixture(scope="module")
def edge() -> Iterator[Edge]:
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
    listener = Listener(port=0, limits=LIMITS, grace_seconds=0, farewell_seconds=0)
    listening = listener.bind()
    running.port = listening.getsockname()[1]
    serving = server(application, listener)
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
    thread.start()
    yield running
    serving.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.fixture(autouse=True)
def forget(edge: Edge) -> None:
    """Each test sees only what it sent."""
    edge.reached.clear()
    edge.headers.clear()
    edge.refused.clear()
    edge.gone.clear()
