# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one place where a socket to the outside is made, and the two walls before it: the name, then the address."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from app.upstream.connection import Connection
from app.upstream.destination import Destination, Peer
from app.upstream.host import ip_literal
from app.upstream.tunnel import open_tunnel

PUBLIC_BUNDLE: Final = Path(ssl.get_default_verify_paths().openssl_cafile)
PUBLIC_FOLDER: Final = Path(ssl.get_default_verify_paths().openssl_capath)
"""Where this machine's OpenSSL keeps the public roots: the places compiled in, which no variable moves."""
_PINS: Final = 256
_HEAD_START: Final = 0.25
"""Seconds that an address gets before the next one is tried as well (RFC 8305 section 8)."""


class AddressRefused(OSError):
    """A name or an address that this destination may not reach."""


class NameService(Protocol):
    """Where names become addresses."""

    async def addresses(self, name: str) -> Sequence[str]:
        """Addresses of a name, best first. Raises `OSError`."""
        ...


class SystemNames:
    """The machine's resolver."""

    async def addresses(self, name: str) -> Sequence[str]:
        found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Guard:
    """Both walls of one destination.

    It knows one name, looks it up once per connection and pins what it checked; and it sees the address of every socket before
    that is made, also of an IP literal, which is never looked up.
    """

    def __init__(self, destination: Destination, names: NameService) -> None:
        hop = destination.first_hop
        self._hop = hop
        self._rule = destination.rule
        self._names = names
        self._literal = ip_literal(hop.host) is not None
        self._pinned = deque([hop.host] if self._literal else [], maxlen=_PINS)

    async def resolve(self, host: str) -> Sequence[str]:
        """Every address that the name has, when all are permitted: one that is not means that the name is not ours alone."""
        if host != self._hop.host:
            raise AddressRefused("not the host of this deployment")
        if self._literal:
            return [host]
        # The root's dot keeps the machine's search domains out of a public name; on premises they may be how names work.
        addresses = await self._names.addresses(host if self._rule.networks else f"{host}.")
        if not addresses or not all(self._rule.permits(address) for address in addresses):
            raise AddressRefused("the name has an address that is not permitted")
        self._pinned.extend(address for address in addresses if address not in self._pinned)
        return addresses

    def open_socket(self, address: str, port: int) -> socket.socket:
        """The last wall: a socket for an address that was checked, on the declared port. Raises `AddressRefused`."""
        if port != self._hop.port or address not in self._pinned or not self._rule.permits(address):
            raise AddressRefused("an address that was not checked for this deployment")
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)  # noqa: FBT003 the name of the standard library
        return sock


class Connector:
    """Makes connections to one destination, and to nothing else. Nothing in the environment steers it."""

    def __init__(self, destination: Destination, names: NameService, *, user_agent: str) -> None:
        """`user_agent` is for a proxy. Raises `OSError` when the CA file cannot be read."""
        self._destination = destination
        self._guard = Guard(destination, names)
        self._context = tls_context(destination.ca_file)
        self._user_agent = user_agent

    async def connect(self, lost: Callable[[Connection], None]) -> Connection:
        """A connection to the peer, over TLS with its certificate and name checked unless the record says `http`.

        Raises `OSError`: `AddressRefused`, `ProxyRefused`, `ssl.SSLError` and all that a network does; `Malformed` for a proxy that
        speaks no HTTP.
        """
        loop, (peer, proxy) = asyncio.get_running_loop(), (self._destination.peer, self._destination.proxy)
        if proxy is not None and peer.scheme != "https":
            raise AddressRefused("a proxy is given nothing but TLS")
        sock = await self._open(loop)  # from here on it is its transport's, which closes it
        if proxy is None:
            context, name = self._tls(peer)
            _, connection = await loop.create_connection(
                lambda: Connection(loop, lost), sock=sock, ssl=context, server_hostname=name
            )
            return connection
        context, name = self._tls(proxy)
        transport = await open_tunnel(sock, peer, context, name, user_agent=self._user_agent)
        return await self._over(transport, Connection(loop, lost))

    async def _over(self, transport: asyncio.Transport, connection: Connection) -> Connection:
        """TLS with the peer, inside what a proxy passes on."""
        loop, name = asyncio.get_running_loop(), self._destination.peer.host
        try:
            inner = await loop.start_tls(transport, connection, self._context, server_hostname=name)
        except BaseException:
            transport.abort()
            raise
        if inner is None:
            raise ConnectionResetError
        connection.connection_made(inner)
        return connection

    def _tls(self, peer: Peer) -> tuple[ssl.SSLContext | None, str | None]:
        return (self._context, peer.host) if peer.scheme == "https" else (None, None)

    async def _open(self, loop: asyncio.AbstractEventLoop) -> socket.socket:
        """A socket to the first address that answers; the next is tried when one fails, or is slow (RFC 8305)."""
        hop = self._destination.first_hop
        addresses = deque(await self._guard.resolve(hop.host))
        if len(addresses) == 1:
            return await self._try(loop, addresses[0], hop.port)
        tried: set[asyncio.Task[socket.socket]] = set()
        failure: BaseException = ConnectionRefusedError()
        try:
            while addresses or tried:
                if addresses:
                    tried.add(loop.create_task(self._try(loop, addresses.popleft(), hop.port)))
                done, _ = await asyncio.wait(
                    tried, timeout=_HEAD_START if addresses else None, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    tried.discard(task)
                    error = task.exception()
                    if error is None:
                        return task.result()
                    failure = error
            raise failure
        finally:
            await _abandon(tried)

    async def _try(self, loop: asyncio.AbstractEventLoop, address: str, port: int) -> socket.socket:
        sock = self._guard.open_socket(address, port)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(sock, (address, port))
        except BaseException:
            sock.close()
            raise
        return sock


async def _abandon(tried: set[asyncio.Task[socket.socket]]) -> None:
    """Of the addresses that were tried beside the one that won, no socket stays open."""
    for task in tried:
        task.cancel()
    for outcome in await asyncio.gather(*tried, return_exceptions=True):
        if isinstance(outcome, socket.socket):
            outcome.close()


def tls_context(ca_file: str | None, *, bundle: Path = PUBLIC_BUNDLE, folder: Path = PUBLIC_FOLDER) -> ssl.SSLContext:
    """Verifies name and chain, TLS 1.2 or later: against this file alone, else against the public roots. Raises `OSError`.

    `ssl.create_default_context` would let SSL_CERT_FILE replace the roots and SSLKEYLOGFILE write the session keys.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
        return context
    if bundle.is_file():
        context.load_verify_locations(cafile=bundle)
    if folder.is_dir():
        context.load_verify_locations(capath=folder)
    return context
