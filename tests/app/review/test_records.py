# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each act has its record, each record follows the one before it, and the log takes all of them."""

from dataclasses import replace

import pytest

from app.domain.record import RecordType
from app.domain.review import Act, HoldState
from app.evidence.catalogue import ABOUT_A_HOLD
from app.evidence.record import decode, encode
from app.review import records
from tests.app.review.holds import HOLD, NOW

WITHOUT_AN_ACT = {RecordType.HOLD_OPENED, RecordType.HOLD_SEEN, RecordType.HOLD_FETCHED}


def test_the_first_follows_the_record_that_opened_the_exchange() -> None:
    hold, record = records.opened(replace(HOLD, record=None), "rec_0")
    assert (record.previous, record.exchange, hold.record) == ("rec_0", HOLD.exchange, record.id)
    assert (record.body["hold"], record.body["state"], record.body["sign_offs"]) == (HOLD.id, "pending", 1)
    assert decode(encode(record)) == replace(record, moment=record.moment)


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.COLLECT])
def test_each_act_has_a_record_that_follows_the_last(act: Act) -> None:
    hold, record = records.of_act(HOLD, act, NOW, {})
    assert (record.previous, hold.record) == ("rec_1", record.id)
    assert record.type in ABOUT_A_HOLD - WITHOUT_AN_ACT
    assert encode(record)


def test_an_approval_that_is_not_the_last_is_a_sign_off() -> None:
    assert records.of_act(HOLD, Act.APPROVE, NOW, {})[1].type is RecordType.HOLD_SIGNED_OFF
    last = replace(HOLD, state=HoldState.APPROVED)
    assert records.of_act(last, Act.APPROVE, NOW, {})[1].type is RecordType.HOLD_APPROVED


def test_what_stands_beside_the_story_does_not_move_it_on() -> None:
    assert records.beside(HOLD, RecordType.HOLD_SEEN, NOW, {"by": "x"}).previous == HOLD.record
