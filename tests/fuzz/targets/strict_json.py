# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Strict JSON: what is accepted is read the same by Python's own parser, and nothing sound is refused."""

import json
import math
from collections.abc import Callable
from typing import Any, Final, Never

from typing_extensions import override

from app.dialects.strict import MAX_DEPTH, dumps, loads, loads_exact, loads_lossy
from app.domain.errors import InvalidRequest
from app.domain.json import JsonObject

SEEDS: Final = (
    b"{}",
    b'{"messages":[{"role":"user","content":"Dag \\u00e9 \xc3\xa9 \\ud83d\\ude42"}],"n":1,"t":0.10}',
    b' { "a" : [ 1 , -0 , 1.0 , 1e5 , 1E-5 , 12345678901234567890123 , true , false , null ] } \n',
    b'{"a":1,"\\u0061":2}',
    b'{"a":"\\ud800"}',
    b'{"a":NaN}',
    b'{"a":1e400}',
    b'\xef\xbb\xbf{"a":1}',
    b'{"a":' + b"[" * 63 + b"]" * 63 + b"}",
    b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
    b'{"a":' + b"9" * 5000 + b"}",
)


def run(data: bytes) -> None:
    """All three readers agree with the reference on whether, and each on what."""
    expected = _or_none(_reference, data)
    read, exact, lossy = (_or_none(load, data) for load in (loads, loads_exact, loads_lossy))
    if expected is None:
        assert (read, exact, lossy) == (None, None, None), "accepted what has two readings"
        return
    assert read is not None, "refused what has one reading"
    assert exact is not None, "refused what has one reading"
    assert lossy is not None, "refused what has one reading"
    assert read == expected
    assert _spelled(dumps(exact)) == _spelled(data), "a number is not spelled as it came"
    assert json.loads(dumps(read)) == expected
    assert lossy.keys() == expected.keys()


def _or_none(load: Callable[[bytes], JsonObject], data: bytes) -> JsonObject | None:
    try:
        return load(data)
    except InvalidRequest:
        return None


def _reference(data: bytes) -> JsonObject:
    """RFC 8259 as I-JSON narrows it, written as differently as can be: no byte is looked at here."""
    try:
        tree: Any = json.loads(
            data.decode(), object_pairs_hook=_distinct, parse_constant=_refuse, parse_float=_finite, parse_int=_integer
        )
    except (ValueError, RecursionError):
        _refuse("")
    if not isinstance(tree, dict) or _depth(tree) > MAX_DEPTH:
        _refuse("")
    return tree


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, value in pairs:
        name.encode()  # a lone surrogate is a ValueError
        if isinstance(value, str):
            value.encode()
        if isinstance(value, list):
            _sound(value)
    members = dict(pairs)
    return members if len(members) == len(pairs) else _refuse("")


def _sound(items: list[Any]) -> None:
    for item in items:
        if isinstance(item, str):
            item.encode()
        if isinstance(item, list):
            _sound(item)


def _finite(lexeme: str) -> float:
    return value if math.isfinite(value := float(lexeme)) else _refuse(lexeme)


def _integer(lexeme: str) -> int:
    _finite(lexeme)
    return int(lexeme)


def _depth(tree: object) -> int:
    children = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else None
    return 0 if children is None else 1 + max(map(_depth, children), default=0)


def _spelled(data: bytes) -> object:
    """The tree with each number as it is written."""
    return json.loads(data, parse_int=_Number, parse_float=_Number)


class _Number(str):
    """Not equal to a text that looks like it."""

    __slots__ = ()
    __hash__ = str.__hash__

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and str.__eq__(self, other)


def _refuse(_: str) -> Never:
    raise InvalidRequest
