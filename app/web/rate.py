# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How often one network may ask: a token bucket each, in a table of bounded size."""

import math
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Network, ip_address

from app.domain.errors import TooManyAttempts

_IPV6_NETWORK = 64
"""Bits that a subscriber is given as a rule (RFC 6177): within them a machine has as many addresses as it likes."""
_MOST_NETWORKS = 65_536


class TooOften(TooManyAttempts):
    """This network asked more than its share; `seconds` says when it may ask again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__()


class RateLimit:
    """`burst` questions at once, and `per_second` more with time. One instance per process and per kind of question.

    The table keeps the networks seen last. Who is dropped from it begins anew with a full bucket: whoever has that many networks
    cannot be bounded by a count per network anyhow.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        burst: float,
        per_second: float,
        most: int = _MOST_NETWORKS,
    ) -> None:
        self._monotonic = monotonic
        self._burst = burst
        self._per_second = per_second
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, peer: str, cost: float = 1.0) -> None:
        """Count one question of this peer's network; raises `TooOften`. A cost above `burst` is taken for all of it."""
        now, network = self._monotonic(), network_of(peer)
        left, since = self._buckets.pop(network, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_second)
        missing = min(cost, self._burst) - left
        self._buckets[network] = (left if missing > 0 else -missing, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if missing > 0:
            raise TooOften(math.ceil(missing / self._per_second))


def network_of(peer: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address; what is neither (a socket file) is one network of its own."""
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:  # how IPv4 peers look on a dual-stack socket
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), _IPV6_NETWORK), strict=False))
