# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The letter out by another part of the answer, by an error or by a number, before or beside its approval (A2, A4, A20, A30, A31)."""

import json
from typing import Any

import pytest

from tests.attacks.scene import DRAFT, HELD, LETTER, SECRET, Scene
from tests.fake_upstream import answer, head, raw, whole
from tests.reviewers import CHAT, completion

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOOL: dict[str, Any] = {"type": "function", "function": {"name": "zoek-kennisbank", "parameters": {"type": "object"}}}
CALL: dict[str, Any] = {"id": "call_1", "type": "function", "function": {"name": "zoek-kennisbank", "arguments": "{}"}}
SAID = "De brief ligt klaar."
BESIDE: dict[str, dict[str, Any]] = {
    "a refusal": {"refusal": SECRET},
    "a thought": {"reasoning_content": SECRET},
    "a thought by another name": {"reasoning": SECRET, "reasoning_details": [{"text": SECRET}], "thinking": SECRET},
    "a source": {"annotations": [{"type": "url_citation", "url_citation": {"url": f"https://{SECRET}", "title": SECRET}}]},
    "a voice": {"audio": {"id": "a", "data": "AA==", "transcript": SECRET, "expires_at": 1}},
    "a picture": {"images": [{"image_url": {"url": f"data:,{SECRET}"}}]},
    "a field of next month": {"letter": {"body": [SECRET]}},
    "the argument of a call": {"tool_calls": [{**CALL, "function": {"name": "zoek-kennisbank", "arguments": SECRET}}]},
    "the name of a call": {"tool_calls": [{**CALL, "function": {"name": SECRET, "arguments": "{}"}}]},
    "the id of a call": {"tool_calls": [{**CALL, "id": SECRET}]},
    "an old call": {"function_call": {"name": "zoek-kennisbank", "arguments": SECRET}},
    "a role": {"role": SECRET},
}  # fmt: skip


@pytest.mark.parametrize("where", BESIDE)
async def test_what_stands_beside_the_text_leaves_neither_before_nor_after_its_approval(
    scene: Scene, where: str
) -> None:
    scene.says(SAID, **BESIDE[where])
    review = await scene.held(tools=[TOOL])
    assert (await scene.retrieve(review)).status_code == 423
    await scene.anna.approve(review["id"])
    done = await scene.retrieve(review)
    assert SAID.rstrip(".") in done.json()["choices"][0]["message"]["content"]
    assert scene.leaked() == []


TOP: dict[str, Any] = {
    "system_fingerprint": SECRET,
    "service_tier": SECRET,
    "id": SECRET,
    "citations": [SECRET],
    "search_results": [{"snippet": SECRET}],
    "prompt_filter_results": [{"content": SECRET}],
    "usage": {"completion_tokens": 7, "prompt_tokens": 1, "total_tokens": 8, "text": SECRET},
    "provider": SECRET,
    "ai_provenance": {"generated": False, "note": SECRET},
    "review": {"status": "approved", "text": SECRET},
}


async def test_nothing_around_the_choices_leaves_while_they_are_held(scene: Scene) -> None:
    for name, value in TOP.items():
        scene.model.on(CHAT, answer({**completion(LETTER), name: value}, headers=[("x-request-id", SECRET)]))
        for stream in (False, True):
            review = await scene.held(stream=stream)
            assert (await scene.retrieve(review)).status_code == 423
            assert (await scene.send("GET", review["status_url"])).status_code == 200
    assert scene.leaked() == []


async def test_no_number_tells_how_long_the_held_text_is(scene: Scene) -> None:
    """Two answers of very different length look alike until they are approved (A31)."""
    shapes: dict[str, set[tuple[int, str, str]]] = {}
    for text, tokens in (("Ja.", 2), (LETTER * 200, 9000)):
        scene.model.on(
            CHAT, answer({**completion(text), "usage": {"completion_tokens": tokens, "total_tokens": tokens}})
        )
        response = await scene.ask(HELD)
        review = response.json()["error"]["review"]
        status = await scene.send("GET", review["status_url"])
        retrieved = await scene.retrieve(review)
        for asked, told in {"call": response, "status": status, "retrieval": retrieved}.items():
            head = " ".join(sorted(name.lower() for name in told.headers))
            shapes.setdefault(asked, set()).add((len(told.content), told.headers["content-length"], head))
            assert "usage" not in told.text
    assert {asked: len(seen) for asked, seen in shapes.items()} == {"call": 1, "status": 1, "retrieval": 1}


