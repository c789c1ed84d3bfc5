# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Editions are compared in words, and nothing of either is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.web.diff import Change, Kind, compare

WORDS = some.text(alphabet="ab \n\t.é\u200b", max_size=60)


@given(before=WORDS, after=WORDS)
def test_the_parts_make_up_both_texts(before: str, after: str) -> None:
    changes = compare(before, after)
    assert "".join(change.text for change in changes if change.kind is not Kind.ADDED) == before
    assert "".join(change.text for change in changes if change.kind is not Kind.REMOVED) == after
    assert all(change.text for change in changes)


@given(text=WORDS)
def test_the_same_text_has_no_changes(text: str) -> None:
    assert {change.kind for change in compare(text, text)} <= {Kind.SAME}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "Neem uw paspoort mee.",
            "Neem uw rijbewijs mee.",
            [
                Change(Kind.SAME, "Neem uw "),
                Change(Kind.REMOVED, "paspoort"),
                Change(Kind.ADDED, "rijbewijs"),
                Change(Kind.SAME, " mee."),
            ],
        ),
        ("Een.\nTwee.\n", "Een.\n", [Change(Kind.SAME, "Een.\n"), Change(Kind.REMOVED, "Twee.\n")]),
        ("", "Nieuw", [Change(Kind.ADDED, "Nieuw")]),
    ],
)
def test_changes_are_told_in_words(before: str, after: str, expected: list[Change]) -> None:
    assert compare(before, after) == expected


@pytest.mark.parametrize(("before", "after"), [("a b " * 1000, "b b a a " * 500), ("a\nb\n" * 1000, "b\na\nc\n" * 900)])
def test_texts_that_are_slow_to_compare_are_compared_as_a_whole(before: str, after: str) -> None:
    assert len(compare(before, after)) <= 3


def test_a_report_of_many_paragraphs_is_still_compared_in_words() -> None:
    paragraphs = [f"Alinea {number} gaat over het paspoort van de gemeente. " * 5 for number in range(400)]
    changed = [
        text.replace("paspoort", "rijbewijs", 1) if number % 40 == 0 else text for number, text in enumerate(paragraphs)
    ]
    changes = compare("\n\n".join(paragraphs), "\n\n".join(changed))
    assert [each.text for each in changes if each.kind is Kind.ADDED] == ["rijbewijs"] * 10


def test_two_long_texts_without_a_line_in_common_are_compared_as_a_whole() -> None:
    before, after = " ".join(f"a{number}" for number in range(3000)), " ".join(f"b{number}" for number in range(3000))
    assert [change.kind for change in compare(before, after)] == [Kind.REMOVED, Kind.ADDED]
