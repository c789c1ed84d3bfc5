# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A connection without a socket: what the edge is fed, what it writes, and what reaches the application behind it."""

import asyncio

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.server import ServerState

from app.web.guard import Message, Receive, Send
from app.web.protocol import EdgeLimits, EdgeProtocol, protocol_class

PATIENCE = 60


class Wire(asyncio.Transport):
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = asyncio.Event()
        self.aborted = False
        self.reading = True
        self.protocol: EdgeProtocol | None = None

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    @override
    def can_write_eof(self) -> bool:
        return False

    @override
    def is_closing(self) -> bool:
        return self.closed.is_set()

    @override
    def close(self) -> None:
        if not self.closed.is_set():
            self.closed.set()
            if self.protocol is not None:
                asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    @override
    def abort(self) -> None:
        self.aborted = True
        self.close()

    @override
    def pause_reading(self) -> None:
        self.reading = False

    @override
    def resume_reading(self) -> None:
        self.reading = True

    @override
    def get_extra_info(self, name: str, default: object = None) -> object:
        return {"peername": ("192.0.2.7", 4711), "sockname": ("192.0.2.1", 8484)}.get(name, default)

    @property
    def status(self) -> int:
        return int(self.written.split(b" ", 2)[1]) if self.written else 0


class Inside:
    """An application that does as its test says, and keeps the scopes it saw."""

    def __init__(self) -> None:
        self.scopes: list[Message] = []
        self.messages: list[Message] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.starts_first = False
        self.reads = True

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        head: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
        if self.starts_first:
            await send(head)
        if self.reads:
            self.messages.append(await receive())
        await self.may_answer.wait()
        if not self.starts_first:
            await send(head)
        await send({"type": "http.response.body", "body": b"ok"})


class Bench:
    """Connections to one application under one set of limits."""

    def __init__(self, limits: EdgeLimits) -> None:
        self.inside = Inside()
        self.refused: list[tuple[str, str]] = []
        self.state = ServerState()
        self.config = Config(lambda: self.inside, factory=True, interface="asgi3", ws="none", log_config=None)
        self.config.load()
        self.protocol = protocol_class(limits, lambda name, peer: self.refused.append((name, peer)))

    def connect(self) -> tuple[EdgeProtocol, Wire]:
        protocol = self.protocol(self.config, self.state, {}, asyncio.get_running_loop())
        wire = Wire()
        wire.protocol = protocol
        protocol.connection_made(wire)
        return protocol, wire

    async def send(self, *pieces: bytes) -> Wire:
        protocol, wire = self.connect()
        for piece in pieces:
            protocol.data_received(piece)
        await settle()
        return wire


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def closing(wire: Wire) -> None:
    async with asyncio.timeout(PATIENCE):
        await wire.closed.wait()
