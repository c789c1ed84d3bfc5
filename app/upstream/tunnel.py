# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way through an outbound proxy: one CONNECT, and its answer read to the end of its head and no further (RFC 9110 9.3.6)."""

import asyncio
import socket
import ssl
from http import HTTPStatus

from typing_extensions import override

from app.upstream.destination import Peer
from app.upstream.framing import HeadReader, Malformed


class ProxyRefused(OSError):
    """The proxy will not connect us to the peer."""


async def open_tunnel(
    sock: socket.socket, peer: Peer, context: ssl.SSLContext | None, name: str | None, *, user_agent: str
) -> asyncio.Transport:
    """What the proxy behind this socket passes on unread, to the peer; `context` and `name` are of the proxy itself.

    It learns the name and port of the peer and who we are. Raises `ProxyRefused`, `Malformed`, `OSError`.
    """
    loop = asyncio.get_running_loop()
    transport, reply = await loop.create_connection(
        lambda: _Reply(loop.create_future()), sock=sock, ssl=context, server_hostname=name
    )
    try:
        target = peer.target
        transport.write(f"CONNECT {target} HTTP/1.1\r\nhost: {target}\r\nuser-agent: {user_agent}\r\n\r\n".encode())
        status = await reply.status
    except BaseException:
        transport.abort()
        raise
    if status != HTTPStatus.OK:
        transport.abort()
        raise ProxyRefused
    return transport


class _Reply(asyncio.Protocol):
    """What a proxy says to CONNECT. A byte behind its head is not the peer's, whom nobody has greeted yet."""

    def __init__(self, status: asyncio.Future[int]) -> None:
        self.status = status
        self._heads = HeadReader()
        self._transport: asyncio.BaseTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        if self.status.done():
            if self._transport is not None:
                self._transport.close()
            return
        try:
            begun = self._heads.feed(data)
        except Malformed:
            self.status.set_exception(Malformed())
            return
        if begun is not None:
            head, wire = begun
            if head.status == HTTPStatus.OK and len(wire) > head.size:
                self.status.set_exception(Malformed())
            else:
                self.status.set_result(head.status)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self.status.done():
            self.status.set_exception(ConnectionResetError())
