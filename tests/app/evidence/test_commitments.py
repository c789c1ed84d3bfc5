# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from hypothesis import given
from hypothesis import strategies as st

from app.evidence.commitments import commit, keyed

PARTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=5)


def test_the_commitment_of_a_known_text() -> None:
    """Worked out with OpenSSL: HMAC-SHA-256 of two parts, each after its length in eight bytes."""
    assert commit(bytes(32), "ab", "c") == "57cb2a935abcbdc6835412cfbedba101a4eda4ae3439c2d1921ecfb9dd9aa37d"


@given(PARTS, PARTS)
def test_other_parts_give_another_commitment(first: list[str], second: list[str]) -> None:
    assert (commit(b"salt", *first) == commit(b"salt", *second)) == (first == second)


def test_text_and_its_bytes_are_the_same_part() -> None:
    assert commit(b"salt", "één") == commit(b"salt", "één".encode())


def test_another_salt_gives_another_commitment() -> None:
    assert commit(b"salt", "text") != commit(b"tlas", "text")


def test_a_pseudonym_is_found_again_in_its_own_field_only() -> None:
    assert keyed(b"key", "actor", "p-1") == keyed(b"key", "actor", "p-1")
    assert keyed(b"key", "actor", "p-1") != keyed(b"key", "data_subject", "p-1")
    assert keyed(b"key", "actor", "p-1") != keyed(b"other", "actor", "p-1")
