# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ids sort by time and codes survive a citizen's typing."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.ids import new_code, new_id, read_code
from watermark.model import CROCKFORD

MOMENTS = st.integers(946684800_000, 4102444800_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))


@given(MOMENTS)
def test_an_id_is_a_version_7_uuid_behind_its_prefix(moment: datetime) -> None:
    prefix, _, text = new_id("exc", moment).partition("_")
    value = uuid.UUID(text)
    assert (prefix, value.version, value.variant) == ("exc", 7, uuid.RFC_4122)
    assert value.int >> 80 == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(MOMENTS)
@example(datetime(2004, 5, 19, 8, 35, 12, 234000, tzinfo=UTC))
def test_ids_sort_by_time(moment: datetime) -> None:
    assert new_id("exc", moment) < new_id("exc", moment + timedelta(milliseconds=1))


def test_ids_of_one_moment_differ() -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    assert len({new_id("exc", moment) for _ in range(1000)}) == 1000


def test_a_code_has_sixty_bits_in_three_groups() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(re.fullmatch(rf"[{CROCKFORD}]{{4}}(-[{CROCKFORD}]{{4}}){{2}}", code) for code in codes)
    assert {letter for code in codes for letter in code} == {*CROCKFORD, "-"}


@given(st.data())
def test_a_code_is_read_however_it_was_typed(data: st.DataObject) -> None:
    code = new_code()
    typed = code.lower().replace("-", data.draw(st.sampled_from(["", " ", "-"])))
    typed = typed.replace("0", data.draw(st.sampled_from("0oO"))).replace("1", data.draw(st.sampled_from("1iIlL")))
    assert read_code(typed) == code


def test_what_is_no_code_is_none() -> None:
    assert [read_code(entry) for entry in ("", "K7Q2-9FXM", "K7Q2-9FXM-3TBU", "K7Q2-9FXM-3TBWX")] == [None] * 4


@pytest.mark.parametrize("entry", ["\u013100000000000", "\u017f00000000000", "\ufb0000-0000-000", "\uff2b00000000000"])
def test_a_letter_of_another_alphabet_is_not_read_as_one_of_ours(entry: str) -> None:
    assert read_code(entry) is None
