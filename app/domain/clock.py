# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Time as a port: rules about dates are tested by choosing the date, never by waiting for it."""

import time
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

_CIVIL = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Where the house reads the time."""

    def now(self) -> datetime:
        """The wall clock, in UTC. It dates things; it never orders them and never measures a duration."""
        ...


class SystemClock:
    """The machine's clock: the only place that reads it."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC)


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: `2026-11-23T17:05:09.123Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def civil_day(moment: datetime) -> date:
    """The day it is then in the European Netherlands: what a text is dated by, and an output is found under."""
    return moment.astimezone(_CIVIL).date()
