# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Mapping

import pytest

from app.domain.json import Json
from app.domain.record import Record, RecordType
from app.evidence.explain import explain, records_of
from tests.memory_log import BEGIN, ORGANISATION, MemoryLog, story


def test_the_records_of_one_call_are_found_among_the_others() -> None:
    log = MemoryLog(story(20))
    exchange = list(story(20))[12].exchange
    assert exchange is not None
    found = list(records_of(log, ORGANISATION, exchange))
    assert [(index, record.type) for index, record in found] == [
        (12, RecordType.EXCHANGE_OPENED),
        (13, RecordType.EXCHANGE_DELIVERED),
    ]


def test_a_call_that_is_only_mentioned_is_not_found() -> None:
    named = Record(RecordType.KEY_CREATED, "rec_1", BEGIN, ORGANISATION, body={"label": '"exchange":"exc_1"'})
    assert list(records_of(MemoryLog([named]), ORGANISATION, "exc_1")) == []


def test_a_record_is_told_with_the_meaning_of_every_field_that_says_something() -> None:
    body: Mapping[str, Json] = {
        "choices": 1,
        "stream": True,
        "obligations": ["Envelope", "Keep"],
        "shadow": [],
        "context": {"actor": "ab"},
    }
    record = Record(RecordType.EXCHANGE_OPENED, "rec_1", BEGIN, ORGANISATION, "exc_1", body=body)
    assert explain(7, record) == [
        "Entry 7 · 2026-11-23T09:00:00.000Z · exchange:opened",
        "  Policy permitted the call; from this moment the prompt could go out.",
        "  choices: 1  (how many answers were asked for)",
        "  stream: yes  (whether the answer is streamed)",
        "  obligations: Envelope, Keep  (what must be done along the way)",
        "  context: actor ab  (keyed commitments to actor, case, data subject, conversation and work item)",
    ]


@pytest.mark.parametrize("kind", RecordType)
def test_every_type_is_told_in_a_sentence(kind: RecordType) -> None:
    assert explain(0, Record(kind, "rec_1", BEGIN, ORGANISATION))[1].endswith(".")
