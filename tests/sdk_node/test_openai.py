# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The unmodified npm `openai` SDK, in a process of its own: sdk.test.mjs asks, this file answers and reads the log."""

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_upstream import Exchange, FakeUpstream, Script, answer, sse
from tests.installation import Installation

pytestmark = [pytest.mark.needs("node"), pytest.mark.needs("npm")]

HERE = Path(__file__).parent


@pytest.fixture
async def waarmerk(tmp_path: Path) -> AsyncIterator[Installation]:
    async with FakeUpstream() as model:
        model.on("/v1/chat/completions", by_question)
        async with Installation(tmp_path / "home", model.port) as running:
            yield running


async def test_every_call_of_the_sdk_works_and_stands_in_the_log(sdk: Path, waarmerk: Installation) -> None:
    keys = {"BALIE_KEY": waarmerk.key(), "OUDE_TOOL_KEY": waarmerk.key("oude-tool")}
    process = await asyncio.create_subprocess_exec(
        *["node", "--test", "--test-reporter=tap", "sdk.test.mjs"],
        cwd=sdk,
        env={"PATH": os.environ["PATH"], "WAARMERK_ADDRESS": waarmerk.address, **keys},
        stdout=asyncio.subprocess.PIPE,
    )
    told = (await asyncio.wait_for(process.communicate(), 240))[0].decode()
    assert process.returncode == 0, told
    written = len(re.findall(r"^test\(", (sdk / "sdk.test.mjs").read_text(), re.MULTILINE))
    assert f"\n# pass {written}\n" in told, told
    assert Counter(record["type"] for record in waarmerk.records("exchange:")) == {
        "exchange:opened": 9,
        "exchange:delivered": 8,
        "exchange:failed": 1,
        "exchange:refused": 2,
    }


def test_the_lock_names_hashes_and_no_addresses() -> None:
    text = (HERE / "package-lock.json").read_text()
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in text


async def by_question(exchange: Exchange) -> None:
    """Answer as the question says."""
    body = json.loads(exchange.request.body)
    await SCRIPTS[body["messages"][0]["content"]](exchange, body.get("n", 1))


async def whole(exchange: Exchange, choices: int) -> None:
    await answer(completion(*({"content": text} for text in ("een", "twee")[:choices])))(exchange)


async def draft(exchange: Exchange, _choices: int) -> None:
    """The same words, in the form that was asked for."""
    words = "Dit is een zin van woorden. En nog een zin!"
    pieces = [part(content=character) for character in words]
    streamed = json.loads(exchange.request.body).get("stream")
    await (sse([*pieces, part("stop")]) if streamed else answer(completion({"content": words})))(exchange)


def same(script: Script) -> Any:  # noqa: ANN401
    async def run(exchange: Exchange, _choices: int) -> None:
        await script(exchange)

    return run


def completion(*messages: dict[str, Any]) -> dict[str, Any]:
    choices = [
        {"index": place, "message": {"role": "assistant", "content": None, **message}, "finish_reason": "stop"}
        for place, message in enumerate(messages)
    ]
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}


def part(finish: str | None = None, **delta: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


CALL = {"id": "t1", "type": "function", "function": {"name": "zoek", "arguments": '{"q":  "paspoort"}'}}
SCRIPTS = {
    "whole": whole,
    "stream": same(sse([part(role="assistant", content="Dag "), part(content="é🙂"), part("stop")])),
    "draft": draft,
    "cut": same(sse([part(content="Dag ")], done=False)),
    "tools": same(answer(completion({"tool_calls": [CALL]}))),
    "schema": same(answer(completion({"content": '{"terms":["paspoort"]}'}))),
}
