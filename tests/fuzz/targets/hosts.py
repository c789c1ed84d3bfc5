# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Host names: one spelling, which no other parser of addresses reads as another host."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import httpx

from app.upstream.host import canonical_host, ip_literal
from tests.fuzz.pieces import text

SEEDS: Final = (
    b"API.Mistral.AI.",
    b"127.0.0.1",
    b"0x7f.1",
    b"2130706433",
    b"::ffff:127.0.0.1",
    b"fe80::1%eth0",
    b"xn--mnchen-3ya.example",
    "münchen\uff0eexample。".encode(),
    "\uff11\uff12\uff17.0.0.1".encode(),
    "a\u00adb.example".encode(),
    b"a.b-.c",
)


def run(data: bytes) -> None:
    """A host or a ValueError."""
    try:
        host = canonical_host(text(data))
    except ValueError:
        return
    assert canonical_host(host) == host, "two spellings of one host"
    assert host.isascii()
    assert host == host.lower()
    literal = ip_literal(host)
    assert literal is None or str(literal) == host
    bracketed = f"[{host}]" if ":" in host else host
    for read in (
        urlsplit(f"https://{bracketed}:8443/v1").hostname,
        httpx.URL(f"https://{bracketed}:8443/v1").raw_host.decode(),
    ):
        assert read is not None
        assert (ip_address(read) == literal) if literal else (read == host), "another parser reads another host"
