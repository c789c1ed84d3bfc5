# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""JSON that every parser reads the same way (RFC 8259, narrowed as I-JSON, RFC 7493).

Two parsers that disagree about one body are two policies for one call. So: UTF-8 without a byte order mark, no name twice
in an object, no number without a value, no lone surrogate, bounded depth, an object at the top. What is judged here is
what is sent on.
"""

import json
from collections.abc import Callable
from typing import Any, Final, Never, Self, TypeAlias

import orjson

from app.domain.errors import Fault, InvalidRequest
from app.domain.json import JsonObject

MAX_DEPTH: Final = 64
_INT64: Final = range(-(2**63), 2**64)
"""What orjson can write as an integer."""

_Hook: TypeAlias = Callable[[str], object]


class ExactInt(int):
    """An integer that remembers how it was spelled."""

    lexeme: str

    def __new__(cls, lexeme: str) -> Self:
        number = super().__new__(cls, lexeme)
        number.lexeme = lexeme
        return number


class ExactFloat(float):
    """A fraction that remembers how it was spelled: `1.0`, `1e5` and `0.10` come back as they came."""

    __slots__ = ("lexeme",)
    lexeme: str

    def __new__(cls, lexeme: str) -> Self:
        number = super().__new__(cls, lexeme)
        number.lexeme = lexeme
        return number


def loads(data: bytes, *, max_depth: int = MAX_DEPTH) -> JsonObject:
    """The object in `data`. Integers beyond 64 bits are kept exactly. Raises `InvalidRequest`, which repeats no input."""
    tree = _checked(data, max_depth)
    # A name that comes twice is lost on the way in, so a body that comes out byte for byte had none. Compact bodies,
    # which is what SDKs send, are proved by this; others are read once more, slowly.
    if orjson.dumps(tree) == data:
        return tree
    return _reread(data, _integer, None)


def loads_lossy(data: bytes, *, max_depth: int = MAX_DEPTH) -> JsonObject:
    """As `loads`, and numbers only as near as orjson comes: for who reads the text and passes on `data` itself."""
    tree = _checked(data, max_depth)
    written = orjson.dumps(tree)
    if written != data and not _is_complete(data, written):
        _reread(data, str, str)
    return tree


def loads_exact(data: bytes, *, max_depth: int = MAX_DEPTH) -> JsonObject:
    """As `loads`, and every number keeps its spelling, which `dumps` writes back. Raises `InvalidRequest`."""
    _checked(data, max_depth)
    return _reread(data, ExactInt, ExactFloat)


def dumps(tree: JsonObject) -> bytes:
    """Compact UTF-8 JSON. Numbers read by `loads_exact` keep their spelling."""
    return orjson.dumps(tree, default=_spelled, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


def _checked(data: bytes, max_depth: int) -> dict[str, Any]:
    """What orjson makes of it: UTF-8, grammar, surrogates and finite numbers are its work; the shape is ours."""
    try:
        tree = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        _refuse(f"must be strict JSON in UTF-8 (RFC 8259); reading stopped at character {error.pos}")
    if type(tree) is not dict:
        _refuse("must be a JSON object")
    # Few brackets cannot nest deeply, so most bodies need no walk. They are counted by what is left without them: that leaps from
    # one to the next, and `count` looks at each byte.
    if len(data) - len(data.replace(b"{", b"").replace(b"[", b"")) > max_depth and _deeper_than(max_depth, tree):
        _refuse(f"must not be nested deeper than {max_depth} levels")
    return tree


def _is_complete(data: bytes, written: bytes) -> bool:
    """Whether `written`, which is `data` read and written anew, holds each of its members.

    A member that is lost takes its colon along. A colon in a text is written as it is: only where one came as an escape could
    that number come out equal by chance.
    """
    return written.count(b":") == data.count(b":") and rb"\u003" not in data


def _reread(data: bytes, integer: _Hook, fraction: _Hook | None) -> JsonObject:
    try:
        tree: JsonObject = json.loads(
            data.decode(), object_pairs_hook=_distinct, parse_int=integer, parse_float=fraction
        )
    except RecursionError:
        # Only a value that a second one of the same name had hidden from the depth check comes here.
        _refuse("must not hold a name twice in one object")
    except ValueError:
        # The interpreter refuses integers of thousands of digits: their conversion takes quadratic time.
        _refuse("must not hold an integer of more than 4300 digits")
    return tree


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        _refuse("must not hold a name twice in one object")
    return members


def _integer(lexeme: str) -> int:
    number = int(lexeme)
    return number if number in _INT64 else ExactInt(lexeme)


def _spelled(value: object) -> orjson.Fragment:
    if isinstance(value, ExactInt | ExactFloat):
        return orjson.Fragment(value.lexeme)
    message = f"{type(value).__name__} is not JSON"
    raise TypeError(message)


def _deeper_than(levels: int, tree: object) -> bool:
    """Level by level, not by recursion: depth is what an attacker chooses."""
    level = [tree]
    for _ in range(levels):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)  # type: ignore[attr-defined]
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _refuse(detail: str) -> Never:
    # `from None`: the parser's own error carries the whole body.
    raise InvalidRequest(Fault("", detail)) from None
