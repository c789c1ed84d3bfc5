# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a client gets of an answer that a human decides about, in the form it asked for."""

from typing import Any

import orjson
import pytest

from app.dialects.held import DONE, MOST_CALLED, asked, preamble, reviewed, streamed, withheld
from app.dialects.request import describe
from app.domain.errors import UpstreamInvalid
from app.domain.json import Json, JsonObject

REVIEW: JsonObject = {"id": "rev_1", "status": "pending"}
ASK: dict[str, Any] = {"model": "balie-antwoord", "messages": [{"role": "user", "content": "x"}]}


def read(body: bytes) -> list[Any]:
    """The chunks of a stream, which ends as it should."""
    assert body.endswith(DONE)
    frames = body.removesuffix(DONE).split(b"\n\n")
    return [orjson.loads(frame.removeprefix(b"data: ")) for frame in frames if frame and not frame.startswith(b":")]


def test_an_answer_that_is_withheld_says_nothing() -> None:
    assert orjson.loads(withheld(describe({**ASK, "n": 2}, {}), "chatcmpl-rev_1", REVIEW)) == {
        "id": "chatcmpl-rev_1",
        "object": "chat.completion",
        "created": 0,
        "model": "balie-antwoord",
        "choices": [
            {
                "index": index,
                "message": {"role": "assistant", "content": None, "refusal": None},
                "logprobs": None,
                "finish_reason": "content_filter",
            }
            for index in (0, 1)
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        "review": REVIEW,
    }


def test_in_a_stream_too() -> None:
    spoken, ended = read(withheld(describe({**ASK, "stream": True}, {}), "chatcmpl-rev_1", REVIEW))
    assert spoken == {
        "id": "chatcmpl-rev_1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "balie-antwoord",
        "choices": [
            {"index": 0, "delta": {"role": "assistant", "content": None, "refusal": None}, "finish_reason": None}
        ],
        "review": REVIEW,
    }
    assert ended["choices"] == [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]


@pytest.mark.parametrize(
    "told", [{}, {"ai_provenance": {"id": "exc_1"}}, {"ai_provenance": {"id": "exc_1"}, "review": REVIEW}]
)
def test_a_whole_answer_becomes_a_stream(told: JsonObject) -> None:
    calls = [
        {"id": "t1", "type": "function", "function": {"name": "a", "arguments": "{ }"}},
        {"id": "t2", "type": "function", "function": {"name": "b", "arguments": "[1.50]"}},
    ]
    first = {"role": "assistant", "content": "Dag é", "refusal": None}
    second = {"role": "assistant", "content": None, "tool_calls": calls}
    body = streamed(
        orjson.dumps(
            {
                "id": "chatcmpl-rev_1",
                "object": "chat.completion",
                "created": 7,
                "model": "m",
                "usage": {"total_tokens": 3},
                "choices": [
                    {"index": 0, "message": first, "finish_reason": "stop", "logprobs": {"content": []}},
                    {"index": 1, "message": second, "finish_reason": "tool_calls", "logprobs": None},
                ],
                **told,
            }
        )
    )
    assert body.startswith(b": ai-generated id=exc_1\n\n" if told else b"data: ")
    head = {"id": "chatcmpl-rev_1", "object": "chat.completion.chunk", "created": 7, "model": "m", **told}
    numbered = [{"index": place, **call} for place, call in enumerate(calls)]
    assert read(body) == [
        {
            **head,
            "choices": [{"index": 0, "delta": first, "finish_reason": None, "logprobs": {"content": []}}],
        },
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {
            **head,
            "choices": [{"index": 1, "delta": {**second, "tool_calls": numbered}, "finish_reason": None}],
        },
        {**head, "choices": [{"index": 1, "delta": {}, "finish_reason": "tool_calls"}]},
    ]


def test_numbers_come_through_as_they_were_spelled() -> None:
    body = streamed(b'{"choices":[{"index":0,"message":{"content":"a","x":1.50},"finish_reason":"stop"}]}')
    assert b'"x":1.50' in body


def test_a_stream_opens_with_what_it_is() -> None:
    assert preamble({"id": "exc_1"}) == b": ai-generated id=exc_1\n\n"


def test_a_reviewer_reads_every_turn_of_the_call() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    messages: Json = [
        {"role": "system", "content": "Wees kort."},
        {"role": "user", "content": parts},
        {"role": "assistant", "content": None},
    ]
    turns = [("system", "Wees kort."), ("user", "a\nb"), ("assistant", "")]
    assert list(asked(describe({**ASK, "messages": messages}, {}))) == turns


CALL = {"id": "t1", "type": "function", "function": {"name": "a", "arguments": "{ }"}}


def test_what_nobody_reviewed_does_not_leave() -> None:
    message = {
        "role": "assistant",
        "content": "b",
        "refusal": "geheim",
        "reasoning": "geheim",
        "annotations": ["geheim"],
    }
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": "length",
        "logprobs": {"content": ["geheim"]},
        "x": "geheim",
    }
    body = orjson.dumps({"id": "c", "created": 7, "model": "m", "next": "geheim", "choices": [choice]})
    event = reviewed(body, {0: "Goedgekeurd"})
    assert orjson.loads(event.raw) == {
        "id": "c",
        "created": 7,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Goedgekeurd", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
    }
    assert [(found.choice, found.place, found.text) for found in event.findings] == [(0, "content", "Goedgekeurd")]
    assert (event.finishes, event.closing) == ((0,), True)


