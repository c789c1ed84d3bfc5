# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which addresses a socket may go to. The table is ours: what the standard library calls global changes with its version."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from app.upstream.host import IpAddress

Network: TypeAlias = IPv4Network | IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


NEVER: Final = _networks(
    "0.0.0.0/8",  # this host (RFC 1122)
    "169.254.0.0/16",  # link-local, and the metadata service of most clouds
    "168.63.129.16/32",  # Azure's host agent
    "100.100.100.200/32",  # Alibaba's metadata service
    "192.0.0.192/32",  # Oracle's metadata service
    "224.0.0.0/4",  # multicast
    "255.255.255.255/32",
    "::/128",
    "fe80::/10",  # link-local
    "fec0::/10",  # site-local, withdrawn (RFC 3879)
    "ff00::/8",  # multicast
    "fd00:ec2::254/128",  # Amazon's metadata service
    # Addresses that carry an IPv4 address inside: a network declared in one notation must not be reached in the other.
    "::ffff:0:0/96",  # IPv4-mapped
    "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
    "64:ff9b::/96",  # NAT64 (RFC 6052)
    "64:ff9b:1::/48",  # NAT64, local (RFC 8215)
    "2001::/32",  # Teredo
    "2002::/16",  # 6to4
)
"""No declaration opens these: no model lives there, and what does hands out credentials or hides another address."""

_NOT_PUBLIC: Final = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",  # carrier-grade NAT (RFC 6598)
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.0.0.0/24",  # IETF protocol assignments
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # 6to4 relays, withdrawn (RFC 7526)
    "192.168.0.0/16",
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "240.0.0.0/4",  # reserved
    "2001::/23",  # IETF protocol assignments
    "2001:db8::/32",  # documentation
    "3fff::/20",  # documentation (RFC 9637)
)
"""From the IANA special-purpose address registries (RFC 6890)."""

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""All that IANA has given out of IPv6; what lies outside is loopback, private or not in use."""


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Public addresses only; or, on premises, the declared networks only."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, cidr: Iterable[str]) -> "AddressRule":
        """The rule of a deployment's `cidr`. Raises `ValueError` that says what is wrong."""
        return cls(tuple(_declared(text) for text in cidr))

    def permits(self, address: str) -> bool:
        """Whether a socket may go to this address, as text without brackets. What cannot be read is not permitted."""
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        if getattr(ip, "scope_id", None) is not None or _within(ip, NEVER):
            return False
        return _within(ip, self.networks) if self.networks else _public(ip)


def _public(ip: IpAddress) -> bool:
    return not _within(ip, _NOT_PUBLIC) and (ip.version == 4 or ip in _GLOBAL_UNICAST)


def _within(ip: IpAddress, networks: Iterable[Network]) -> bool:
    return any(ip in network for network in networks)


def _declared(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is not a network: write its first address and the prefix, as in 10.20.0.0/16"
        ) from None
    if network.prefixlen < (8 if network.version == 4 else 32):
        raise ValueError(f"{text!r} is wider than one organisation: declare the network the model is in")
    if any(network.version == other.version and network.subnet_of(other) for other in NEVER):  # type: ignore[arg-type]
        raise ValueError(
            f"{text!r} is never permitted: link-local, metadata, multicast or an address inside an address"
        )
    return network
