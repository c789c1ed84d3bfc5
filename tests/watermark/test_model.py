# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ids
from watermark.model import Check, Finding, Kind, Mark, Report, Version, read_code, spell_code

BITS = st.integers(0, (1 << 60) - 1)


@given(BITS)
def test_a_code_is_read_as_it_was_spelled(bits: int) -> None:
    assert read_code(spell_code(bits)) == bits


@given(BITS)
def test_a_code_is_the_same_in_the_whole_house(bits: int) -> None:
    assert ids.read_code(spell_code(bits)) == spell_code(bits)


@pytest.mark.parametrize("entry", ["k7q2 9fxm 3tbw", "K7Q29FXM3TBW", " k7q2-9fxm-3tbw"])
def test_a_code_may_be_typed_in_any_way(entry: str) -> None:
    assert read_code(entry) == read_code("K7Q2-9FXM-3TBW")


def test_letters_that_look_like_a_digit_are_read_as_that_digit() -> None:
    assert read_code("OIL0-oil0-0000") == read_code("0110-0110-0000")


@pytest.mark.parametrize(
    "entry", ["", "K7Q2", "K7Q2-9FXM-3TBWX", "U7Q2-9FXM-3TBW", "K7Q2-9FXM-3TB\u0661", "\u01317Q2-9FXM-3TBW"]
)
def test_anything_else_is_no_code(entry: str) -> None:
    assert read_code(entry) is None
    with pytest.raises(ValueError, match="is no code"):
        Mark.of_code(entry)


@given(BITS, st.sampled_from(Version))
def test_a_mark_is_eight_bytes_and_back(bits: int, version: Version) -> None:
    mark = Mark(bits, version)
    assert len(mark.to_bytes()) == 8
    assert mark.to_bytes()[0] >> 4 == version
    assert Mark.from_bytes(mark.to_bytes()) == mark


@pytest.mark.parametrize("version", set(range(16)) - set(Version))
def test_another_version_is_no_mark_of_ours(version: int) -> None:
    assert Mark.from_bytes(bytes([version << 4, *range(7)])) is None


@pytest.mark.parametrize("bits", [-1, 1 << 60])
def test_what_is_no_60_bits_is_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="60 bits"):
        Mark(bits)
    with pytest.raises(ValueError, match="60 bits"):
        spell_code(bits)


def test_a_report_names_each_valid_code_once() -> None:
    report = Report(
        (
            Finding(Kind.SENTENCE_ID, 1, 11, Check.VALID, "AAAA-AAAA-AAAA"),
            Finding(Kind.SENTENCE_ID, 21, 31, Check.FAILED, "BBBB-BBBB-BBBB"),
            Finding(Kind.CODE_LINE, 41, 51, Check.VALID, "CCCC-CCCC-CCCC"),
            Finding(Kind.CODE_LINE, 61, 71, Check.VALID, "AAAA-AAAA-AAAA"),
        )
    )
    assert report.codes == ["AAAA-AAAA-AAAA", "CCCC-CCCC-CCCC"]
    assert [found.start for found in report.of(Kind.SENTENCE_ID)] == [1, 21]
    assert [found.start for found in report.of(Kind.SENTENCE_ID, Check.FAILED)] == [21]
