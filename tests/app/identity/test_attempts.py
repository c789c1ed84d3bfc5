# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import TooManyAttempts
from app.identity.attempts import FREE, MOST, Peers, Strangers, lock, require_unlocked

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def allowed(attempt: Callable[[], None], tries: int = 1000) -> int:
    """How many go through before one does not."""
    for count in range(tries):
        try:
            attempt()
        except TooManyAttempts:
            return count
    return tries


def test_the_lock_doubles_up_to_four_hours() -> None:
    assert [lock(failures, NOW) for failures in range(FREE)] == [None] * FREE
    minutes = [(lock(failures, NOW) or NOW) - NOW for failures in (5, 6, 7, 8, 9, 10, 99, 10**9)]
    assert [int(length.total_seconds()) // 60 for length in minutes] == [15, 30, 60, 120, 240, 240, 240, 240]


def test_a_lock_ends_at_its_moment_but_not_after_a_hundred_failures() -> None:
    require_unlocked(99, NOW, NOW)
    require_unlocked(0, None, NOW)
    for failures, until in ((5, NOW + timedelta(milliseconds=1)), (MOST, None), (MOST, NOW - timedelta(days=9))):
        with pytest.raises(TooManyAttempts):
            require_unlocked(failures, until, NOW)


def test_a_name_that_nobody_has_is_locked_as_an_account_is() -> None:
    strangers = Strangers()
    assert allowed(lambda: strangers.attempt("piet", NOW)) == FREE
    assert allowed(lambda: strangers.attempt("piet", NOW + timedelta(minutes=15))) == 1
    assert allowed(lambda: strangers.attempt("piet", NOW + timedelta(minutes=44))) == 0
    assert allowed(lambda: strangers.attempt("klaas", NOW)) == FREE


def test_a_name_of_any_length_takes_as_little_room() -> None:
    strangers = Strangers()
    tracemalloc.start()
    try:
        for letter in "abcdefgh":
            strangers.attempt(letter * (1 << 20), NOW)
        assert tracemalloc.get_traced_memory()[0] < 1 << 20
    finally:
        tracemalloc.stop()


def test_an_address_is_let_in_again_after_a_while() -> None:
    peers = Peers(most=3)
    assert allowed(lambda: peers.attempt("192.0.2.1", NOW)) == 3
    assert allowed(lambda: peers.attempt("192.0.2.1", NOW + Peers.term - timedelta(seconds=1))) == 0
    assert allowed(lambda: peers.attempt("192.0.2.1", NOW + Peers.term)) == 3
    assert allowed(lambda: peers.attempt("192.0.2.2", NOW)) == 3


def test_what_was_right_does_not_count() -> None:
    peers = Peers(most=3)

    def right() -> None:
        peers.attempt("192.0.2.1", NOW)
        peers.forgive("192.0.2.1")

    assert allowed(right, 50) == 50
    peers.forgive("192.0.2.9")
    assert allowed(lambda: peers.attempt("192.0.2.1", NOW)) == 3


def test_a_network_of_version_6_is_one_peer_and_a_mapped_address_is_its_own() -> None:
    peers = Peers(most=4)
    addresses = iter([f"2001:db8::{number}" for number in range(1, 99)])
    assert allowed(lambda: peers.attempt(next(addresses), NOW)) == 4
    assert allowed(lambda: peers.attempt("2001:db8:0:1::1", NOW)) == 4
    mapped = iter([f"::ffff:192.0.2.{number}" for number in range(1, 99)])
    assert allowed(lambda: peers.attempt(next(mapped), NOW), 90) == 90


def test_tables_are_bounded_and_the_oldest_goes_first() -> None:
    peers, strangers = Peers(most=1, size=3), Strangers(size=3)
    for number in range(1, 5):
        peers.attempt(f"192.0.2.{number}", NOW)
        allowed(lambda number=number: strangers.attempt(f"piet{number}", NOW))  # type: ignore[misc]
    assert allowed(lambda: peers.attempt("192.0.2.4", NOW)) == 0
    assert allowed(lambda: peers.attempt("192.0.2.1", NOW)) == 1
    assert allowed(lambda: strangers.attempt("piet4", NOW)) == 0
    assert allowed(lambda: strangers.attempt("piet1", NOW)) == FREE
