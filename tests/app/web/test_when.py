# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Moments in words, on the clock of the Netherlands."""

from datetime import UTC, datetime, timedelta

import pytest

from app.web.when import moment, term

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("then", "nl", "en"),
    [
        (datetime(2026, 11, 23, 13, 5, tzinfo=UTC), "vandaag, 14:05", "today, 14:05"),
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), "gisteren, 23:59", "yesterday, 23:59"),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), "vandaag, 00:00", "today, 00:00"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "morgen, 10:00", "tomorrow, 10:00"),
        (datetime(2026, 6, 1, 8, 0, tzinfo=UTC), "1 juni, 10:00", "1 June, 10:00"),
        (datetime(2025, 6, 1, 8, 0, tzinfo=UTC), "1 juni 2025", "1 June 2025"),
    ],
)
def test_a_moment_is_said_as_people_say_it(then: datetime, nl: str, en: str) -> None:
    words = moment(then, NOW).words
    assert (words.nl, words.en) == (nl, en)


def test_the_turn_of_the_year_is_still_tomorrow() -> None:
    eve = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)
    assert moment(eve + timedelta(days=1), eve).words.nl == "morgen, 10:00"


def test_machines_and_curious_people_get_the_whole_of_it() -> None:
    told = moment(datetime(2026, 7, 1, 12, 0, 7, tzinfo=UTC), NOW)
    assert (told.exact, told.clock, told.full.nl) == ("2026-07-01T12:00:07+00:00", "14:00", "1 juli 2026, 14:00:07")


@pytest.mark.parametrize(
    ("left", "nl", "en", "urgency"),
    [
        (timedelta(seconds=-5), "nog 0 minuten", "0 minutes left", "urgent"),
        (timedelta(seconds=119), "nog 1 minuut", "1 minute left", "urgent"),
        (timedelta(minutes=59), "nog 59 minuten", "59 minutes left", "urgent"),
        (timedelta(minutes=60), "nog 1 uur", "1 hour left", "urgent"),
        (timedelta(hours=24), "nog 24 uur", "24 hours left", "soon"),
        (timedelta(hours=71, minutes=59), "nog 2 dagen", "2 days left", "soon"),
        (timedelta(days=3), "nog 3 dagen", "3 days left", "calm"),
    ],
)
def test_a_term_is_rounded_down(left: timedelta, nl: str, en: str, urgency: str) -> None:
    told = term(NOW + left, NOW)
    assert (told.words.nl, told.words.en, told.urgency) == (nl, en, urgency)
