# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import EvidenceUnavailable
from app.domain.json import Json
from app.domain.record import Record, RecordType
from app.evidence.catalogue import FIELDS
from app.evidence.reading import read_record
from app.evidence.record import LONGEST, decode, encode

MOMENT = datetime(2026, 11, 23, 17, 5, 9, 123000, tzinfo=UTC)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NAMES = st.text(st.characters(max_codepoint=127), max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(RecordType))
    names = draw(st.lists(st.sampled_from(sorted(FIELDS[kind])), unique=True))
    return Record(
        type=kind,
        id=draw(TEXTS),
        moment=EPOCH + timedelta(milliseconds=draw(st.integers(0, 2**41))),
        organisation=draw(TEXTS),
        exchange=draw(st.none() | TEXTS),
        previous=draw(st.none() | TEXTS),
        body={name: draw(TREES) for name in names},
    )


def record(**body: Json) -> Record:
    return Record(RecordType.EXCHANGE_OPENED, "rec_1", MOMENT, "gemeente", "exc_1", body=body)


@given(records())
def test_bytes_are_those_of_rfc_8785(made: Record) -> None:
    data = encode(made)
    assert rfc8785.dumps(json.loads(data)) == data


@given(records())
def test_what_is_encoded_is_read_back_by_both_readers(made: Record) -> None:
    data = encode(made)
    assert encode(decode(data)) == data
    assert decode(data) == made
    assert read_record(data, made.organisation, made.id)["type"] == made.type


def test_a_record_as_it_stands_in_the_log() -> None:
    assert encode(record(task="antwoord", choices=1)) == (
        b'{"choices":1,"exchange":"exc_1","id":"rec_1","org":"gemeente","task":"antwoord",'
        b'"ts":"2026-11-23T17:05:09.123Z","type":"exchange:opened","v":1}'
    )


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        2**53,
        -(2**53),
        {"é": 1},
        {1: 1},
        "\ud800",
        b"bytes",
        MOMENT,
        Path(),
        {"a": [1.0]},
        "x" * LONGEST,
    ],
    ids=repr,
)
def test_what_has_no_place_in_a_record_is_refused(value: Json) -> None:
    with pytest.raises(EvidenceUnavailable, match="cannot be recorded"):
        encode(record(task=value))


def test_what_is_too_deep_is_refused() -> None:
    deep: Json = 1
    for _ in range(2000):
        deep = [deep]
    with pytest.raises(EvidenceUnavailable, match="not that deep"):
        encode(record(task=deep))


def test_a_field_that_is_not_in_the_table_is_refused_and_its_value_not_told() -> None:
    with pytest.raises(EvidenceUnavailable, match=r"has no field 'prompt_text'") as caught:
        encode(record(prompt_text="a secret question"))
    assert "secret" not in str(caught.value)


@given(records(), st.data())
def test_no_other_spelling_of_a_record_is_accepted(made: Record, data: st.DataObject) -> None:
    good = encode(made)
    tree = orjson.loads(good)
    for other in (
        json.dumps(tree).encode(),
        json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode(),
        good + b" ",
        b"\xef\xbb\xbf" + good,
        good[:-1] + b',"v":1}',
        good.decode().encode("utf-16"),
    ):
        if other != good:
            with pytest.raises(ValueError):  # noqa: PT011
                decode(other)
            with pytest.raises(ValueError):  # noqa: PT011
                read_record(other, made.organisation)


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | TREES.map(lambda tree: json.dumps(tree).encode())
)
def test_bytes_of_any_kind_are_refused_without_a_crash(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode(data)
    with pytest.raises(ValueError):  # noqa: PT011
        read_record(data, "gemeente")


@given(records(), st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_is_another_record_or_none(made: Record, place: int, bit: int) -> None:
    data = bytearray(encode(made))
    data[place % len(data)] ^= 1 << bit
    for read in (decode, lambda flipped: read_record(flipped, made.organisation)):
        try:
            read(bytes(data))
        except ValueError:
            continue
        assert rfc8785.dumps(json.loads(bytes(data))) == bytes(data)


@pytest.mark.parametrize("nested", [b"[" * 8000, b'{"a":' * 1600, b"[" * 900 + b"]" * 900])
def test_deep_nesting_is_refused_without_a_crash(nested: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode(nested)
    with pytest.raises(ValueError):  # noqa: PT011
        read_record(nested, "gemeente")
