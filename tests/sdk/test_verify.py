# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the public learns, over a real socket, of what the unmodified SDK was given and of what it was not given yet."""

import asyncio
import json
from typing import Any

import httpx
import openai
import pytest

from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHAT = "/v1/chat/completions"
SAID = "Beste lezer. Wij behandelen uw aanvraag binnen zes weken!"
ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": SAID}, "finish_reason": "stop"}],
}
FORGED = "ABCD-EFGH-JKMN"


def ask(model: str) -> Any:  # noqa: ANN401
    return {"model": model, "messages": [{"role": "user", "content": f"Schrijf iets voor {model}."}]}


async def verified(waarmerk: Installation, **question: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60) as public:
        answered = await public.post("/api/v1/verifications", json=question)
    assert answered.status_code == 200, answered.text
    return answered


async def test_a_draft_is_known_by_its_code_and_proved_by_its_text(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, answer(ANSWER))
    completion = await client.chat.completions.create(**ask("balie-concept"))
    text = completion.choices[0].message.content or ""
    (code,) = (completion.model_extra or {})["ai_provenance"]["codes"]
    (alone,) = (await verified(waarmerk, code=code)).json()["codes"]
    assert (alone["standing"], alone["status"], alone["kind"]) == ("told", "delivered", "internal-draft")
    for presented, comparison in ((text, "same"), (SAID, "same"), (text.replace("zes", "tien"), "different")):
        (told,) = (await verified(waarmerk, code=code, text=presented)).json()["codes"]
        assert told["comparison"] == comparison
    (marked,) = (await verified(waarmerk, text=text)).json()["codes"]
    assert (marked["standing"], marked["day"], marked["organisation"]["name"]) == ("marked", None, "Gemeente Voorbeeld")
    async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60) as public:
        page = await public.get(f"/v/{code.lower().replace('-', '')}", follow_redirects=True)
        assert (page.status_code, code in page.text) == (200, True)
        assert SAID not in page.text
        receipt = await public.get(f"/v/{code}/receipt.json")
        for _ in range(100):
            if receipt.status_code == 503:  # the log is signed twice a second
                await asyncio.sleep(0.3)
                receipt = await public.get(f"/v/{code}/receipt.json")
    assert receipt.json()["record"] == waarmerk.records("exchange:delivered")[-1]["id"]


async def test_a_held_text_is_unknown_to_the_public(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, answer(ANSWER))
    with pytest.raises(openai.APIStatusError) as held:
        await client.chat.completions.create(**ask("balie-antwoord"))
    assert held.value.status_code == 423
    codes = [code for record in waarmerk.records() for code in (record.get("codes") or {}).values()]
    assert codes
    bodies = []
    for code in (codes[0], FORGED):
        for question in ({"code": code}, {"code": code, "text": SAID}):
            answered = await verified(waarmerk, **question)
            assert answered.json()["codes"][0]["standing"] == "unknown"
            bodies.append(answered.content.replace(code.encode(), b"CODE"))
    assert bodies[:2] == bodies[2:]
    assert json.loads(bodies[1])["found"] == []
