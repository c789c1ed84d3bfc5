# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The outermost ASGI layer: what a request says about itself is settled here, once, before anything routes on it.

- *Host*: exactly one, and one of ours. Else 421: a name that is not ours is no route of ours.
- *Path*: the raw bytes must already be in normal form (RFC 3986 section 6.2.2), so that no two layers can disagree about
  which route is meant. Refused, never repaired.
- *Headers that change the meaning of a request* (method override, original URL, a `Connection` that names other headers to
  be dropped): refused with 400, because no honest client sends them and dropping would hide a misconfigured proxy. Only
  from trusted proxies, some of which add them on their own account, the override headers are dropped instead.
- *X-Forwarded-For and -Proto* set the client and the scheme when they come from a trusted proxy. All forwarding headers
  are then dropped: nothing inside reads them.
- *Our own words* (`X-AI-*`, `Waarmerk-*`) are for answers; from a client only `Waarmerk-Context` is kept.

Other scopes: lifespan passes, a websocket is closed.
"""

import re
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final, TypeAlias

from app.web.edge import HEADER, HOST, TARGET, UNKNOWN_HOST, EdgeProblem, Refused

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Asgi: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
"""An ASGI 3 application; the first argument is the scope."""

GONE, CALL = "waarmerk.gone", "call"
"""Extension of ASGI: `scope["extensions"][GONE][CALL](tell)` has `tell` called when the client leaves before its answer is complete,
at once if it has left. To wait for that in `receive` would take a task for each call."""

Headers: TypeAlias = list[tuple[bytes, bytes]]

_PATH: Final = re.compile(
    rb"""/ | (?: / (?! \.{1,2} (?: / | \Z ) )        # no dot segment
            (?: [A-Za-z0-9\-._~!$&'()*+,=:@]         # pchar (RFC 3986 3.3) without the parameter mark ;
            | % (?! 2[35DEF] | 3[0-9BF] | 4[1-9A-F] | 5[0-9ACF] | 6[1-9A-F] | 7[0-9AEF] )  # no escaped delimiter, unreserved, DEL
                [2-9A-F][0-9A-F]                     # no control character; capitals (RFC 3986 6.2.2.1)
            )++ )++ /?                               # no empty segment but the last
    """,
    re.VERBOSE,
).fullmatch

_OVERRIDES: Final = frozenset(
    {b"x-http-method-override", b"x-http-method", b"x-method-override", b"x-original-url", b"x-rewrite-url"}
)
_FORWARDING: Final = frozenset({b"forwarded", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip"})
_DROPPED_PREFIXES: Final = (b"x-ai-", b"waarmerk-", b"x-forwarded-")
_TELLING: Final = _OVERRIDES | _FORWARDING | {b"host", b"connection"}
"""With the prefixes: all the names that are looked at."""
_KEPT: Final = frozenset({b"host", b"connection", b"waarmerk-context"})
_CONNECTION: Final = frozenset({b"close", b"keep-alive", b""})

SECURITY_HEADERS: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
"""On every answer that does not set them itself."""


class Guard:
    """ASGI middleware. Is no coroutine function itself: a call that passes costs no frame for the rest of its life."""

    def __init__(
        self, app: Asgi, *, allowed_hosts: Collection[str], trusted_proxies: Collection[str], refused: Refused
    ) -> None:
        """`allowed_hosts`: `host` or `host:port` as clients send it. `trusted_proxies`: CIDR. Raises `ValueError`."""
        self._app = app
        self._hosts = frozenset(host.lower().encode("ascii") for host in allowed_hosts)
        self._networks = tuple(ip_network(network) for network in trusted_proxies)
        self._refused = refused

    def __call__(self, scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            client = scope["client"]
            peer = client[0] if client else ""
            problem = self._judge(scope, peer)
            if problem is None:
                return self._app(scope, receive, _with_security_headers(send))
            self._refused(problem.name, peer)
            return _answer(problem, send)
        if scope["type"] == "lifespan":
            return self._app(scope, receive, send)
        return _close(receive, send)

    def _judge(self, scope: Message, peer: str) -> EdgeProblem | None:
        """Why this request goes no further, if so; else its scope is settled."""
        if not _PATH(scope["raw_path"]):
            return TARGET
        headers: Headers = scope["headers"]
        telling = [header for header in headers if header[0] in _TELLING or header[0].startswith(_DROPPED_PREFIXES)]
        hosts = [value for name, value in telling if name == b"host"]
        if len(hosts) != 1:
            return HOST
        if hosts[0].lower() not in self._hosts:
            return UNKNOWN_HOST
        trusted = bool(self._networks) and _is_within(peer, self._networks)
        for name, value in telling:
            if (name in _OVERRIDES and not trusted) or (name == b"connection" and not _is_plain(value)):
                return HEADER
        dropped = [header for header in telling if header[0] not in _KEPT]
        if dropped:
            scope["headers"] = [header for header in headers if header not in dropped]
        if trusted:
            self._believe(scope, peer, dropped)
        return None

    def _believe(self, scope: Message, peer: str, headers: Headers) -> None:
        """The client is the last address that no proxy of ours has; what stands left of it is hearsay."""
        hops = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")
        for hop in reversed(hops.split(",")):
            if not _is_within(peer, self._networks):
                break
            try:
                peer = str(ip_address(hop.strip()))
            except ValueError:
                break
        scope["client"] = (peer, 0)
        schemes = [value for name, value in headers if name == b"x-forwarded-proto"]
        if schemes in ([b"http"], [b"https"]):
            scope["scheme"] = schemes[0].decode()


@lru_cache(maxsize=1024)
def _is_within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        host = ip_address(address)
    except ValueError:
        return False
    host = getattr(host, "ipv4_mapped", None) or host  # how IPv4 peers look on a dual-stack socket
    return any(host in network for network in networks)


def _is_plain(connection: bytes) -> bool:
    """Names of other headers here tell a proxy to drop them (RFC 9110 section 7.6.1): credentials, say."""
    return all(option.strip(b" \t").lower() in _CONNECTION for option in connection.split(b","))


def _with_security_headers(send: Send) -> Send:
    def dressed(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            said = {name.lower() for name, _ in headers}
            headers += [header for header in SECURITY_HEADERS if header[0] not in said]
            message = {**message, "headers": headers}
        return send(message)

    return dressed


async def _answer(problem: EdgeProblem, send: Send) -> None:
    body = problem.body
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    dressed = _with_security_headers(send)
    await dressed({"type": "http.response.start", "status": problem.status, "headers": headers})
    await dressed({"type": "http.response.body", "body": body})


async def _close(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008})
