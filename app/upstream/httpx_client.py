# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`httpx` behind the same walls, for all that is not the hot path: is a deployment reachable, and a webhook."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from typing import Final

import httpx
from typing_extensions import override

from app.domain.decision import Deployment
from app.upstream.connection import Connection
from app.upstream.connector import Connector, NameService, SystemNames
from app.upstream.destination import Destination
from app.upstream.failures import FAULTS, failure_before_head
from app.upstream.framing import Head, Malformed
from app.upstream.headers import answer_headers, is_encoded
from app.upstream.pool import ConnectTimeout, Lane

_SECONDS: Final = 10.0
_LONGEST: Final = 2**20
"""Bytes of an answer: off the hot path hardly more than its status is looked at."""
_METHODS: Final = frozenset({"GET", "POST"})
_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TEXT: Final = re.compile(rb"[ -~]*")
_OURS: Final = frozenset({b"connection", b"content-length", b"transfer-encoding"})


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends to one destination; whatever address a request names, another peer is refused before anything is looked up.

    Each request has a connection of its own: they are few, and nothing of one is left for the next.
    """

    def __init__(self, destination: Destination, names: NameService, *, user_agent: str) -> None:
        """Raises `OSError` when the CA file cannot be read."""
        self._peer = destination.peer
        self._lane = Lane(destination, Connector(destination, names, user_agent=user_agent))

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises `httpx.TransportError`; the answer has only the headers on the allowlist."""
        url = request.url
        named = (url.scheme, url.raw_host.decode("ascii"), url.port or {"https": 443, "http": 80}.get(url.scheme))
        if named != (self._peer.scheme, self._peer.host, self._peer.port) or url.userinfo:
            raise httpx.UnsupportedProtocol("not the host of this destination", request=request)
        body = await request.aread()
        connection, head = await self._ask(request, _head(request, len(body)), body)
        if is_encoded(head.fields):
            connection.close()
            raise httpx.RemoteProtocolError("a compressed answer, unasked", request=request)
        stream = _Body(connection, _limit(request, "read"))
        return httpx.Response(head.status, headers=dict(answer_headers(head.fields)), stream=stream)

    @override
    async def aclose(self) -> None:
        self._lane.close()

    async def _ask(self, request: httpx.Request, wire: bytes, body: bytes) -> tuple[Connection, Head]:
        connection: Connection | None = None
        try:
            connection = await self._lane.connect(_limit(request, "connect"))
            due = asyncio.get_running_loop().time() + _limit(request, "read")
            return connection, await connection.ask(wire, body, due, to_the_close=True)
        except FAULTS as error:
            if connection is not None:
                connection.close()
            raise _named(error)("no answer", request=request) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise


class _Body(httpx.AsyncByteStream):
    """The rest of an answer, up to a bound."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        left, loop = _LONGEST, asyncio.get_running_loop()
        try:
            while data := await self._connection.read(loop.time() + self._seconds):
                left -= len(data)
                if left < 0:
                    raise httpx.RemoteProtocolError("a longer answer than anybody needs")
                yield data
        except FAULTS as error:
            raise _named(error)("the answer broke off") from error

    @override
    async def aclose(self) -> None:
        self._connection.close()


def _head(request: httpx.Request, length: int) -> bytes:
    """Request line and fields (RFC 9112 3). Raises `httpx.LocalProtocolError` for what could be read as more than one request."""
    fields = [(name, value) for name, value in request.headers.raw if name.lower() not in _OURS]
    writable = all(_NAME.fullmatch(name) and _TEXT.fullmatch(value) for name, value in fields)
    if request.method not in _METHODS or not writable:
        raise httpx.LocalProtocolError("not a request that can be written", request=request)
    fields += [(b"content-length", b"%d" % length), (b"connection", b"close")]
    lines = b"".join(b"%b: %b\r\n" % field for field in fields)
    return b"%b %b HTTP/1.1\r\n%b\r\n" % (request.method.encode(), request.url.raw_path, lines)


def _named(error: BaseException) -> type[httpx.TransportError]:
    match error:
        case ConnectTimeout():
            return httpx.ConnectTimeout
        case TimeoutError():
            return httpx.ReadTimeout
        case ConnectionResetError() | ConnectionAbortedError():
            return httpx.ReadError
        case Malformed():
            return httpx.RemoteProtocolError
    return httpx.ConnectError


def _limit(request: httpx.Request, name: str) -> float:
    limits: Mapping[str, float | None] = request.extensions.get("timeout", {})
    seconds = limits.get(name)
    return _SECONDS if seconds is None else seconds


def guarded_client(destination: Destination, *, version: str, names: NameService | None = None) -> httpx.AsyncClient:
    """A client whose paths are relative to the destination. Make it where a loop runs; close it. No redirects, no environment."""
    user_agent = f"waarmerk/{version}"
    return httpx.AsyncClient(
        transport=GuardedTransport(destination, names or SystemNames(), user_agent=user_agent),
        base_url=destination.peer.url(""),
        headers={"user-agent": user_agent, "accept-encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
        timeout=_SECONDS,
    )


async def unreachable_because(deployment: Deployment, *, version: str, names: NameService | None = None) -> str | None:
    """None when the deployment's host answers at all, else why not, in our words. No prompt and no credential is sent."""
    async with guarded_client(Destination.of(deployment), version=version, names=names) as client:
        try:
            await client.get(f"{deployment.path}/models")
        except httpx.TransportError as error:
            cause = error.__cause__
            return failure_before_head(cause).reason.en if isinstance(cause, FAULTS) else type(error).__name__
    return None
