# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, datetime

import pytest

from app.domain.record import Record, RecordType
from app.evidence.reading import read_record
from app.evidence.record import encode

GOOD = encode(
    Record(RecordType.POLICY_LOADED, "rec_1", datetime(2026, 11, 23, tzinfo=UTC), "gemeente", body={"policy": "0"})
)


def test_a_record_is_read() -> None:
    assert read_record(GOOD, "gemeente", "rec_1") == {
        "id": "rec_1",
        "org": "gemeente",
        "policy": "0",
        "ts": "2026-11-23T00:00:00.000Z",
        "type": "policy:loaded",
        "v": 1,
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ((b'"v":1', b'"v":2'), "a kind that does not exist"),
        ((b"policy:loaded", b"policy:loafed"), "a kind that does not exist"),
        ((b'"policy":"0"', b'"prompt":"0"'), "has no field 'prompt'"),
        ((b'"policy":"0"', b'"policy":0.5'), "not a record"),
        ((b'"policy":"0"', b'"policy":9007199254740992'), "not a record"),
        ((b'"policy":"0"', b'"policy":NaN'), "not a record"),
        ((b'"policy":"0"', b'"policy":"0","policy":"0"'), "not a record"),
        ((b'"policy":"0"', b'"policy": "0"'), "not in canonical form"),
        ((b'"policy":"0"', b'"policy":"\\u0030"'), "not in canonical form"),
        ((b'"id":"rec_1"', b'"id":1'), "missing or misspelt"),
        ((b'"id":"rec_1",', b""), "missing or misspelt"),
        ((b".000Z", b"+01:00"), "missing or misspelt"),
        ((b"gemeente", b"provincie"), "another organisation"),
        ((b"rec_1", b"rec_2"), "the id of another record"),
        ((b'"0"', b'"' + b"0" * 33000 + b'"'), "longer than 32768 bytes"),
    ],
)
def test_what_is_wrong_is_said(change: tuple[bytes, bytes], why: str) -> None:
    altered = GOOD.replace(*change)
    assert altered != GOOD
    with pytest.raises(ValueError, match=why):
        read_record(altered, "gemeente", "rec_1")
