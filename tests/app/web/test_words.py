# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every word that a page says is there, in two languages, and none is there for nothing."""

import re
import string
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.domain.decision import Profile
from app.domain.review import REASONS, HoldState, Role
from app.web.words import WORDS

WEB = Path(__file__).parents[3] / "app" / "web"
SOURCES = "\n".join(path.read_text() for path in [*WEB.rglob("*.html"), *WEB.glob("*.py")] if path.name != "words.py")
BEGUN = tuple(set(re.findall(r'"([a-z_]+\.[a-z_]*)" ~', SOURCES)))
"""Words whose end a page fills in."""
SAID = set(re.findall(r'(?:say\(|WORDS\[)"([a-z_.]+)"[,)\]]', SOURCES))


def test_every_word_that_is_said_is_there() -> None:
    assert SAID - set(WORDS) == set()


@pytest.mark.parametrize(
    ("begin", "ends"), [("state", HoldState), ("profile", Profile), ("role", Role), ("reason", REASONS)]
)
def test_every_word_whose_end_is_filled_in_is_there(begin: str, ends: Iterable[str]) -> None:
    assert {f"{begin}.{end}" for end in ends} <= set(WORDS)


def test_no_word_is_there_for_nothing() -> None:
    unused = {name for name in WORDS if name not in SAID and f'"{name}"' not in SOURCES and not name.startswith(BEGUN)}
    assert unused == set()


@pytest.mark.parametrize("name", sorted(WORDS))
def test_both_languages_leave_the_same_places_open(name: str) -> None:
    text = WORDS[name]
    assert text.nl
    assert text.en
    places = [{place for _, place, _, _ in string.Formatter().parse(each) if place} for each in (text.nl, text.en)]
    assert places[0] == places[1]
