# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Records in words, for whoever asks what happened to a call: a supervisor, a reviewer, a data subject."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.clock import timestamp
from app.domain.ledger import LogReader
from app.domain.record import Record, RecordType
from app.evidence.catalogue import FIELDS
from app.evidence.record import decode

_HAPPENED: Mapping[RecordType, str] = {
    RecordType.EXCHANGE_OPENED: "Policy permitted the call; from this moment the prompt could go out.",
    RecordType.EXCHANGE_REFUSED: "The call was refused; nothing was sent to any model.",
    RecordType.EXCHANGE_DELIVERED: "The answer was marked and delivered whole.",
    RecordType.EXCHANGE_ABORTED: "The call was ended before the answer was whole.",
    RecordType.EXCHANGE_FAILED: "The model, or the house itself, gave no usable answer.",
    RecordType.EXCHANGE_HELD: "The answer was whole, and nothing of it left: a human must see it first.",
    RecordType.HOLD_OPENED: "A review was opened; its application was told to wait.",
    RecordType.HOLD_CLAIMED: "A reviewer took it up.",
    RecordType.HOLD_LET_GO: "A reviewer gave it back.",
    RecordType.HOLD_EDITED: "A person changed the text; sign-offs of the text before are void.",
    RecordType.HOLD_SIGNED_OFF: "A reviewer approved the text; another has to approve it too.",
    RecordType.HOLD_APPROVED: "The last reviewer who was needed approved the text; from this moment it could be fetched.",
    RecordType.HOLD_REJECTED: "A reviewer rejected the text; it is never published.",
    RecordType.HOLD_CHANGES_REQUESTED: "A reviewer asked for another text.",
    RecordType.HOLD_EXPIRED: "Nobody decided in time; it is never published.",
    RecordType.HOLD_WITHDRAWN: "A person took the text back.",
    RecordType.HOLD_FAILED: "The model gave no usable answer after its application was told to wait.",
    RecordType.HOLD_FETCHED: "The application got the approved text.",
    RecordType.HOLD_SEEN: "A person opened the content at the desk.",
    RecordType.USER_CREATED: "An account was made.",
    RecordType.USER_CHANGED: "An account was changed.",
    RecordType.SESSION_OPENED: "A person signed in.",
    RecordType.SESSION_REFUSED: "A person was not let in.",
    RecordType.SESSION_CLOSED: "A person was signed out.",
    RecordType.POLICY_LOADED: "A policy came into force.",
    RecordType.POLICY_REJECTED: "A policy folder was refused; the one before stayed in force.",
    RecordType.POLICY_STOPPED: "A supervisor stopped the use of something.",
    RecordType.POLICY_STARTED: "A supervisor allowed the use of something again.",
    RecordType.KEY_CREATED: "An API key was made.",
    RecordType.KEY_REVOKED: "An API key was withdrawn.",
    RecordType.CONTENT_ERASED: "Salts and kept content were destroyed; this log can no longer be matched with the texts.",
}


def records_of(reader: LogReader, organisation: str, exchange: str) -> Iterator[tuple[int, Record]]:
    """Index and record of everything the log says of one exchange, in order. Reads the whole log."""
    mark = f'"exchange":"{exchange}"'.encode()
    for index, _, data in reader.entries(organisation):
        if mark in data:
            record = decode(data)
            if record.exchange == exchange:
                yield index, record


def explain(index: int, record: Record) -> Sequence[str]:
    """Lines that a person understands: when, what happened, and each field with its meaning."""
    lines = [f"Entry {index} · {timestamp(record.moment)} · {record.type}", f"  {_HAPPENED[record.type]}"]
    meanings = FIELDS[record.type]
    for name, value in record.body.items():
        if value not in (None, [], {}, ""):
            lines.append(f"  {name}: {_said(value)}  ({meanings[name]})")
    return lines


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