def test_calls_of_tools_leave_as_they_came_where_that_is_asked() -> None:
    message = {"role": "assistant", "content": "geheim", "tool_calls": [CALL]}
    body = orjson.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]})
    (choice,) = orjson.loads(reviewed(body, {}, calls={"a", "b"}).raw)["choices"]
    assert choice["message"] == {"role": "assistant", "content": None, "refusal": None, "tool_calls": [CALL]}
    assert choice["finish_reason"] == "tool_calls"


@pytest.mark.parametrize(
    "made",
    [
        {"tool_calls": [{**CALL, "function": {"name": "b", "arguments": ""}}]},
        {"tool_calls": [CALL, {**CALL, "function": {"name": "b", "arguments": ""}}]},
        {"tool_calls": [{**CALL, "name": "b"}]},
        {"tool_calls": [{"id": "t1", "type": "function"}]},
        {"tool_calls": "a letter"},
        {"tool_calls": ["a letter"]},
        {"tool_calls": {"name": "b"}},
        {"function_call": {"name": "b", "arguments": ""}},
        {"function_call": "a letter"},
        {"tool_calls": [{**CALL, "function": {"name": "a", "arguments": "x" * MOST_CALLED}}]},
        {"tool_calls": [{**CALL, "note": "x" * MOST_CALLED}]},
        {"tool_calls": [{**CALL, "id": "x" * (MOST_CALLED // 10)}] * 10},
    ],
)
def test_a_call_of_another_tool_or_as_long_as_a_letter_does_not_leave(made: dict[str, Json]) -> None:
    message = {"role": "assistant", "content": None, **made}
    body = orjson.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]})
    with pytest.raises(UpstreamInvalid):
        reviewed(body, {}, calls={"a"})


def test_where_no_tool_was_offered_no_call_leaves() -> None:
    message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    body = orjson.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]})
    with pytest.raises(UpstreamInvalid):
        reviewed(body, {}, calls=())


@pytest.mark.parametrize("calls", [{"tool_calls": [CALL]}, {"function_call": CALL["function"]}])
def test_beside_an_approved_text_no_call_leaves_that_its_reviewer_did_not_see(calls: dict[str, Json]) -> None:
    message = {"role": "assistant", "content": "tekst", **calls}
    body = orjson.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]})
    (choice,) = orjson.loads(reviewed(body, {0: "tekst"}).raw)["choices"]
    assert choice["message"] == {"role": "assistant", "content": "tekst", "refusal": None}
    assert choice["finish_reason"] == "stop"


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"choices":"a"}', b'{"choices":[],"choices":[]}'])
def test_what_is_no_answer_is_not_released(body: bytes) -> None:
    with pytest.raises(UpstreamInvalid):
        reviewed(body, {0: "Goedgekeurd"})
