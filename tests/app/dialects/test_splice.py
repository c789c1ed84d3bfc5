# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A change leaves every other byte as the upstream wrote it, or is written anew with its numbers as they came."""

import json
from collections.abc import Callable, Mapping

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialects import splice, strict
from app.dialects.openai import StreamReader, WholeReader
from app.domain.answer import Event
from app.domain.errors import UpstreamInvalid
from app.domain.json import Json, JsonObject

MARK: JsonObject = {"generated": True, "id": "exc_1"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["a", '"', "content", "\\u00e9", "é🙂"]
)


def enclosed(event: Event) -> bytes:
    return splice.enclose(event.raw, event.tree or {}, MARK)


def whole(raw: bytes, choices: int = 3) -> Event:
    reader = WholeReader(choices)
    reader.feed(raw)
    (event,) = reader.close()
    return event


def chunk(raw: bytes) -> Event:
    (event,) = StreamReader(3).feed(raw)
    return event


@pytest.mark.parametrize(
    ("raw", "becomes"),
    [
        # Every byte beside the text stays: spaces, escapes, numbers, order, fields of next month.
        (
            b'{"n":1.50, "choices":[{"index":0,"message":{"content": "Dag \\u00e9","x":1e5},"future":[0.10]}]}\n',
            '{"n":1.50, "choices":[{"index":0,"message":{"content":"Nieuw ü","x":1e5},"future":[0.10]}]}\n'.encode(),
        ),
        (
            '{"choices":[{"message":{"content":"Dag é"}}],"big":12345678901234567890123}'.encode(),
            '{"choices":[{"message":{"content":"Nieuw ü"}}],"big":12345678901234567890123}'.encode(),
        ),
        # The same member elsewhere: not certain, so written anew with its numbers as they came.
        (
            b'{"n":1.50, "choices":[{"message":{"content":"a"},"other":{"content":"a"}}]}',
            '{"n":1.50,"choices":[{"message":{"content":"Nieuw ü"},"other":{"content":"a"}}]}'.encode(),
        ),
        # Escaped in a way of its own.
        (
            b'{"n":1.50, "choices":[{"message":{"content":"\\u0061"}}]}',
            '{"n":1.50,"choices":[{"message":{"content":"Nieuw ü"}}]}'.encode(),
        ),
        # No content to replace: one is put in.
        (
            b'{"n":1.50, "choices":[{"message":{"content":null}}]}',
            '{"n":1.50,"choices":[{"message":{"content":"Nieuw ü"}}]}'.encode(),
        ),
        (b'{"choices":[{"index":0}]}', '{"choices":[{"index":0,"message":{"content":"Nieuw ü"}}]}'.encode()),
    ],
)
def test_a_text_is_replaced(raw: bytes, becomes: bytes) -> None:
    event = splice.retold(whole(raw), {0: "Nieuw ü"})
    assert event.raw == becomes
    assert event.tree == orjson.loads(becomes)
    assert [(found.choice, found.place, found.text) for found in event.findings if found.place == "content"] == [
        (0, "content", "Nieuw ü")
    ]


@pytest.mark.parametrize(
    ("raw", "becomes"),
    [
        (
            b'data: {"t":0.10,"choices":[{"index":1,"delta":{"content":"Dag"},"finish_reason":null}]}\n\n',
            b'data: {"t":0.10,"choices":[{"index":1,"delta":{"content":"x"},"finish_reason":null}]}\n\n',
        ),
        (
            b'data:{"t":0.10,"choices":[{"index":1,"delta":{"content":"Dag"}}]}\n\n',
            b'data:{"t":0.10,"choices":[{"index":1,"delta":{"content":"x"}}]}\n\n',
        ),
        (
            b'data: {"t":0.10,\ndata: "choices":[{"index":1,"delta":{}}]}\n\n',
            b'data: {"t":0.10,"choices":[{"index":1,"delta":{"content":"x"}}]}\n\n',
        ),
        (b'data: {"choices":[{"index":0,"delta":{"content":"Dag"}}]}\n\n', None),
    ],
)
def test_a_text_in_a_stream_is_replaced(raw: bytes, becomes: bytes | None) -> None:
    assert splice.retold(chunk(raw), {1: "x"}).raw == (becomes or raw)


_SPELLED: Mapping[str, Callable[[Json], bytes]] = {
    "compact": orjson.dumps,
    "spaced": lambda tree: json.dumps(tree, ensure_ascii=False).encode(),
    "escaped": lambda tree: json.dumps(tree).encode(),
}


