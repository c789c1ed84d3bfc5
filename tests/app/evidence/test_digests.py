# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A published text is found again, also where a copy lost its marks or its layout, and by nobody without the key."""

import unicodedata
from functools import partial

from app.evidence.digests import digests_of, normal_form
from watermark.label import OwnLines, closing, opening
from watermark.model import Disclosure, Mark
from watermark.stream import mark, unmark
from watermark.text import insertion

KEY = b"k" * 32
CODE = "K7Q2-9FXM-3TBW"
ORIGIN = "https://waarmerk.example"
LINES = Disclosure("nl", "Gemaakt met AI. Gecontroleerd op {date}.", "Gemaakt met AI · code {code} · {url}")
TEXT = "Het café in de straat is open. U kunt er een paspoort aanvragen."
OWN = partial(unmark, lines=OwnLines([LINES], ORIGIN))


def published(text: str = TEXT) -> str:
    return mark(
        text, opening(LINES, date="23 november 2026"), closing(LINES, CODE, ORIGIN), insertion(Mark.of_code(CODE))
    )


def test_each_form_has_a_digest_of_its_own() -> None:
    digests = digests_of(KEY, published(), OWN)
    assert len(set(digests)) == 3
    assert all(len(digest) == 64 for digest in digests)


def test_the_same_letters_in_another_unicode_form_are_the_same_text() -> None:
    assert digests_of(KEY, unicodedata.normalize("NFD", published()), OWN) == digests_of(KEY, published(), OWN)


def test_accents_without_end_on_one_letter_are_not_all_put_in_order() -> None:
    """That takes the square of their number, and whoever asks verify may send half a million."""
    above, below = "\u0301" * 20, "\u0316" * 20
    assert not set(digests_of(KEY, f"a{above}{below}", OWN)) & set(digests_of(KEY, f"a{below}{above}", OWN))


def test_a_text_without_its_marks_is_found_by_two_digests() -> None:
    exact, normal, unmarked = digests_of(KEY, published(), OWN)
    bare = digests_of(KEY, TEXT, OWN)
    assert bare[1:] == (normal, unmarked)
    assert bare[0] != exact


def test_a_text_with_another_layout_is_found_by_its_normal_form() -> None:
    changed = "  HET café in de\r\nstraat\u00a0is open. U kunt er een pas\u00adpoort aanvragen.\n"
    assert digests_of(KEY, changed, OWN)[1] == digests_of(KEY, published(), OWN)[1]
    assert digests_of(KEY, changed, OWN)[2] != digests_of(KEY, published(), OWN)[2]


def test_another_word_is_another_text() -> None:
    assert not set(digests_of(KEY, published(), OWN)) & set(digests_of(KEY, published(TEXT + " Nee."), OWN))


def test_another_key_gives_other_digests() -> None:
    assert not set(digests_of(KEY, TEXT, OWN)) & set(digests_of(b"x" * 32, TEXT, OWN))


def test_a_damaged_mark_is_no_part_of_the_normal_form() -> None:
    assert normal_form("Ja\ufe01\ufe02. Nee.") == "ja. nee."