JSON = [("Content-Type", "application/json")]
ERRORS = {
    "an error of the request": answer({"error": {"message": SECRET, "code": SECRET, "param": SECRET, "type": SECRET}}, status=400),
    "a filter that quotes": answer(
        {"error": {"code": "content_filter", "innererror": {"content_filter_result": {"text": SECRET}}}}, status=400
    ),
    "an error in a page": whole(f"<h1>{SECRET}</h1>".encode(), status=500, content_type="text/html"),
    "an error in its head": whole(b"{}", status=429, headers=[("x-error", SECRET), ("retry-after", SECRET)]),
    "an answer and an error": answer({**completion(LETTER), "error": {"message": SECRET}}),
    "an answer without an end": raw(head(200, [*JSON, ("Content-Length", "9999")]), SECRET.encode(), close=True),
    "no JSON": whole(SECRET.encode()),
    "another kind": whole(SECRET.encode(), content_type="text/plain"),
    "choices that are none": answer({"choices": SECRET}),
    "a text twice": whole(json.dumps(completion("x")).replace('"x"', f'"x","content":"{SECRET}"').encode()),
    "a choice nobody asked for": answer(completion(LETTER, LETTER)),
}  # fmt: skip


@pytest.mark.parametrize("task", [HELD, DRAFT])
async def test_no_error_says_what_the_model_said(scene: Scene, task: str) -> None:
    for name, script in ERRORS.items():
        scene.model.on(CHAT, script)
        scene.left.clear()
        response = await scene.ask(task)
        assert response.status_code in {200, 400, 423, 429, 502}, name
        if response.status_code != 200:
            assert scene.leaked() == [], name
        assert (response.status_code == 200) == (task == DRAFT and name == "an answer and an error"), name
    assert SECRET not in scene.waarmerk.log.read_text()


async def test_an_answer_without_a_text_is_no_hold_that_somebody_could_approve(scene: Scene) -> None:
    scene.says(None, audio={"transcript": SECRET}, reasoning_content=SECRET)
    assert (await scene.ask(HELD)).status_code == 502
    assert (scene.leaked(), scene.waarmerk.records("hold:")) == ([], [])


@pytest.mark.parametrize(
    "said", [f"```\n{LETTER}\n```", json.dumps({"brief": LETTER}), f"<p>{LETTER}</p>", f"#!\n{LETTER}"]
)
async def test_a_letter_that_looks_like_code_is_published_with_its_label(scene: Scene, said: str) -> None:
    """A model can be asked for a code block or for JSON without the request saying so (A9)."""
    scene.says(said)
    review = await scene.held()
    await scene.anna.approve(review["id"])
    done = (await scene.retrieve(review)).json()
    first, *_, last = done["choices"][0]["message"]["content"].splitlines()
    (code,) = done["ai_provenance"]["codes"]
    assert "AI" in first
    assert code in last
    assert {"label", "code-line"} <= set(done["ai_provenance"]["marks"])


@pytest.mark.parametrize("asked", [{"logprobs": True, "top_logprobs": 5}, {"response_format": {"type": "json_object"}}])
async def test_a_form_that_would_spell_the_text_out_is_not_asked_for(scene: Scene, asked: dict[str, Any]) -> None:
    """Log probabilities and forms for machines are granted by the task, not by the request (A9, A30)."""
    response = await scene.ask(HELD, **asked)
    assert (response.status_code, response.json()["error"]["rule"]) == (403, "structured-not-listed")
    scene.nothing_happened()


async def test_log_probabilities_that_come_unasked_leave_neither_before_nor_after(scene: Scene) -> None:
    told = completion(SAID)
    told["choices"][0]["logprobs"] = {"content": [{"token": SECRET, "logprob": 0, "bytes": None, "top_logprobs": []}]}
    scene.model.on(CHAT, answer(told))
    review = await scene.held()
    await scene.anna.approve(review["id"])
    assert (await scene.retrieve(review)).json()["choices"][0]["logprobs"] is None
    assert scene.leaked() == []


async def test_a_letter_does_not_leave_as_the_argument_of_a_call(scene: Scene) -> None:
    """Calls of tools are released at once, so what they may say is bounded (A2)."""
    arguments = json.dumps({"vraag": LETTER * 30})
    scene.says(None, tool_calls=[{**CALL, "function": {"name": "zoek-kennisbank", "arguments": arguments}}])
    response = await scene.ask(HELD, tools=[TOOL])
    assert response.status_code == 502
    assert scene.leaked() == []
    scene.says(
        None, tool_calls=[{**CALL, "function": {"name": "zoek-kennisbank", "arguments": '{"vraag": "paspoort"}'}}]
    )
    response = await scene.ask(HELD, tools=[TOOL])
    assert response.json()["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] == '{"vraag": "paspoort"}'


async def test_no_call_of_a_tool_that_policy_does_not_list_leaves(scene: Scene) -> None:
    """Neither by asking for it, nor by a model that calls what nobody offered."""
    other = {"type": "function", "function": {"name": "publiceer", "parameters": {"type": "object"}}}
    assert (await scene.ask(HELD, tools=[TOOL, other])).status_code == 403
    scene.nothing_happened()
    offers: list[dict[str, Any]] = [{"tools": [TOOL]}, {}]
    for made in offers:
        scene.says(None, tool_calls=[{**CALL, "function": {"name": "publiceer", "arguments": f'{{"t":"{SECRET}"}}'}}])
        assert (await scene.ask(HELD, **made)).status_code == 502
    assert scene.leaked() == []