@given(
    st.dictionaries(st.integers(0, 2), TEXT),
    st.lists(TEXT | st.none(), min_size=1, max_size=3),
    st.sampled_from(sorted(_SPELLED)),
)
def test_any_answer_is_retold_and_nothing_else_changes(
    texts: Mapping[int, str], said: list[str | None], spelling: str
) -> None:
    choices: list[Json] = [
        {"index": index, "message": {"role": "assistant", "content": content, "reasoning": content}, "x": 1.5}
        for index, content in enumerate(said)
    ]
    tree: dict[str, Json] = {"id": "content", "choices": choices, "usage": {"content": "a"}}
    raw = _SPELLED[spelling](tree)
    told = splice.retold(whole(raw), texts)
    expected = orjson.loads(raw)
    for index, choice in enumerate(expected["choices"]):
        choice["message"]["content"] = texts.get(index, said[index])
    assert orjson.loads(told.raw) == told.tree == expected


def test_numbers_beside_a_claim_that_was_taken_out_stay_as_they_came() -> None:
    came = b'{"n":1.50,"review":1,"choices":[{"message":{"content":"a"}}],"big":12345678901234567890123}'
    becomes = b'{"n":1.50,"choices":[{"message":{"content":"b"}}],"big":12345678901234567890123}'
    assert splice.retold(whole(came), {0: "b"}).raw == becomes


def test_texts_that_change_places_do_not_mix() -> None:
    raw = b'{"n":1.50, "choices":[{"index":0,"message":{"content":"a"}},{"index":1,"message":{"content":"b"}}]}'
    told = splice.retold(whole(raw), {0: "b", 1: "a"})
    assert orjson.loads(told.raw)["choices"] == [
        {"index": 0, "message": {"content": "b"}},
        {"index": 1, "message": {"content": "a"}},
    ]
    assert b'"n":1.50' in told.raw


@pytest.mark.parametrize("content", [b'[{"type":"text","text":"a"}]', b"{}", b"1"])
def test_a_content_that_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UpstreamInvalid):
        splice.retold(whole(b'{"choices":[{"message":{"content":%s}}]}' % content), {0: "x"})
    with pytest.raises(UpstreamInvalid):
        splice.retold(whole(b'{"choices":[{"message":"a"}]}'), {0: "x"})


def test_a_terminator_says_nothing() -> None:
    with pytest.raises(UpstreamInvalid):
        splice.retold(Event(b"data: [DONE]\n\n", closing=True), {0: "x"})


def test_a_chunk_of_the_same_answer() -> None:
    came: JsonObject = {
        "id": "c",
        "created": 1,
        "model": "m",
        "object": "o",
        "usage": {},
        "choices": [],
        "system_fingerprint": "fp",
    }
    assert splice.chunk(came, {1: "b", 0: "a"}) == {
        "id": "c",
        "object": "o",
        "created": 1,
        "model": "m",
        "system_fingerprint": "fp",
        "choices": [
            {"index": 0, "delta": {"content": "a"}, "finish_reason": None},
            {"index": 1, "delta": {"content": "b"}, "finish_reason": None},
        ],
    }


def test_members_are_put_in_place_of_others() -> None:
    changed = splice.changed(b'{"id":"a","n":1.50,"review":1}', {"id": "b", "review": {"status": "approved"}})
    assert changed == b'{"id":"b","n":1.50,"review":{"status":"approved"}}'
    assert splice.unclaimed(b'{"review":"a","n":1.50,"ai_provenance":{}}') == ({"n": 1.5}, b'{"n":1.50}')


def test_an_object_gets_one_more_member() -> None:
    raw = b'{"a":"}" , "n":1.50}\n'
    assert splice.enclose(raw, strict.loads(raw), {"id": "x"}) == b'{"a":"}" , "n":1.50,"ai_provenance":{"id":"x"}}\n'
    assert splice.enclose(b"{}", {}, {"id": "x"}) == b'{"ai_provenance":{"id":"x"}}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=4), st.sampled_from([None, 2]))
def test_any_answer_is_enclosed_and_nothing_else_changes(extra: dict[str, Json], indent: int | None) -> None:
    tree = {**extra, "choices": [{"index": 0, "message": {"content": "a"}, "finish_reason": "stop"}]}
    raw = orjson.dumps(tree, option=orjson.OPT_INDENT_2 if indent else 0)
    told = orjson.loads(enclosed(whole(raw)))
    assert told.pop("ai_provenance") == MARK
    tree.pop("ai_provenance", None)
    assert told == tree


def test_a_chunk_over_several_lines_is_enclosed_as_one() -> None:
    told = enclosed(chunk(b'data: {"n":0.10,\ndata: "choices":[{"index":0,"delta":{}}]}\n\n'))
    assert told.startswith(b'data: {"n":0.10,')
    assert orjson.loads(told[6:])["ai_provenance"] == MARK
