# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Moments are written one way."""

from datetime import UTC, datetime, timedelta, timezone

from app.domain.clock import SystemClock, timestamp


def test_a_timestamp_is_rfc_3339_in_utc_with_milliseconds() -> None:
    amsterdam = timezone(timedelta(hours=1))
    assert timestamp(datetime(2026, 11, 23, 18, 5, 9, 123456, amsterdam)) == "2026-11-23T17:05:09.123Z"


def test_the_machines_clock_knows_its_zone_and_does_not_stand_still() -> None:
    clock = SystemClock()
    first = clock.now()
    assert first.tzinfo is UTC
    assert clock.now() >= first
