# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The unmodified `openai` SDK and a task whose prose is marked (`internal-draft`), over a real socket."""

import json
from typing import Any

import openai
import pytest

from tests.fake_upstream import FakeUpstream, answer, sse
from tests.installation import Installation
from watermark import text
from watermark.model import Check

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHAT = "/v1/chat/completions"
ASK: dict[str, Any] = {"model": "balie-concept", "messages": [{"role": "user", "content": "Schrijf een opzet."}]}
LABEL = {"nl": "AI-concept. Niet gecontroleerd. Niet publiceren.", "en": "AI draft. Not checked. Do not publish."}
TEXTS = ("Beste lezer. Wij behandelen uw aanvraag binnen zes weken!", "Geachte mevrouw, hebt u haast? Bel dan.")


def completion(*messages: dict[str, Any]) -> dict[str, Any]:
    choices = [
        {"index": index, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
        for index, message in enumerate(messages)
    ]
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}


def chunk(index: int, finish: str | None = None, **delta: Any) -> dict[str, Any]:  # noqa: ANN401 any field of the vendor
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def plain(marked: str, code: str, address: str, language: str = "nl") -> str:
    """What the model said, of a text that carries its label, its code line and its ids; fails when one is missing."""
    made = {"nl": "Gemaakt met AI", "en": "Made with AI"}[language]
    closing = f"\n\n\u2014\n{made} · code {code} · {address}/v/{code}"
    assert marked.startswith(f"{LABEL[language]}\n\n")
    assert marked.endswith(closing)
    found = text.find(marked)
    assert found
    assert {(each.code, each.check) for each in found} == {(code, Check.VALID)}
    return text.remove(marked.removeprefix(f"{LABEL[language]}\n\n").removesuffix(closing))


async def whole(client: openai.AsyncOpenAI, **more: Any) -> tuple[list[str], dict[str, Any]]:  # noqa: ANN401
    response = await client.chat.completions.create(**{**ASK, **more})
    return [choice.message.content or "" for choice in response.choices], (response.model_extra or {})["ai_provenance"]


async def test_a_draft_says_what_it_is(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, answer(completion(*({"content": said} for said in TEXTS))))
    contents, provenance = await whole(client, n=2)
    codes = provenance["codes"]
    assert [plain(content, code, waarmerk.address) for content, code in zip(contents, codes, strict=True)] == [*TEXTS]
    assert provenance["marks"] == ["label", "sentence-ids", "code-line"]
    assert provenance["content_class"] == "prose"
    assert provenance["verify_url"] == [f"{waarmerk.address}/v/{code}" for code in codes]
    assert waarmerk.records("exchange:delivered")[0]["codes"] == {"0": codes[0], "1": codes[1]}


async def test_a_streamed_draft_says_the_same(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    pieces = [
        chunk(index, content=said[start : start + 3])
        for start in range(0, max(map(len, TEXTS)), 3)
        for index, said in enumerate(TEXTS)
        if said[start : start + 3]
    ]
    parts = [chunk(0, role="assistant", content=""), *pieces, chunk(1, "length"), chunk(0, "stop")]
    upstream.on(CHAT, sse([*parts, {**chunk(0), "choices": [], "usage": None}]))
    texts, finishes = {0: "", 1: ""}, {}
    codes: list[str] = []
    async for part in await client.chat.completions.create(**ASK, n=2, stream=True):
        codes = (part.model_extra or {}).get("ai_provenance", {}).get("codes", codes)
        for choice in part.choices:
            assert choice.index not in finishes
            texts[choice.index] += choice.delta.content or ""
            if choice.finish_reason:
                finishes[choice.index] = choice.finish_reason
    assert {index: plain(said, codes[index], waarmerk.address) for index, said in texts.items()} == dict(
        enumerate(TEXTS)
    )
    assert finishes == {0: "stop", 1: "length"}


async def test_the_helper_of_the_sdk_puts_the_same_together(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, sse([*(chunk(0, content=character) for character in TEXTS[0]), chunk(0, "stop")]))
    async with client.chat.completions.stream(**ASK) as stream:
        final = await stream.get_final_completion()
    (code,) = (final.model_extra or {})["ai_provenance"]["codes"]
    assert plain(final.choices[0].message.content or "", code, waarmerk.address) == TEXTS[0]


async def test_the_language_that_is_asked_for(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, answer(completion({"content": "A sentence of words."})))
    contents, provenance = await whole(client, extra_headers={"Waarmerk-Context": 'lang="en"'})
    assert plain(contents[0], provenance["codes"][0], waarmerk.address, "en") == "A sentence of words."


async def test_a_plain_task_carries_no_invisible_characters(client: openai.AsyncOpenAI, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, answer(completion({"content": TEXTS[0]})))
    contents, provenance = await whole(client, model="balie-register")
    assert contents[0].startswith(f"{LABEL['nl']}\n\n{TEXTS[0]}\n\n")
    assert provenance["marks"] == ["label", "code-line"]


async def test_what_was_marked_is_sent_on_without_its_marks(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, answer(completion({"content": TEXTS[0]})))
    (said,), _ = await whole(client)
    turn: Any = [{"role": "assistant", "content": said}, {"role": "user", "content": f"Korter: {said}"}]
    await whole(client, messages=[*ASK["messages"], *turn])
    sent = json.loads(upstream.requests[-1].body)["messages"]
    assert [message["content"] for message in sent[1:]] == [TEXTS[0], f"Korter: {said}"]


@pytest.mark.parametrize("said", ['{"a": "Een zin. Nog een."}', "<p>Een zin. Nog een.</p>"])
async def test_what_is_not_prose_comes_through_to_the_letter(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, said: str
) -> None:
    upstream.on(CHAT, answer(completion({"content": said})))
    contents, provenance = await whole(client)
    assert (contents, provenance["marks"], provenance["content_class"]) == ([said], [], "machine")


@pytest.mark.parametrize("asked", [{"response_format": {"type": "json_object"}}, {"logprobs": True}])
async def test_a_client_cannot_ask_the_marks_away(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, asked: dict[str, Any]
) -> None:
    """Only a task whose policy lists it may answer in a form that carries no mark (A9)."""
    with pytest.raises(openai.PermissionDeniedError) as caught:
        await whole(client, **asked)
    body: Any = caught.value.body
    assert body["rule"] == "structured-not-listed"
    assert upstream.requests == []


async def test_a_stream_of_a_draft_that_is_cut_gives_out_what_was_held_and_ends_with_an_error(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, sse([chunk(0, content="Een zin van woorden.")], done=False))
    texts: list[str] = []
    codes: list[str] = []
    stream = await client.chat.completions.create(**ASK, stream=True)

    async def read() -> None:
        async for part in stream:
            codes.extend((part.model_extra or {}).get("ai_provenance", {}).get("codes", []))
            texts.append(part.choices[0].delta.content or "")

    with pytest.raises(openai.APIError) as caught:
        await read()
    assert caught.value.code == "upstream-invalid"
    assert plain("".join(texts), codes[0], waarmerk.address) == "Een zin van woorden."
    assert waarmerk.records("exchange:failed")[0]["cause"] == "upstream-invalid"
