# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from app.web.rate import RateLimit, TooOften, network_of


class Monotonic:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_given_and_then_what_time_brings() -> None:
    clock = Monotonic()
    limit = RateLimit(clock, burst=3, per_second=0.5)
    for _ in range(3):
        limit.take("192.0.2.1")
    with pytest.raises(TooOften) as refused:
        limit.take("192.0.2.1")
    assert refused.value.seconds == 2
    clock.now = 1.9
    with pytest.raises(TooOften):
        limit.take("192.0.2.1")
    clock.now = 2.0
    limit.take("192.0.2.1")
    with pytest.raises(TooOften):
        limit.take("192.0.2.1")


def test_a_refused_question_costs_nothing() -> None:
    clock = Monotonic()
    limit = RateLimit(clock, burst=1, per_second=1)
    limit.take("192.0.2.1")
    for _ in range(100):
        with pytest.raises(TooOften):
            limit.take("192.0.2.1")
    clock.now = 1.0
    limit.take("192.0.2.1")


def test_more_than_the_burst_is_never_saved() -> None:
    clock = Monotonic()
    limit = RateLimit(clock, burst=2, per_second=1)
    limit.take("192.0.2.1")
    clock.now = 1_000_000.0
    limit.take("192.0.2.1")
    limit.take("192.0.2.1")
    with pytest.raises(TooOften):
        limit.take("192.0.2.1")


def test_a_heavy_question_costs_more_and_never_more_than_there_can_be() -> None:
    clock = Monotonic()
    limit = RateLimit(clock, burst=10, per_second=1)
    limit.take("192.0.2.1", 8)
    with pytest.raises(TooOften) as refused:
        limit.take("192.0.2.1", 1000)
    assert refused.value.seconds == 8
    clock.now = 8.0
    limit.take("192.0.2.1", 1000)


def test_each_network_has_its_own() -> None:
    limit = RateLimit(Monotonic(), burst=1, per_second=1)
    for peer in ("192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:2::1", ""):
        limit.take(peer)
    for peer in ("::ffff:192.0.2.1", "2001:db8:0:1:ffff::9", ""):
        with pytest.raises(TooOften):
            limit.take(peer)


def test_the_table_is_bounded_and_keeps_those_seen_last() -> None:
    limit = RateLimit(Monotonic(), burst=1, per_second=1, most=2)
    limit.take("192.0.2.1")
    limit.take("192.0.2.2")
    with pytest.raises(TooOften):
        limit.take("192.0.2.1")
    limit.take("192.0.2.3")
    with pytest.raises(TooOften):
        limit.take("192.0.2.1")
    limit.take("192.0.2.2")


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_the_network_of_a_peer(peer: str, network: str) -> None:
    assert network_of(peer) == network
