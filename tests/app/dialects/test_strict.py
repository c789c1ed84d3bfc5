# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
import math
import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.dialects import strict
from app.domain.errors import InvalidRequest
from app.domain.json import JsonObject

SECRET = "zeer-geheim"

REFUSED = {
    "duplicate name": b'{"a":1,"a":1}',
    "duplicate name, escaped once": b'{"a":1,"\\u0061":2}',
    "duplicate name, deep": b'{"a":[{"b":{"c":1,"c":2}}]}',
    "duplicate name hiding depth": b'{"a":' + b"[" * 1020 + b"]" * 1020 + b',"a":1}',
    "duplicate name beside a colon that is an escape": b'{"b":"\\u003a","a":1,"a":2}',
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":-Infinity}',
    "overflow": b'{"a":1e400}',
    "lone surrogate": b'{"a":"\\ud800"}',
    "lone low surrogate": b'{"a":"\\udc00x"}',
    "lone surrogate in a name": b'{"\\ud800":1}',
    "surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
    "byte order mark": b'\xef\xbb\xbf{"a":1}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-16 without mark": '{"a":1}'.encode("utf-16-le"),
    "UTF-32": '{"a":1}'.encode("utf-32-be"),
    "latin-1": b'{"a":"\xe9"}',
    "array": b"[]",
    "string": b'"a"',
    "null": b"null",
    "empty": b"",
    "two documents": b"{}{}",
    "trailing NUL": b"{}\x00",
    "comment": b"{/**/}",
    "trailing comma": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "leading zero": b'{"a":01}',
    "control character": b'{"a":"\n"}',
    "65 levels": b'{"a":' * 65 + b"1" + b"}" * 65,
    "65 levels of arrays": b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
    "100,000 levels": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "unclosed levels": b'{"a":' + b"[" * 100_000,
    "5000 digits": b'{"a":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("load", [strict.loads, strict.loads_exact, strict.loads_lossy])
def test_what_parsers_disagree_about_is_refused(load: Callable[[bytes], JsonObject], body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        load(body)


def test_depth_64_is_accepted_and_brackets_in_text_are_not_depth() -> None:
    assert strict.loads(b'{"a":' * 64 + b"1" + b"}" * 64)
    assert strict.loads(json.dumps({"a": "[{" * 500}, separators=(",", ":")).encode()) == {"a": "[{" * 500}


def test_depth_can_be_chosen() -> None:
    assert strict.loads(b'{"a":[[1]]}', max_depth=3)
    with pytest.raises(InvalidRequest):
        strict.loads(b'{"a":[[1]]}', max_depth=2)


@pytest.mark.parametrize(
    "body",
    [
        b'{"%s":1,"%s":2}' % (SECRET.encode(), SECRET.encode()),
        b'{"a":"%s' % SECRET.encode(),
        b'["%s"]' % SECRET.encode(),
        b'{"%s":[' % SECRET.encode() + b"[" * 70 + b"]" * 70 + b"]}",
    ],
)
def test_an_error_repeats_no_input(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        strict.loads(body)
    assert SECRET not in str(refusal.value)
    assert refusal.value.__suppress_context__
    assert [fault.pointer for fault in refusal.value.faults] == [""]


def test_an_integer_beyond_64_bits_is_kept_exactly() -> None:
    tree = strict.loads(b'{"a": 123456789012345678901234567890, "b": 18446744073709551615, "c": -9223372036854775808}')
    assert tree["a"] == 123456789012345678901234567890
    expected = b'{"a":123456789012345678901234567890,"b":18446744073709551615,"c":-9223372036854775808}'
    assert strict.dumps(tree) == expected


def test_dumps_refuses_what_is_not_json() -> None:
    with pytest.raises(TypeError):
        strict.dumps({"a": object()})  # type: ignore[dict-item]


def test_a_number_keeps_its_spelling() -> None:
    body = b'{"a":[1.0,1e5,0.10,12345678901234567890,-0,1E+2,0.1000000000000000055511151231257827,-0.0]}'
    assert strict.dumps(strict.loads_exact(body)) == body


# --- against a slow reference -----------------------------------------------------------------------------------------


def refuse(_: str) -> object:
    raise ValueError


def finite(lexeme: str) -> float:
    if not math.isfinite(float(lexeme)):
        raise ValueError
    return float(lexeme)


def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError
    return dict(pairs)


def judge(node: object, depth: int) -> None:
    if isinstance(node, str):
        node.encode()
    elif isinstance(node, dict | list):
        if depth > strict.MAX_DEPTH:
            raise ValueError
        for child in [*node, *node.values()] if isinstance(node, dict) else node:
            judge(child, depth + 1)


def reference(data: bytes) -> dict[str, object]:
    """The same law written for clearness: standard library, recursion, no short cuts. Raises ValueError."""
    tree = json.loads(data.decode("utf-8"), object_pairs_hook=members, parse_constant=refuse, parse_float=finite)
    judge(tree, 1)
    if isinstance(tree, dict):
        return tree
    raise ValueError


def verdict(data: bytes) -> object:
    try:
        return reference(data)
    except (ValueError, RecursionError):
        return None


def ours(data: bytes) -> object:
    try:
        return strict.loads(data)
    except InvalidRequest:
        return None


def same(left: object, right: object) -> bool:
    """Equal and of the same kind: 1, 1.0 and True are three values."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    kinds = (bool, int, float, str, type(None))
    return left == right and [isinstance(left, kind) for kind in kinds] == [isinstance(right, kind) for kind in kinds]


names = st.sampled_from(["a", "b", "\\u0061", "é", "\\ud83d\\ude00", "\\ud800", ""])
numbers = st.from_regex(r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
scalars = st.one_of(
    numbers,
    st.sampled_from(["true", "false", "null", "NaN", "Infinity", "01", "1.", '"\\ud800"', '"\\udc00\\ud800"', '"\t"']),
    st.text(max_size=8).map(json.dumps),
    st.text(max_size=8).map(lambda text: json.dumps(text, ensure_ascii=False)),
)


def spelled(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    space = st.sampled_from(["", "", "", " ", "\n\t", "\u00a0"])
    arrays = st.tuples(st.lists(values, max_size=4), space).map(lambda it: "[" + ("," + it[1]).join(it[0]) + "]")
    objects = st.tuples(st.lists(st.tuples(names, values), max_size=4), space).map(
        lambda it: "{" + ("," + it[1]).join(f'"{name}":{it[1]}{value}' for name, value in it[0]) + "}"
    )
    return arrays | objects


documents = (
    st.recursive(scalars, spelled, max_leaves=20)
    .map(lambda value: '{"x":' + value + "}")
    .map(lambda text: text.encode("utf-8", "surrogatepass"))
)


@given(documents)
@example(b'{"x":-0}')
@example(b'{"x":1e-400}')
@example(b' {"x":1}\r\n')
def test_accepts_exactly_what_the_reference_accepts(data: bytes) -> None:
    assert same(ours(data), verdict(data))


@given(st.binary(max_size=64) | st.text(alphabet='{}[]":,\\u0d8e-+.19tfn \x00é', max_size=40).map(str.encode))
def test_no_bytes_make_it_fall_over(data: bytes) -> None:
    assert same(ours(data), verdict(data))


@given(documents, st.integers(min_value=0), st.integers(min_value=0, max_value=255))
def test_one_changed_byte_is_judged_alike(data: bytes, at: int, byte: int) -> None:
    at %= len(data)
    changed = data[:at] + bytes([byte]) + data[at + 1 :]
    assert same(ours(changed), verdict(changed))


@given(documents)
def test_rewriting_keeps_every_value_and_every_number_lexeme(data: bytes) -> None:
    if verdict(data) is None:
        with pytest.raises(InvalidRequest):
            strict.loads_exact(data)
        return
    written = strict.dumps(strict.loads_exact(data))
    assert same(reference(written), reference(data))
    assert lexemes(written) == lexemes(data)


def lexemes(data: bytes) -> list[str]:
    """Every number as spelled: what is left of the text when its strings are taken out."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', data.decode())
    return re.findall(r"-?[0-9][0-9.eE+-]*", bare)
