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
