# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import re
import string
from pathlib import Path

import pytest

from app.domain.decision import Profile
from app.domain.text import LocalText
from app.evidence.verification import Comparison
from app.web import verify, verify_view
from app.web.verify_words import VERIFY
from watermark.manifest import ManifestState

_FILES = [
    *(Path(str(module.__file__)) for module in (verify, verify_view)),
    *(Path(str(verify.__file__)).parent / "templates").glob("verify*.html"),
]


@pytest.mark.parametrize("name", VERIFY)
def test_both_languages_say_it_with_the_same_places(name: str) -> None:
    text = VERIFY[name]
    assert text.nl
    assert text.en
    assert text.nl != text.en or name == "verify.code"
    assert places(text.nl) == places(text.en)


def test_every_word_that_is_asked_for_is_there() -> None:
    asked = {name for file in _FILES for name in re.findall(r'(?:words|VERIFY)\["([\w.-]+)"\]', file.read_text())}
    assert len(asked) > 30
    assert asked <= VERIFY.keys()


def test_every_word_that_is_put_together_is_there() -> None:
    made = [f"kind.{profile}" for profile in Profile] + [f"manifest.{state}" for state in ManifestState]
    made += [f"compare.{each}" for each in Comparison if each is not Comparison.OTHER_CODE]
    assert set(made) <= VERIFY.keys()


@pytest.mark.parametrize("name", [name for name in VERIFY if name.startswith(("said.", "compare.", "step."))])
def test_sentences_are_short_enough_for_everybody(name: str) -> None:
    """B1: no sentence of more than twenty-five words, and no words of the trade."""
    for sentence in re.split(r"(?<=[.!?:])\s", VERIFY[name].nl):
        assert len(sentence.split()) <= 25, sentence
    assert not re.search(r"\b(?:hash|token|metadata|watermerk|authenticit\w+)\b", VERIFY[name].nl, re.IGNORECASE)


def test_a_text_fills_its_places() -> None:
    assert VERIFY["said.unknown"].format(code="X") == LocalText(
        nl="Wij kennen geen tekst met de code X.", en="We know of no text with the code X."
    )


def places(text: str) -> set[str]:
    return {str(name) for _, name, _, _ in string.Formatter().parse(text) if name is not None}
