# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The unmodified `openai` SDK, pointed at Waarmerk, over a real socket."""

import json
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from app.domain.json import Json
from tests.fake_upstream import FakeUpstream, answer, sse, whole
from tests.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHAT = "/v1/chat/completions"
ASK: dict[str, Any] = {
    "model": "balie-zoekvraag",
    "messages": [{"role": "user", "content": "Hoe vraag ik een paspoort aan?"}],
}


def completion(*contents: str | None, **message: Json) -> dict[str, Any]:
    choices = [
        {"index": place, "message": {"role": "assistant", "content": content, **message}, "finish_reason": "stop"}
        for place, content in enumerate(contents)
    ]
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1795456683, "model": "m", "choices": choices}


def chunk(index: int, finish: str | None = None, **delta: Json) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


async def test_chat(client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation) -> None:
    upstream.on(CHAT, answer(completion("paspoort aanvragen")))
    response = await client.chat.completions.create(**ASK, extra_headers={"Waarmerk-Context": 'actor="p-1", lang="nl"'})
    assert response.choices[0].message.content == "paspoort aanvragen"
    provenance = (response.model_extra or {})["ai_provenance"]
    assert provenance["generated"] is True
    assert provenance["id"] == response._request_id  # noqa: SLF001 the SDK's own name for it
    opened, delivered = waarmerk.records("exchange:")
    assert (opened["type"], delivered["type"]) == ("exchange:opened", "exchange:delivered")
    assert (opened["exchange"], delivered["prev"]) == (provenance["id"], opened["id"])
    assert (opened["requester"], list(opened["context"])) == ("known", ["actor"])
    assert delivered["codes"] == {"0": provenance["codes"][0]}


async def test_what_goes_out_is_the_judged_body_and_nothing_of_the_clients_headers(
    client: openai.AsyncOpenAI, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, answer(completion("ja")))
    await client.chat.completions.create(
        **ASK, extra_headers={"Waarmerk-Context": 'actor="geheim-1"', "X-Own": "geheim-2"}
    )
    (request,) = upstream.requests
    assert json.loads(request.body) == {**ASK, "model": "SmolLM2-135M-Instruct"}
    sent = bytes(request.connection.received)
    assert client.api_key.encode() not in sent
    assert b"geheim" not in sent
    assert {name.lower() for name, _ in request.headers} <= {
        "host", "accept", "accept-encoding", "content-type", "content-length", "user-agent",
    }  # fmt: skip


async def test_stream(client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation) -> None:
    upstream.on(CHAT, sse([chunk(0, content="Dag "), chunk(0, content="é🙂"), chunk(0, "stop")]))
    chunks = [part async for part in await client.chat.completions.create(**ASK, stream=True)]
    assert "".join(part.choices[0].delta.content or "" for part in chunks) == "Dag é🙂"
    assert (chunks[-1].model_extra or {})["ai_provenance"]["generated"] is True
    assert [record["type"] for record in waarmerk.records("exchange:")] == ["exchange:opened", "exchange:delivered"]


async def test_several_choices(client: openai.AsyncOpenAI, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, answer(completion("een", "twee")))
    response = await client.chat.completions.create(**ASK, n=2)
    assert [choice.message.content for choice in response.choices] == ["een", "twee"]
    assert len({*(response.model_extra or {})["ai_provenance"]["codes"]}) == 2


async def test_several_choices_in_a_stream(client: openai.AsyncOpenAI, upstream: FakeUpstream) -> None:
    parts = [
        chunk(0, content="een"),
        chunk(1, content="twee"),
        chunk(1, "stop"),
        chunk(0, content="!"),
        chunk(0, "stop"),
    ]
    upstream.on(CHAT, sse(parts))
    texts = {0: "", 1: ""}
    async for part in await client.chat.completions.create(**ASK, n=2, stream=True):
        for choice in part.choices:
            texts[choice.index] += choice.delta.content or ""
    assert texts == {0: "een!", 1: "twee"}


async def test_tools_come_through_to_the_letter(client: openai.AsyncOpenAI, upstream: FakeUpstream) -> None:
    arguments = '{"q": "paspoort",  "max": 1.50}'
    call: Json = {"id": "t1", "type": "function", "function": {"name": "zoek", "arguments": arguments}}
    upstream.on(CHAT, answer(completion(None, tool_calls=[call])))
    tool: Any = {"type": "function", "function": {"name": "zoek", "parameters": {"type": "object"}}}
    response = await client.chat.completions.create(**ASK, tools=[tool])
    (made,) = response.choices[0].message.tool_calls or []
    assert made.type == "function"
    assert (made.function.name, made.function.arguments) == ("zoek", arguments)
    assert json.loads(upstream.requests[0].body)["tools"] == [tool]


async def test_a_schema_still_parses(client: openai.AsyncOpenAI, upstream: FakeUpstream) -> None:
    class Terms(BaseModel):
        terms: list[str]

    upstream.on(CHAT, answer(completion('{"terms":["paspoort"]}')))
    response = await client.chat.completions.parse(**ASK, response_format=Terms)
    assert response.choices[0].message.parsed == Terms(terms=["paspoort"])


