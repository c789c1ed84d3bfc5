# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One record as an auditor reads it: from its bytes, by another JSON library than the one that wrote them."""

import json
import re
from collections.abc import Mapping

from app.domain.record import RecordType
from app.evidence.catalogue import ENVELOPE, FIELDS

_LONGEST = 32768
_MOMENT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}Z", re.ASCII)
_KINDS = frozenset(kind.value for kind in RecordType)


def read_record(data: bytes, organisation: str, record: str | None = None) -> Mapping[str, object]:
    """The fields of a record of this organisation, stored under the id `record` if that is given.

    Raises `ValueError` with what is wrong, as the end of a sentence that begins with the entry.
    """
    if len(data) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} bytes")
    fields = _parse(data)
    if not isinstance(fields, dict) or fields.get("v") != 1 or str(fields.get("type")) not in _KINDS:
        raise ValueError("it is of a kind that does not exist")
    unknown = fields.keys() - ENVELOPE.keys() - FIELDS[RecordType(str(fields["type"]))].keys()
    if unknown:
        raise ValueError(f"{fields['type']} has no field {min(unknown)!r}")
    texts = ("type", "id", "ts", "org", *(name for name in ("exchange", "prev") if name in fields))
    if not all(isinstance(fields.get(name), str) for name in texts) or not _MOMENT.fullmatch(str(fields["ts"])):
        raise ValueError("its id, moment, organisation or exchange is missing or misspelt")
    if fields["org"] != organisation:
        raise ValueError("it belongs to the log of another organisation")
    if record not in (None, fields["id"]):
        raise ValueError("it stands under the id of another record")
    return fields


def _parse(data: bytes) -> object:
    """JSON in the one spelling of RFC 8785 for what a record may hold."""
    try:
        tree: object = json.loads(
            data, object_pairs_hook=_once, parse_int=_small, parse_float=_no_float, parse_constant=_no_float
        )
        canonical = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError) as error:
        raise ValueError("its bytes are not a record") from error
    if canonical != data:
        raise ValueError("its bytes are not in canonical form")
    return tree


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs) or not all(name.isascii() for name in fields):
        raise ValueError("a field is there twice, or has a strange name")
    return fields


def _small(text: str) -> int:
    number = int(text) if len(text) < 18 else 2**53
    if abs(number) >= 2**53:
        raise ValueError("a number is too large")
    return number


def _no_float(_text: str) -> object:
    raise ValueError("a record has no floats")
