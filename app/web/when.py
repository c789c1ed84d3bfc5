# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Moments in words, as people here say them: on the clock of the Netherlands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.text import LocalText

_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_URGENT: Final = timedelta(days=1)
_SOON: Final = timedelta(days=3)
_MONTHS: Final = (
    LocalText(nl="januari", en="January"),
    LocalText(nl="februari", en="February"),
    LocalText(nl="maart", en="March"),
    LocalText(nl="april", en="April"),
    LocalText(nl="mei", en="May"),
    LocalText(nl="juni", en="June"),
    LocalText(nl="juli", en="July"),
    LocalText(nl="augustus", en="August"),
    LocalText(nl="september", en="September"),
    LocalText(nl="oktober", en="October"),
    LocalText(nl="november", en="November"),
    LocalText(nl="december", en="December"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment: for people, for machines, and in full."""

    words: LocalText
    """`vandaag, 14:05`."""
    exact: str
    """RFC 3339, for `datetime`."""
    clock: str
    """`14:05`."""
    full: LocalText
    """`23 november 2026, 14:05:09`."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long there is still."""

    words: LocalText
    urgency: str
    """`urgent` (less than a day), `soon` (less than three) or `calm`."""
    until: Moment


def moment(then: datetime, now: datetime) -> Moment:
    """Both in UTC."""
    local = then.astimezone(_ZONE)
    days = (local.date() - now.astimezone(_ZONE).date()).days
    clock = f"{local:%H:%M}"
    month, date = _MONTHS[local.month - 1], on_day(local.date())
    near = {-1: ("gisteren", "yesterday"), 0: ("vandaag", "today"), 1: ("morgen", "tomorrow")}
    nl, en = near.get(days, (f"{local.day} {month.nl}", f"{local.day} {month.en}"))
    words = LocalText(nl=f"{nl}, {clock}", en=f"{en}, {clock}")
    if local.year != now.astimezone(_ZONE).year and days not in near:
        words = date
    full = LocalText(nl=f"{date.nl}, {local:%H:%M:%S}", en=f"{date.en}, {local:%H:%M:%S}")
    return Moment(words, then.isoformat(), clock, full)


def on_day(day: date) -> LocalText:
    """`23 november 2026`."""
    month = _MONTHS[day.month - 1]
    return LocalText(nl=f"{day.day} {month.nl} {day.year}", en=f"{day.day} {month.en} {day.year}")


def term(until: datetime, now: datetime) -> Term:
    """What is left, rounded down: nobody should think there is more."""
    left = max(until - now, timedelta(0))
    urgency = "urgent" if left < _URGENT else "soon" if left < _SOON else "calm"
    return Term(_left(left), urgency, moment(until, now))


def _left(left: timedelta) -> LocalText:
    minutes = int(left.total_seconds()) // 60
    if minutes < 60:
        one = minutes == 1
        return LocalText(nl=f"nog {minutes} {'minuut' if one else 'minuten'}",
                         en=f"{minutes} {'minute' if one else 'minutes'} left")  # fmt: skip
    if minutes < 48 * 60:
        hours = minutes // 60
        return LocalText(nl=f"nog {hours} uur", en=f"{hours} {'hour' if hours == 1 else 'hours'} left")
    days = minutes // (24 * 60)
    return LocalText(nl=f"nog {days} dagen", en=f"{days} days left")
