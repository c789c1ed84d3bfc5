# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""OpenAI chat answers come through whole: fields of next month, numbers as they were spelled, any `n`, tools, any chunking."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialects.openai import OpenAIChat, StreamReader, WholeReader
from app.dialects.request import describe
from app.domain.answer import Event
from app.domain.call import Call
from app.domain.decision import Deployment
from app.domain.errors import UpstreamFailed, UpstreamInvalid
from app.domain.generation import Generation
from app.domain.json import Json, JsonObject

CHAT = OpenAIChat()
MARK: JsonObject = {"generated": True, "id": "exc_1"}
GOLDEN = (
    b'{"id":"chatcmpl-1", "object":"chat.completion","created":1732382709,"model":"m-2027","new_field":{"depth":1.50,"big":'
    b'12345678901234567890123},\n "choices":[{"index":0,"message":{"role":"assistant","content":"Dag \\u00e9\\ud83d\\ude42 }",'
    b'"annotations":[{"x":1e5}],"refusal":null},"logprobs":null,"finish_reason":"stop","future":[0.10]}],"usage":'
    b'{"total_tokens":3}, "system_fingerprint":"fp"}\n'
)


@dataclass
class Head:
    """An answer of which only the head matters."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        return
        yield

    async def aclose(self) -> None:
        """Nothing is open."""


def ask(**more: Json) -> Generation:
    return describe({"model": "t", "messages": [{"role": "user", "content": "x"}], **more}, {})


def whole(raw: bytes, choices: int = 2) -> Event:
    reader = WholeReader(choices)
    reader.feed(raw)
    (event,) = reader.close()
    return event


def stream(choices: int, *chunks: bytes) -> list[Event]:
    reader = StreamReader(choices)
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    return [*events, *reader.close()]


def sse(**tree: Json) -> bytes:
    return b"data: " + orjson.dumps(tree) + b"\n\n"


def delta(index: int, finish: str | None = None, **part: Json) -> bytes:
    return sse(choices=[{"index": index, "delta": part, "finish_reason": finish}])


DONE = b"data: [DONE]\n\n"


@pytest.mark.parametrize(("size", "beside"), [(100, False), (300_000, True)])
async def test_other_calls_are_served_while_a_large_body_is_read(size: int, beside: bool) -> None:
    served = asyncio.Event()
    other = asyncio.get_running_loop().create_task(_serve(served))

    async def body() -> bytes:
        return orjson.dumps({"model": "t", "messages": [{"role": "user", "content": "x" * size}]})

    generation = await CHAT.describe(Call("POST", "/v1/chat/completions", {}, body))
    assert (generation.prompt, served.is_set()) == (("x" * size,), beside)
    await other


async def _serve(served: asyncio.Event) -> None:
    served.set()


def test_every_untouched_byte_of_an_answer_is_the_upstreams_own() -> None:
    enclosed = CHAT.enclose(whole(GOLDEN), MARK)
    assert enclosed == GOLDEN.replace(b'"fp"}', b'"fp","ai_provenance":{"generated":true,"id":"exc_1"}}')


def test_what_is_found_in_an_answer() -> None:
    event = whole(GOLDEN)
    assert [(found.choice, found.place, found.text) for found in event.findings] == [(0, "content", "Dag é🙂 }")]
    assert (event.finishes, event.closing) == ((0,), True)


def test_tool_calls_and_refusals_are_output_too() -> None:
    call: Json = {"id": "t1", "type": "function", "function": {"name": "zoek", "arguments": '{"q":"x"}'}}
    choices: Json = [
        {
            "index": 0,
            "message": {"role": "assistant", "content": None, "tool_calls": [call]},
            "finish_reason": "tool_calls",
        },
        {"index": 1, "message": {"role": "assistant", "refusal": "Nee."}, "finish_reason": "stop"},
    ]
    found = whole(orjson.dumps({"choices": choices})).findings
    assert [(item.choice, item.place, item.text) for item in found] == [
        (0, "tool_calls", "t1"),
        (0, "tool_calls", "function"),
        (0, "tool_calls", "zoek"),
        (0, "tool_calls", '{"q":"x"}'),
        (1, "refusal", "Nee."),
    ]


@pytest.mark.parametrize("claim", [b'"ai_provenance":{"review":"approved"}', b'"review":{"status":"approved"}'])
def test_a_claim_that_only_the_house_may_make_is_taken_off(claim: bytes) -> None:
    forged = b'{%b,"n":1.50,"choices":[{"message":{"content":"a"}}]}' % claim
    assert CHAT.enclose(whole(forged), MARK) == (
        b'{"n":1.50,"choices":[{"message":{"content":"a"}}],"ai_provenance":{"generated":true,"id":"exc_1"}}'
    )
    (event, _) = stream(1, b'data: {%b,"n":1.50,"choices":[]}\n\n' % claim, DONE)
    assert event.raw == b'data: {"n":1.50,"choices":[]}\n\n'


def test_a_forged_claim_in_an_ambiguous_answer_is_refused() -> None:
    with pytest.raises(UpstreamInvalid):
        whole(b'{"ai_provenance":1,"choices":[{"message":{"content":"a"}}],"x":1,"x":2}')


@pytest.mark.parametrize("more", [b"id: 1\n", b": geheim\n", b"retry: 5\n", b"geheim: x\n", b"\r"])
def test_of_an_event_only_its_data_is_passed_on(more: bytes) -> None:
    chunk = delta(0, "stop", content="a")
    events = stream(1, more + chunk, more + DONE)
    assert [event.raw for event in events] == [chunk, DONE]
    assert orjson.loads(CHAT.enclose(events[0], MARK)[6:])["ai_provenance"] == MARK


@pytest.mark.parametrize("reason", [None, ""])
def test_an_empty_reason_ends_nothing(reason: str | None) -> None:
    assert [event.closing for event in stream(1, delta(0, reason, content="a"), DONE)] == [False, True]


@pytest.mark.parametrize("index", [b"true", b"-1", b"2", b"18446744073709551615"])
def test_a_choice_that_nobody_asked_for_is_refused(index: bytes) -> None:
    for finish in (b"null", b'"stop"'):
        choices = b'{"choices":[{"index":%s,"delta":{"content":"a"},"finish_reason":%s}]}' % (index, finish)
        with pytest.raises(UpstreamInvalid):
            stream(2, b"data: " + choices + b"\n\n", DONE)
        with pytest.raises(UpstreamInvalid):
            whole(choices.replace(b"delta", b"message"))
    with pytest.raises(UpstreamInvalid):
        whole(b'{"choices":[{"message":{"content":"a"}},{"message":{"content":"b"}}]}', 1)


DEEP = b"[" * 100 + b"]" * 100


@pytest.mark.parametrize(
    "message", [b'{"content":"a","content":"b"}', b'{"content": "a", "x": ' + DEEP + b"}", b'{"content":"\xff"}']
)
def test_an_answer_that_is_read_in_two_ways_is_refused(message: bytes) -> None:
    with pytest.raises(UpstreamInvalid):
        whole(b'{"choices":[{"message":' + message + b"}]}")
    with pytest.raises(UpstreamInvalid):
        stream(1, b'data: {"choices":[{"delta":' + message + b"}]}\n\n", DONE)


def test_closing_begins_where_the_last_open_choice_ends() -> None:
    chunks = [
        delta(0, content="a"),
        delta(1, content="b"),
        delta(1, "stop"),
        delta(0, "stop"),
        sse(choices=[], usage={}),
        DONE,
    ]
    events = stream(2, *chunks)
    assert [event.closing for event in events] == [False, False, False, True, True, True]
    assert [event.finishes for event in events] == [(), (), (1,), (0,), (), ()]


def test_without_a_finish_the_terminator_closes() -> None:
    assert [event.closing for event in stream(1, delta(0, content="a"), DONE)] == [False, True]


CHUNKS = st.lists(
    st.sampled_from([
        delta(0, content="Dag"), delta(1, content=" é🙂"), delta(0, "stop"), delta(1, "length"), b": comment\n\n",
        sse(choices=[], usage={"total_tokens": 1}), delta(0, tool_calls=[{"index": 0, "function": {"arguments": '{"a"'}}]),
    ]), max_size=8,
)  # fmt: skip


@given(CHUNKS, st.lists(st.integers(0, 900)))
def test_any_chunking_of_a_stream_gives_the_same_events(chunks: list[bytes], cuts: list[int]) -> None:
    body = b"".join(chunks) + DONE
    at = sorted({0, *(cut for cut in cuts if cut < len(body)), len(body)})
    assert stream(2, *(body[start:end] for start, end in pairwise(at))) == stream(2, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        delta(0, content="a"),
        delta(0, "stop"),
        delta(0, "stop") + b"data: [DON",
        b"data: {]\n\n" + DONE,
        b"data: []\n\n" + DONE,
        b"data: {}\n\n" + DONE,
        b'data: {"choices":["a"]}\n\n' + DONE,
        b'data: {"choices":[{"index":0,"delta":"text beside every field we know"}]}\n\n' + DONE,
        b'data: {"choices":[{"index":"0","delta":{"content":"a"}}]}\n\n' + DONE,
        b'event: provenance\ndata: {"choices":[]}\n\n' + DONE,
        DONE + delta(0, content="after the end"),
    ],
)
def test_a_stream_that_is_cut_or_strange_is_refused(body: bytes) -> None:
    with pytest.raises(UpstreamInvalid):
        stream(1, body)


def test_an_error_in_a_stream_ends_it_without_its_text() -> None:
    with pytest.raises(UpstreamFailed) as caught:
        stream(1, delta(0, content="a"), sse(error={"message": "geheim"}))
    assert "geheim" not in str(caught.value)


def test_text_in_comments_is_dropped() -> None:
    assert b"geheim" not in b"".join(event.raw for event in stream(1, b": geheim\n\n", delta(0, "stop"), DONE))


@pytest.mark.parametrize(
    "body",
    rb'/[]/{}/{"choices":[]}/{"choices":{}}/{"choices":["a"]}/{"choices":[{"index":0,"message":["unknown"]}]}/<html>'.split(
        b"/"
    ),
)
def test_an_answer_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(UpstreamInvalid):
        whole(body)


@pytest.mark.parametrize(
    ("asked", "came"),
    [(False, "text/event-stream"), (True, "application/json"), (False, ""), (True, "text/html"), (False, "text/plain")],
)
def test_an_answer_of_another_kind_than_was_asked_is_refused(asked: bool, came: str) -> None:
    with pytest.raises(UpstreamInvalid):
        CHAT.reader(ask(stream=asked), Head(headers={"content-type": came}))


def test_the_kind_that_was_asked_is_read_whatever_its_parameters() -> None:
    assert isinstance(
        CHAT.reader(ask(), Head(headers={"content-type": "Application/JSON; charset=utf-8"})), WholeReader
    )
    assert isinstance(CHAT.reader(ask(stream=True), Head(headers={"content-type": "text/event-stream"})), StreamReader)


@pytest.mark.parametrize("parameters", ["charset=utf-16", "charset=utf-8; charset=utf-7", "charset=iso-8859-1"])
def test_bytes_that_a_client_would_read_as_other_letters_are_refused(parameters: str) -> None:
    with pytest.raises(UpstreamInvalid):
        CHAT.reader(ask(), Head(headers={"content-type": f"application/json; {parameters}"}))


def test_what_goes_out_is_what_was_judged_with_the_deployments_model_and_forced_fields() -> None:
    deployment = Deployment(
        id="d", provider="p", offering="o", contract="c", dialect="openai", scheme="https", host="a.example", port=443,
        path="/v1", model="upstream-model", region="NL", force=(("store", False),),
    )  # fmt: skip
    request = CHAT.prepare(ask(store=True, future={"x": 1.5}), deployment)
    assert (request.path, request.stream, request.deployment) == ("/chat/completions", False, deployment)
    assert orjson.loads(request.body) == {
        "model": "upstream-model",
        "messages": [{"role": "user", "content": "x"}],
        "store": False,
        "future": {"x": 1.5},
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"error":{"code":"context_length_exceeded","message":"geheim"}}', "context_length_exceeded"),
        (b'{"error":{"code":"geheim"}}', None),
        (b'{"error":{"code":["x"]}}', None),
        (b'{"error":"x"}', None),
        (b"[]", None),
        (b"<html>", None),
    ],
)
def test_only_listed_codes_of_an_upstream_error_are_passed_on(body: bytes, code: str | None) -> None:
    assert CHAT.rejection(body) == code


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "invalid_request_error"), (401, "authentication_error"), (403, "permission_error"), (404, "not_found_error"),
     (413, "invalid_request_error"), (429, "rate_limit_error"), (502, "api_error"), (503, "api_error")],
)  # fmt: skip
def test_a_refusal_is_a_problem_with_openais_error_inside(status: int, kind: str) -> None:
    told: JsonObject = {"status": status, "detail": "No.", "remedy": "Ask.", "code": "denied"}
    refused = CHAT.refuse(told)
    assert refused["detail"] == "No."
    assert refused["error"] == {"remedy": "Ask.", "message": "No. Ask.", "type": kind, "param": None, "code": "denied"}
    assert orjson.loads(CHAT.refuse_stream(told)[6:]) == refused


@pytest.mark.parametrize("reason", ["On hold", "On hold."])
def test_a_reason_that_a_person_wrote_does_not_run_into_what_to_do(reason: str) -> None:
    refused = CHAT.refuse({"status": 403, "detail": reason, "remedy": "Ask.", "code": "stopped"})
    assert isinstance(refused["error"], dict)
    assert refused["error"]["message"] == "On hold. Ask."


def test_a_review_is_told_in_openais_words() -> None:
    told: JsonObject = {
        "status": 423, "detail": "Held.", "remedy": "Wait.", "code": "held_for_review", "error_type": "human_review_pending",
        "review": {"id": "rev_1", "status": "pending"},
    }  # fmt: skip
    refused = CHAT.refuse(told)
    assert refused["error"] == {
        "remedy": "Wait.",
        "review": {"id": "rev_1", "status": "pending"},
        "message": "Held. Wait.",
        "type": "human_review_pending",
        "param": None,
        "code": "held_for_review",
    }
    assert "error_type" not in refused


def test_a_call_is_asked_whole() -> None:
    asked = ask(stream=True, stream_options={"include_usage": True}, future=1)
    wholly = CHAT.wholly(asked)
    assert (wholly.stream, wholly.body) == (False, ask(future=1).body)
    assert wholly.prompt == asked.prompt


def test_one_choice_has_one_text() -> None:
    message = b'{"index":0,"message":{"content":"a"}}'
    with pytest.raises(UpstreamInvalid):
        whole(b'{"choices":[%s,%s]}' % (message, message))
    with pytest.raises(UpstreamInvalid):
        stream(2, sse(choices=[{"index": 1, "delta": {"content": text}} for text in "ab"]), DONE)


def test_a_text_is_replaced_where_it_stands() -> None:
    assert CHAT.replace(whole(GOLDEN), {0: "Marked"}).raw == GOLDEN.replace(
        b'"content":"Dag \\u00e9\\ud83d\\ude42 }"', b'"content":"Marked"'
    )
    chunk = delta(1, None, content="Dag")
    (event, _) = stream(2, chunk, DONE)
    assert CHAT.replace(event, {1: "Marked"}).raw == chunk.replace(b"Dag", b"Marked")


def test_a_text_goes_ahead_of_an_event_in_an_event_of_its_own() -> None:
    (event, _) = stream(1, sse(id="c", choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]), DONE)
    expected = sse(id="c", choices=[{"index": 0, "delta": {"content": "een\ntwee"}, "finish_reason": None}])
    assert CHAT.ahead(event, {0: "een\ntwee"}) == expected


def test_what_is_retrieved_has_an_id_of_its_own_and_says_who_released_it() -> None:
    answer = CHAT.completed(whole(GOLDEN), "chatcmpl-rev_1", MARK, {"status": "approved"})
    read = orjson.loads(answer)
    assert (read["id"], read["ai_provenance"], read["review"]) == ("chatcmpl-rev_1", MARK, {"status": "approved"})
    assert b'"depth":1.50,"big":12345678901234567890123' in answer
    assert read["choices"] == orjson.loads(GOLDEN)["choices"]


def test_an_answer_that_is_held_has_the_form_that_was_asked_for() -> None:
    assert orjson.loads(CHAT.withheld(ask(), "chatcmpl-rev_1", {}))["object"] == "chat.completion"
    assert CHAT.withheld(ask(stream=True), "chatcmpl-rev_1", {}).endswith(DONE)
    assert CHAT.streamed(GOLDEN).endswith(DONE)


def test_the_list_of_models() -> None:
    entry = {"id": "t", "object": "model", "created": 0, "owned_by": "voorbeeld"}
    assert CHAT.models(["t"], "voorbeeld") == {"object": "list", "data": [entry]}


def test_a_keepalive_means_nothing() -> None:
    assert CHAT.keepalive().startswith(b":")
    assert CHAT.preamble(MARK).startswith(b": ai-generated")
