# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A record as bytes: canonical JSON (RFC 8785), so that the bytes in the log are the only spelling of what they say.

orjson with sorted keys gives the canonical form for strings, booleans, null, arrays, objects and integers below 2^53 under ASCII
keys, at a fortieth of the cost of a general library; `encode` lets nothing else through.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

import orjson

from app.domain.clock import timestamp
from app.domain.errors import EvidenceUnavailable
from app.domain.json import Json
from app.domain.record import Record, RecordType
from app.domain.text import LocalText
from app.evidence.catalogue import ENVELOPE, FIELDS

LONGEST = 32768
"""Bytes of a record. A bundle of entries allows 65,535; nothing that is not content comes near this."""
_LARGEST = 2**53 - 1
_DEEPEST = 8
_PLAIN = frozenset({str, bool, type(None)})
_REQUIRED = ("type", "id", "ts", "org")
_ALLOWED = {kind: frozenset(fields) for kind, fields in FIELDS.items()}


def encode(record: Record) -> bytes:
    """Canonical bytes. Raises `EvidenceUnavailable` for what the log does not take: unknown field, float, long or odd text."""
    strange = record.body.keys() - _ALLOWED[record.type]
    if strange:
        raise _refused(f"{record.type} has no field {min(strange)!r}")
    _check(record.body.values())
    tree: dict[str, Json] = {
        **record.body,
        "v": 1,
        "type": record.type.value,
        "id": record.id,
        "ts": timestamp(record.moment),
        "org": record.organisation,
    }
    if record.exchange is not None:
        tree["exchange"] = record.exchange
    if record.previous is not None:
        tree["prev"] = record.previous
    try:
        data = orjson.dumps(tree, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:  # a lone surrogate is all that is left to go wrong
        raise _refused(f"{record.type} holds text that is not valid Unicode") from error
    if len(data) > LONGEST:
        raise _refused(f"{record.type} is longer than {LONGEST} bytes")
    return data


def decode(data: bytes) -> Record:
    """The record that these bytes say. Raises `ValueError` unless `encode` would give these very bytes."""
    if len(data) > LONGEST:
        raise ValueError("longer than a record can be")
    tree = orjson.loads(data)
    if not isinstance(tree, dict) or tree.get("v") != 1 or not all(isinstance(tree.get(k), str) for k in _REQUIRED):
        raise ValueError("not a record of version 1")
    fields = cast("dict[str, Json]", tree)
    record = Record(
        type=RecordType(str(fields["type"])),
        id=str(fields["id"]),
        moment=datetime.fromisoformat(str(fields["ts"])),
        organisation=str(fields["org"]),
        exchange=_optional(fields, "exchange"),
        previous=_optional(fields, "prev"),
        body={name: value for name, value in fields.items() if name not in ENVELOPE},
    )
    try:
        canonical = encode(record)
    except EvidenceUnavailable as error:
        raise ValueError(error.reason.en) from error
    if canonical != data:
        raise ValueError("not in canonical form")
    return record


def _optional(fields: Mapping[str, Json], name: str) -> str | None:
    value = fields.get(name)
    return value if value is None else str(value)


def _check(values: Iterable[object], depth: int = 0) -> None:
    """Refuse what has another canonical form than orjson gives it. A plain loop: it runs on every call."""
    if depth > _DEEPEST:
        raise _refused("a record is not that deep")
    for value in values:
        if type(value) in _PLAIN or isinstance(value, str):
            continue
        if type(value) is int and -_LARGEST <= value <= _LARGEST:
            continue
        if isinstance(value, dict):
            if not all(type(name) is str and name.isascii() for name in value):
                raise _refused("a name is not ASCII")
            _check(value.values(), depth + 1)
        elif isinstance(value, (list, tuple)):
            _check(value, depth + 1)
        else:
            raise _refused(f"a record does not take this {type(value).__name__}")


def _refused(why: str) -> EvidenceUnavailable:
    """What went wrong, by name and kind only: never the value."""
    return EvidenceUnavailable(
        LocalText(nl=f"Dit kan niet worden vastgelegd: {why}.", en=f"This cannot be recorded: {why}.")
    )
