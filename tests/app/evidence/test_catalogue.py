# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from app.domain.record import RecordType
from app.evidence.catalogue import CLOSING, ENVELOPE, FIELDS, OPENING


def test_every_type_has_its_fields_and_none_hides_the_envelope() -> None:
    assert set(FIELDS) == set(RecordType)
    for kind, fields in FIELDS.items():
        assert fields, kind
        assert not fields.keys() & ENVELOPE.keys(), kind


def test_every_field_is_ascii_and_says_what_it_is() -> None:
    for fields in (ENVELOPE, *FIELDS.values()):
        for name, meaning in fields.items():
            assert name.isascii()
            assert name.islower()
            assert len(meaning) > 10, name


def test_a_field_means_the_same_wherever_it_stands() -> None:
    meanings: dict[str, set[str]] = {}
    for kind, fields in FIELDS.items():
        for name, meaning in fields.items():
            meanings.setdefault(f"{kind.partition(':')[0]}.{name}", set()).add(meaning)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_an_exchange_opens_once_and_closes_in_one_of_three_ways() -> None:
    assert OPENING not in CLOSING
    assert {kind for kind in RecordType if kind.startswith("exchange:")} == {
        OPENING,
        RecordType.EXCHANGE_REFUSED,
        *CLOSING,
    }
