# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.storage.moments import milliseconds, milliseconds_or_none, moment, moment_or_none


@pytest.mark.parametrize(
    ("when", "value"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(2026, 11, 23, 17, 5, 9, 123_000, UTC), 1_795_453_509_123),
        (datetime(2026, 11, 23, 18, 5, 9, 123_000, timezone(timedelta(hours=1))), 1_795_453_509_123),
        (datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC), 253_402_300_799_999),
    ],
)
def test_a_moment_is_its_milliseconds(when: datetime, value: int) -> None:
    assert milliseconds(when) == milliseconds_or_none(when) == value
    assert moment(value) == moment_or_none(value) == when
    assert moment(value).tzinfo is UTC


def test_what_is_below_a_millisecond_is_left_off() -> None:
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 0, 1999, UTC)) == 1


def test_what_never_came_has_no_moment() -> None:
    assert milliseconds_or_none(None) is None
    assert moment_or_none(None) is None
