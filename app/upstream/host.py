# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One parser for host names: what two parsers read differently is how a call ends up elsewhere (A12, A13)."""

import re
from ipaddress import IPv4Address, IPv6Address
from typing import Final, TypeAlias

import idna

IpAddress: TypeAlias = IPv4Address | IPv6Address

_LONGEST: Final = 253  # RFC 1035 2.3.4, without the root's dot
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


def canonical_host(text: str) -> str:
    """The one spelling of a host: an ASCII lower-case name without trailing dot, or an IP address as RFC 5952 writes it.

    UTS 46 maps full-width digits and ideographic dots first, so no other alphabet hides an address. A name that ends in a number is
    an IPv4 address to every resolver (WHATWG URL 3.5), so decimal, octal, hexadecimal and short notations are refused, not read.
    Raises `ValueError` that says what is wrong.
    """
    if ":" in text:
        return str(_ipv6(text))
    if not text or len(text) > _LONGEST + 1:
        raise ValueError("a host has 1 to 253 characters")
    try:
        name = idna.encode(text, uts46=True, std3_rules=True).decode("ascii").removesuffix(".")
    except idna.IDNAError:
        raise ValueError("not a host name: only letters, digits, hyphens and dots (IDNA 2008, UTS 46)") from None
    labels = name.split(".")
    if len(name) > _LONGEST or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a host name: labels of 1 to 63 letters, digits and inner hyphens")
    if _NUMBER.fullmatch(labels[-1]):
        return str(_ipv4(name))
    return name


def ip_literal(host: str) -> IpAddress | None:
    """The address that a canonical host is, or None when it is a name."""
    if ":" in host:
        return IPv6Address(host)
    return IPv4Address(host) if _NUMBER.fullmatch(host.rpartition(".")[2]) else None


def _ipv4(text: str) -> IPv4Address:
    try:
        return IPv4Address(text)
    except ValueError:
        raise ValueError("an IPv4 address in another notation than four decimal numbers") from None


def _ipv6(text: str) -> IPv6Address:
    try:
        address = IPv6Address(text)
    except ValueError:
        raise ValueError("neither a host name (no port, no user) nor an IPv6 address without brackets") from None
    if address.scope_id is not None:
        raise ValueError("an IPv6 address with a zone")
    return address
