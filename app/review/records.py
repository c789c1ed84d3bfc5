# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the log says of a hold. Never a name and never a text: commitments to both, which only the right key or salt opens."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from app.domain.clock import timestamp
from app.domain.ids import new_id
from app.domain.json import Json
from app.domain.record import Record, RecordType
from app.domain.review import Act, Hold, HoldState

_KIND: Mapping[Act, RecordType] = MappingProxyType(
    {
        Act.FAIL: RecordType.HOLD_FAILED,
        Act.CLAIM: RecordType.HOLD_CLAIMED,
        Act.LET_GO: RecordType.HOLD_LET_GO,
        Act.EDIT: RecordType.HOLD_EDITED,
        Act.REJECT: RecordType.HOLD_REJECTED,
        Act.REQUEST_CHANGES: RecordType.HOLD_CHANGES_REQUESTED,
        Act.WITHDRAW: RecordType.HOLD_WITHDRAWN,
        Act.EXPIRE: RecordType.HOLD_EXPIRED,
    }
)


class Commitments(Protocol):
    """How what is said of a hold is blinded."""

    def keyed(self, field: str, value: str) -> str:
        """Under the key of the organisation: equal values give equal commitments, so that they can be found again."""
        ...

    def salted(self, exchange: str, *parts: str) -> str | None:
        """Under the salt of the exchange, which is destroyed with its content; None once it was. Reads storage."""
        ...


def opened(hold: Hold, previous: str) -> tuple[Hold, Record]:
    """The hold with its first record, which follows the record that opened its exchange."""
    body: dict[str, Json] = {
        "application": hold.application,
        "task": hold.task,
        "profile": hold.profile,
        "review_class": hold.review_class.id,
        "sign_offs": hold.review_class.sign_offs,
        "policy": hold.policy,
        "label": hold.label,
        "language": hold.language,
        "requester": hold.requester,
        "state": hold.state.value,
        "choices": len(hold.codes),
        "expires": timestamp(hold.expires_at),
    }
    return _with(replace(hold, record=previous), RecordType.HOLD_OPENED, hold.opened_at, body)


def of_act(hold: Hold, act: Act, moment: datetime, said: Mapping[str, Json]) -> tuple[Hold, Record]:
    """A hold that was changed by this act, with the record that says so."""
    if act is Act.APPROVE:
        last = hold.state is HoldState.APPROVED
        return _with(hold, RecordType.HOLD_APPROVED if last else RecordType.HOLD_SIGNED_OFF, moment, said)
    return _with(hold, _KIND[act], moment, said)


def beside(hold: Hold, kind: RecordType, moment: datetime, said: Mapping[str, Json]) -> Record:
    """A record of something that changes nothing: it was seen, or fetched."""
    return Record(kind, new_id("rec", moment), moment, hold.organisation, hold.exchange, hold.record, _body(hold, said))


def _with(hold: Hold, kind: RecordType, moment: datetime, said: Mapping[str, Json]) -> tuple[Hold, Record]:
    record = beside(hold, kind, moment, said)
    return replace(hold, record=record.id), record


def _body(hold: Hold, said: Mapping[str, Json]) -> Mapping[str, Json]:
    return {"hold": hold.id, **said}
