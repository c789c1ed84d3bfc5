# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Moments as rows have them: integer milliseconds since 1970 in UTC."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(0, UTC)


def milliseconds(moment: datetime) -> int:
    """Since 1970 in UTC; what is below a millisecond is left off."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moment(value: int) -> datetime:
    """The other way."""
    return _EPOCH + timedelta(milliseconds=value)


def milliseconds_or_none(moment: datetime | None) -> int | None:
    """Of a moment that may not have come."""
    return None if moment is None else milliseconds(moment)


def moment_or_none(value: int | None) -> datetime | None:
    """The other way."""
    return None if value is None else moment(value)
