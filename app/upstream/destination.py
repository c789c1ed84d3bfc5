# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a deployment is: the half of its record that decides which socket is opened, checked once and then fixed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar
from urllib.parse import urlsplit

from app.domain.decision import Deployment
from app.domain.errors import Fault, PolicyInvalid
from app.upstream.address import AddressRule
from app.upstream.credentials import check_credential
from app.upstream.host import canonical_host, ip_literal

T = TypeVar("T")

_PATH: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~:@-]+)*")
"""No empty, `.` or `..` segment, nothing encoded, no query: a path that every parser reads the same (A12)."""
_PORTS: Final = {"https": 443, "http": 80}
_PROXY: Final = re.compile(r"(https?)://(\[[^\[\]/@]+\]|[^\[\]/@:]+):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a socket."""

    scheme: str
    host: str
    """Canonical; an IPv6 address without brackets."""
    port: int

    @property
    def target(self) -> str:
        """Host and port, as CONNECT names them (RFC 9112 3.2.3)."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """What the `host` field says (RFC 9110 7.2): no port where it is the scheme's own."""
        return self.target.removesuffix(f":{_PORTS.get(self.scheme)}")

    def url(self, path: str) -> str:
        """An address of parts that were each checked (A12), and read back: this peer and this path, or `ValueError`."""
        return _address(self, path)


@lru_cache(maxsize=1024)  # paths are fixed by the dialects, so a few addresses serve every call
def _address(peer: Peer, path: str) -> str:
    if not _PATH.fullmatch(path):
        raise ValueError("not a fixed path")
    if canonical_host(peer.host) != peer.host:
        raise ValueError("not a host in its one spelling")
    url = f"{peer.scheme}://{peer.authority}{path}"
    read = urlsplit(url)
    port = read.port or _PORTS.get(read.scheme)
    if (read.scheme, read.hostname, port, read.path, read.query, read.fragment) != (
        peer.scheme, peer.host, peer.port, path, "", ""
    ) or read.username is not None:  # fmt: skip
        raise ValueError("the address does not read back as it was built")
    return url


@dataclass(frozen=True, slots=True)
class Destination:
    """One peer, and how to get there. Equal destinations share connections; another record is another destination."""

    peer: Peer
    rule: AddressRule
    """Binds every socket: with a proxy, the proxy's; else the peer's own."""
    proxy: Peer | None = None
    ca_file: str | None = None

    @property
    def first_hop(self) -> Peer:
        """Whom the socket is opened to."""
        return self.proxy or self.peer

    @classmethod
    def of(cls, deployment: Deployment) -> "Destination":
        """Raises `PolicyInvalid` with every fault found."""
        faults: list[Fault] = []

        def read(name: str, reader: Callable[[], T], otherwise: T) -> T:
            try:
                return reader()
            except ValueError as error:
                faults.append(Fault(f"/deployments/{deployment.id}/{name}", str(error)))
                return otherwise

        onsite = bool(deployment.cidr)
        rule = read("cidr", lambda: AddressRule.of(deployment.cidr), AddressRule())
        proxied = deployment.proxy is not None
        # A proxy resolves the name itself: its own address is the one that `cidr` declares, and only TLS tells that the peer is right.
        read("scheme", lambda: _check_scheme(deployment.scheme, plain=onsite and not proxied), None)
        read("host", lambda: _check_host(deployment.host, rule, onsite=onsite and not proxied), None)
        read("port", lambda: _check_port(deployment.port), None)
        read("path", lambda: _check_path(deployment.path), None)
        proxy = read("proxy", lambda: _read_proxy(deployment.proxy, rule, onsite=onsite), None)
        if faults:
            raise PolicyInvalid(*faults)
        return cls(Peer(deployment.scheme, deployment.host, deployment.port), rule, proxy, deployment.ca_file)


def check_deployment(deployment: Deployment) -> None:
    """Whether a socket could ever be opened for this record; pure, nothing is resolved or read. Raises `PolicyInvalid` with every fault."""
    faults: tuple[Fault, ...] = ()
    try:
        Destination.of(deployment)
    except PolicyInvalid as error:
        faults = error.faults
    try:
        check_credential(deployment)
    except ValueError as error:
        faults += (Fault(f"/deployments/{deployment.id}/credential", str(error)),)
    if faults:
        raise PolicyInvalid(*faults)


def _check_scheme(scheme: str, *, plain: bool) -> None:
    if scheme not in ({"https", "http"} if plain else {"https"}):
        raise ValueError("https; http only to a declared network (`cidr`), and never through a proxy")


def _check_host(host: str, rule: AddressRule, *, onsite: bool) -> None:
    canonical = canonical_host(host)
    if canonical != host:
        raise ValueError(f"write it as {canonical!r}")
    if ip_literal(host) is None:
        if not onsite and "." not in host:
            raise ValueError(
                "a name without a dot means something else on every network: write it in full, or declare `cidr`"
            )
    elif not onsite:
        raise ValueError("an IP address only in a declared network (`cidr`)")
    elif not rule.permits(host):
        raise ValueError("an IP address outside the declared network (`cidr`)")


def _check_port(port: int) -> None:
    if not 0 < port < 65536:
        raise ValueError("1 to 65535")


def _check_path(path: str) -> None:
    if not _PATH.fullmatch(path):
        raise ValueError("empty, or segments of letters, digits and ._~:@- that each follow a slash")


def _read_proxy(text: str | None, rule: AddressRule, *, onsite: bool) -> Peer | None:
    if text is None:
        return None
    parts = _PROXY.fullmatch(text)
    if parts is None:
        raise ValueError("http://host:port or https://host:port, without user and path")
    scheme, host, port = parts[1], parts[2].strip("[]"), int(parts[3])
    _check_scheme(scheme, plain=onsite)
    _check_host(host, rule, onsite=onsite)
    _check_port(port)
    peer = Peer(scheme, host, port)
    if (urlsplit(text).hostname, urlsplit(text).port) != (host, port):
        raise ValueError("another parser reads another host in it")
    return peer