async def test_fields_of_next_month_come_through_unharmed(client: openai.AsyncOpenAI, upstream: FakeUpstream) -> None:
    golden = (
        b'{"id":"chatcmpl-1", "object":"chat.completion","created":1,"model":"m","next_year":{"depth":1.50,"big":123456789012345678901},'
        b'\n "choices":[{"index":0,"message":{"role":"assistant","content":"Dag \\u00e9","moods":["calm"]},"finish_reason":"stop"}]}'
    )
    upstream.on(CHAT, whole(golden))
    raw = await client.chat.completions.with_raw_response.create(
        **ASK, extra_body={"asked_next_year": {"x": [1, None]}}
    )
    body = raw.content
    assert body.startswith(golden[:-1] + b',"ai_provenance":{')
    assert (raw.parse().model_extra or {})["next_year"]["depth"] == 1.5
    assert json.loads(upstream.requests[0].body)["asked_next_year"] == {"x": [1, None]}


async def test_a_refusal_by_policy_is_a_typed_error_with_rule_and_remedy(
    waarmerk: Installation, upstream: FakeUpstream
) -> None:
    key = waarmerk.key("oude-tool")
    async with openai.AsyncOpenAI(base_url=f"{waarmerk.address}/v1", api_key=key) as client:
        with pytest.raises(openai.PermissionDeniedError) as caught:
            await client.chat.completions.create(**{**ASK, "model": "oude-samenvatting"})
    error: Any = caught.value
    assert (error.code, error.type) == ("blocked_by_policy", "permission_error")
    assert (error.body["rule"], bool(error.body["remedy"])) == ("consumer-terms", True)
    assert error.request_id == waarmerk.records("exchange:refused")[0]["exchange"]
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("asked", "kind"), [("no-such-task", openai.PermissionDeniedError), ("", openai.BadRequestError)]
)
async def test_an_unknown_task_is_refused_and_recorded(
    client: openai.AsyncOpenAI,
    waarmerk: Installation,
    upstream: FakeUpstream,
    asked: str,
    kind: type[openai.APIStatusError],
) -> None:
    with pytest.raises(kind):
        await client.chat.completions.create(**{**ASK, "model": asked})
    assert len(waarmerk.records("exchange:refused")) == 1
    assert upstream.requests == []


async def test_what_no_room_can_do_is_refused_not_ignored(
    client: openai.AsyncOpenAI, waarmerk: Installation, upstream: FakeUpstream
) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        await client.chat.completions.create(**{**ASK, "model": "balie-chat"})
    assert caught.value.code == "obligation-unsupported"
    assert "Notice" in caught.value.message
    assert waarmerk.records("exchange:refused")[0]["name"] == "obligation-unsupported"
    assert upstream.requests == []


async def test_a_stranger_is_turned_away_and_fills_no_log(waarmerk: Installation, upstream: FakeUpstream) -> None:
    async with openai.AsyncOpenAI(base_url=f"{waarmerk.address}/v1", api_key="wmk_" + "x" * 43) as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            await client.chat.completions.create(**ASK)
    assert caught.value.code == "not-authenticated"
    assert waarmerk.records("exchange:") == []
    assert upstream.requests == []


async def test_an_upstream_error_keeps_its_kind_and_leaves_its_text_behind(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    told = {"error": {"message": "geheim", "code": "context_length_exceeded"}}
    upstream.on(CHAT, answer(told, status=400))
    with pytest.raises(openai.BadRequestError) as caught:
        await client.chat.completions.create(**ASK)
    assert caught.value.code == "context_length_exceeded"
    assert "geheim" not in str(caught.value.body)
    (failed,) = waarmerk.records("exchange:failed")
    assert (failed["cause"], failed["upstream_status"]) == ("upstream-rejected", 400)
    assert "geheim" not in waarmerk.log.read_text()


async def test_a_stream_that_is_cut_ends_with_an_error_never_with_a_false_end(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, sse([chunk(0, content="Dag")], done=False))
    stream = aiter(await client.chat.completions.create(**ASK, stream=True))
    assert (await anext(stream)).choices[0].delta.content == "Dag"
    with pytest.raises(openai.APIError) as caught:
        await anext(stream)
    assert caught.value.code == "upstream-invalid"
    assert waarmerk.records("exchange:failed")[0]["cause"] == "upstream-invalid"


async def test_the_list_holds_what_this_key_may_use_and_no_more(client: openai.AsyncOpenAI) -> None:
    names = [model.id async for model in client.models.list()]
    assert "balie-zoekvraag" in names
    assert "balie-chat" not in names
    assert (await client.models.retrieve("balie-zoekvraag")).owned_by == "gemeente-voorbeeld"
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("oude-samenvatting")


async def test_other_routes_do_not_exist(client: openai.AsyncOpenAI, upstream: FakeUpstream) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        await client.embeddings.create(model="balie-zoekvraag", input="x")
    assert caught.value.code == "unknown-route"
    assert upstream.requests == []
