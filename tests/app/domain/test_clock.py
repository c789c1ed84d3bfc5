# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Moments are written one way."""

from datetime import UTC, date, datetime, timedelta, timezone

from app.domain.clock import SystemClock, civil_day, timestamp


def test_a_timestamp_is_rfc_3339_in_utc_with_milliseconds() -> None:
    amsterdam = timezone(timedelta(hours=1))
    assert timestamp(datetime(2026, 11, 23, 18, 5, 9, 123456, amsterdam)) == "2026-11-23T17:05:09.123Z"


def test_the_machines_clock_knows_its_zone_and_does_not_stand_still() -> None:
    clock = SystemClock()
    first = clock.now()
    assert first.tzinfo is UTC
    assert clock.now() >= first


def test_a_day_is_that_of_the_netherlands_in_winter_and_in_summer() -> None:
    assert civil_day(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert civil_day(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)) == date(2026, 11, 22)
    assert civil_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
