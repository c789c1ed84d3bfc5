# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A model server that does as it is told, over a real socket on loopback, and remembers every byte that reached it."""

import asyncio
import json
import ssl
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from typing_extensions import override

from app.domain.decision import Deployment
from tests.fake_server import FakeServer


@dataclass(slots=True)
class Connection:
    """One accepted socket."""

    received: bytearray = field(default_factory=bytearray)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the other side has closed, or we have."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request, whole."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    """In order, names as they came."""
    body: bytes
    connection: Connection

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(slots=True)
class Exchange:
    """What a script answers with."""

    request: Received
    writer: asyncio.StreamWriter

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    def close(self) -> None:
        self.writer.close()

    def reset(self) -> None:
        self.writer.transport.abort()

    async def hang(self) -> None:
        """Until the other side hangs up."""
        await self.request.connection.closed.wait()


Script: TypeAlias = Callable[[Exchange], Awaitable[None]]
Headers: TypeAlias = Sequence[tuple[str, str]]


def head(status: int = 200, headers: Headers = ()) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def whole(body: bytes, *, status: int = 200, headers: Headers = (), content_type: str = "application/json") -> Script:
    """A body of known length."""
    lines = [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers]
    return raw(head(status, lines) + body)


def answer(tree: Any, *, status: int = 200, headers: Headers = ()) -> Script:  # noqa: ANN401 any JSON
    return whole(json.dumps(tree).encode(), status=status, headers=headers)


def raw(*pieces: bytes, close: bool = False, interval: float = 0) -> Script:
    """These bytes, whatever they are."""

    async def script(exchange: Exchange) -> None:
        for piece in pieces:
            await exchange.send(piece)
            await asyncio.sleep(interval)
        if close:
            exchange.close()

    return script


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def sse(events: Iterable[str | Mapping[str, Any]], *, interval: float = 0, done: bool = True) -> Script:
    """A paced stream of server-sent events, one per chunk."""
    texts = [event if isinstance(event, str) else json.dumps(event) for event in events]
    frames = [chunk(f"data: {text}\n\n".encode()) for text in [*texts, *(["[DONE]"] if done else [])]]
    lines = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
    return raw(head(200, lines), *frames, b"0\r\n\r\n", interval=interval)


def hang(before: bytes = b"") -> Script:
    """These bytes, then silence."""

    async def script(exchange: Exchange) -> None:
        await exchange.send(before)
        await exchange.hang()

    return script


def hang_after(sent: int, *, length: int = 1000) -> Script:
    """A head that promises `length` bytes, `sent` of them, then silence."""
    return hang(head(200, [("Content-Type", "application/json"), ("Content-Length", str(length))]) + b"x" * sent)


def reset(before: bytes = b"") -> Script:
    """These bytes, then a TCP reset."""

    async def script(exchange: Exchange) -> None:
        await exchange.send(before)
        exchange.reset()

    return script


def truncated_chunk() -> Script:
    lines = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
    return raw(head(200, lines), b"ff\r\nonly this", close=True)


def endless(piece: bytes, *, before: bytes) -> Script:
    """The same again until the other side hangs up."""

    async def script(exchange: Exchange) -> None:
        await exchange.send(before)
        with suppress(ConnectionError):
            while not exchange.writer.is_closing():
                await exchange.send(piece)

    return script


def endless_line() -> Script:
    """A stream whose first event never ends."""
    lines = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
    return endless(chunk(b"x" * 65536), before=head(200, lines) + chunk(b"data: "))


def gzip_bomb(unpacked: int = 2**26) -> Script:
    """A small body that unpacks to a large one."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = packer.compress(b"\0" * unpacked) + packer.flush()
    return whole(body, headers=[("Content-Encoding", "gzip")])


def redirect(to: str, *, status: int = 307) -> Script:
    return whole(b"", status=status, headers=[("Location", to)])


def not_found() -> Script:
    return answer({"error": {"message": "no script for this path", "code": "not_found"}}, status=404)


class FakeUpstream(FakeServer):
    """`async with FakeUpstream() as upstream: upstream.on("/v1/chat/completions", sse([...]))`."""

    longest_line = 2**20

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(host=host, port=port, tls=tls)
        self.connections: list[Connection] = []
        self.requests: list[Received] = []
        self._scripts: dict[str, Script] = {}

    def on(self, path: str, script: Script) -> None:
        """What a request for this path gets, from now on."""
        self._scripts[path] = script

    def deployment(self, **changes: Any) -> Deployment:  # noqa: ANN401 fields of the record
        """A record that leads here."""
        fields: dict[str, Any] = {
            "id": "fake",
            "provider": "example",
            "offering": "example-api",
            "contract": "example-contract",
            "dialect": "openai",
            "scheme": "https" if self._tls else "http",
            "host": self.host,
            "port": self.port,
            "path": "",
            "model": "fake-model",
            "region": "NL",
            "cidr": ("127.0.0.0/8",),
        }
        return Deployment(**(fields | changes))

    @override
    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection()
        self.connections.append(connection)
        try:
            await self._serve(reader, writer, connection)
        finally:
            connection.closed.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: Connection) -> None:
        while not writer.is_closing():
            request = await _read(reader, connection)
            self.requests.append(request)
            script = self._scripts.get(request.path, not_found())
            exchange = Exchange(request, writer)
            watch = asyncio.create_task(_watch(reader, connection))
            try:
                await script(exchange)
            finally:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
            if connection.closed.is_set():
                return


async def _watch(reader: asyncio.StreamReader, connection: Connection) -> None:
    """Notice that the other side left while a script runs, without taking what it sent."""
    while not reader.at_eof() and reader.exception() is None:  # noqa: ASYNC110 reading would take the next request
        await asyncio.sleep(0.01)
    connection.closed.set()


async def _read(reader: asyncio.StreamReader, connection: Connection) -> Received:
    received = await reader.readuntil(b"\r\n\r\n")
    connection.received += received
    first, *lines = received.decode("latin-1").split("\r\n")[:-2]
    method, path, _ = first.split(" ")
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    body = await reader.readexactly(length)
    connection.received += body
    return Received(method, path, headers, body, connection)


class ScriptedNames:
    """A name service over nothing but a table: the first look-up of a name gets its first row, and so on; the last row stays."""

    def __init__(self, rows: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._rows = {name: list(answers) for name, answers in rows.items()}
        self.asked: list[str] = []

    async def addresses(self, name: str) -> Sequence[str]:
        self.asked.append(name)
        answers = self._rows.get(name.removesuffix("."))
        if not answers:
            raise OSError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]
