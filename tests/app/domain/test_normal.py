# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A text of nothing but marks is put in order in pieces; every other text as Unicode says."""

import unicodedata
from itertools import groupby
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.normal import MOST_MARKS, canonical_name, normalized


@given(text=some.text(max_size=MOST_MARKS))
def test_a_text_of_few_marks_has_the_normal_form_of_unicode(text: str) -> None:
    assert normalized("NFC", text) == unicodedata.normalize("NFC", text)
    assert normalized("NFKC", text) == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
@pytest.mark.parametrize(
    "marks",
    [
        pytest.param("\u0301\u0316", id="above and below"),
        pytest.param("\u0f71\u0f73", id="a letter that is two marks"),
        pytest.param("\uff9e\u0316", id="a letter that is compatible with a mark"),
        pytest.param("\U0001d165\U0001d16d", id="of music"),
    ],
)
def test_marks_without_end_are_put_in_order_a_few_at_a_time(form: Literal["NFC", "NFKC"], marks: str) -> None:
    text = "".join(f"{letter}{marks * 1000}" for letter in "aд漢\U0001f600 ")
    made = unicodedata.normalize("NFKD", normalized(form, text))
    runs = [len(list(run)) for combines, run in groupby(made, lambda each: unicodedata.combining(each) > 0) if combines]
    assert max(runs) <= 2 * MOST_MARKS


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("p-4711", "p-4711"),
        ("P-4711", "p-4711"),
        ("  Anna\t de  Vries ", "anna de vries"),
        ("\uff30\uff0d4711", "p-4711"),
        ("Jos\u00e9", "jos\u00e9"),
        ("Jose\u0301", "jos\u00e9"),
        ("GRO\u00df", "gross"),
        ("an\u200bna\u00ad", "anna"),
    ],
)
def test_names_are_compared_in_one_spelling(written: str, canonical: str) -> None:
    assert canonical_name(written) == canonical


@given(name=some.text(max_size=40))
def test_the_one_spelling_has_one_spelling(name: str) -> None:
    once = canonical_name(name)
    assert canonical_name(once) == once


@pytest.mark.parametrize("different", ["p4711", "p-471", "p_4711", "p- 4711"])
def test_other_names_stay_other_names(different: str) -> None:
    assert canonical_name(different) != canonical_name("p-4711")
