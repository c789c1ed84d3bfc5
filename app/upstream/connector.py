# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one place where a socket to the outside is made, and the two walls before it: the name, then the address."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from app.upstream.destination import Destination
from app.upstream.host import ip_literal

READ_LIMIT: Final = 2**16
"""Bytes of an answer that may wait for a slow reader before the socket is no longer read (twice this, by aiohttp's rule)."""
PUBLIC_BUNDLE: Final = Path(ssl.get_default_verify_paths().openssl_cafile)
PUBLIC_FOLDER: Final = Path(ssl.get_default_verify_paths().openssl_capath)
"""Where this machine's OpenSSL keeps the public roots: the places compiled in, which no variable moves."""
_PINS: Final = 256
_POOL_TRIES: Final = 8


class AddressRefused(OSError):
    """A name or an address that this destination may not reach. An `OSError`, so that the library carries it out unharmed."""


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


class Guard(AbstractResolver):
    """Both walls of one destination.

    The resolver sees every name: it knows one, looks it up once per connection and pins what it checked. The socket factory sees
    every address, also of IP literals, which skip the resolver.
    """

    def __init__(self, destination: Destination, names: NameService) -> None:
        hop = destination.first_hop
        self._hop = hop
        self._rule = destination.rule
        self._names = names
        self._pinned = deque([hop.host] if ip_literal(hop.host) else [], maxlen=_PINS)

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address that the name has, when all are permitted: one that is not means that the name is not ours alone."""
        if host != self._hop.host:
            raise AddressRefused("not the host of this deployment")
        # The root's dot keeps the machine's search domains out of a public name; on premises they may be how names work.
        addresses = await self._names.addresses(host if self._rule.networks else f"{host}.")
        if not addresses or not all(self._rule.permits(address) for address in addresses):
            raise AddressRefused("the name has an address that is not permitted")
        self._pinned.extend(address for address in addresses if address not in self._pinned)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    @override
    async def close(self) -> None:
        """Nothing is held."""

    def open_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """The last wall: a socket for an address that was checked, on the declared port. Raises `AddressRefused`."""
        family, kind, protocol, _, (address, port, *_) = info
        if port != self._hop.port or address not in self._pinned or not self._rule.permits(str(address)):
            raise AddressRefused("an address that was not checked for this deployment")
        return socket.socket(family, kind, protocol)


class GuardedConnector(aiohttp.TCPConnector):
    """Connections through a `Guard`. A kept connection on which bytes came unasked is not used again.

    Without that an answer nobody asked for is read as the answer to the next call, which may be another application's.
    """

    @override
    async def connect(
        self, req: aiohttp.ClientRequest, traces: "list[aiohttp.tracing.Trace]", timeout: aiohttp.ClientTimeout
    ) -> "aiohttp.connector.Connection":
        for _ in range(_POOL_TRIES):
            connection = await super().connect(req, traces, timeout)
            if connection.protocol is not None and not connection.protocol.should_close:
                return connection
            connection.close()
        raise aiohttp.ClientConnectionError("no clean connection")


def open_session(destination: Destination, names: NameService) -> aiohttp.ClientSession:
    """A session that can reach this destination and nothing else. Close it.

    Nothing in the environment steers it: no proxy variables, no .netrc, no certificate or key-log files; no cookies are kept.
    """
    guard = Guard(destination, names)
    connector = GuardedConnector(
        resolver=guard,
        use_dns_cache=False,
        socket_factory=guard.open_socket,
        ssl=tls_context(destination.ca_file),
        limit=0,  # the pipeline admits calls; a second queue here would hide its length
    )
    return aiohttp.ClientSession(
        connector=connector,
        proxy=destination.proxy.url("") if destination.proxy else None,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        skip_auto_headers=("accept", "accept-encoding", "content-type", "user-agent"),
        read_bufsize=READ_LIMIT,
        max_line_size=4096,
        max_field_size=8192,
        max_headers=100,
    )


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
