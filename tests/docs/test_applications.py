# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for developers: each program on it runs against a real installation as it stands there, and says what the page shows."""

import json
import re
import sys
from collections.abc import AsyncIterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
import pytest_asyncio

from tests.docs.pages import Block, blocks, matches, run
from tests.fake_upstream import Exchange, FakeUpstream, answer, sse
from tests.installation import Installation, headers
from tests.node import installed
from tests.reviewers import completion
from tests.staff import clerk

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    *(pytest.mark.needs(command) for command in ("bash", "curl", "node", "npm")),
]

PAGE = blocks("docs/applications.md")
REVIEW = "rev_…"
HELLO = [{"role": "user", "content": "Hallo"}]
WORDS = ("Een paspoort is een reisdocument. ", "U vraagt het aan bij de gemeente.")
HOW = {
    "python": [sys.executable, "-"],
    "js": ["node", "--input-type=module", "-"],
    "sh": ["bash", "-s"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waarmerk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    async with FakeUpstream() as model:
        model.on("/v1/chat/completions", passport)
        async with Installation(tmp_path_factory.mktemp("reader") / "home", model.port) as running:
            yield running


async def test_every_program_says_what_the_page_shows(waarmerk: Installation) -> None:
    ran, review = [], ""
    for block, shown in programs():
        said = await program(waarmerk, block, review)
        if shown:
            matches(shown[0], said, block.text)
        found = re.fullmatch(r"chatcmpl-(rev_\S+)\s*", said)
        review = found[1] if found and block.language == "python" else review
        if len(shown) > 1:
            async with clerk(waarmerk, "j.jansen") as reviewer:
                await reviewer.approve(review)
            matches(shown[1], await program(waarmerk, block, review), block.text)
        ran.append(block.language)
    assert {language: ran.count(language) for language in HOW} == {"python": 6, "js": 3, "sh": 4}
    assert waarmerk.records("exchange:failed") == waarmerk.records("exchange:aborted") == []


async def test_the_type_of_a_problem_leads_to_a_page_that_explains_it(waarmerk: Installation) -> None:
    """What the house refuses, what the edge refuses, and what is held."""
    async with httpx.AsyncClient(base_url=waarmerk.address, headers=headers(waarmerk.key()), timeout=60) as client:
        refused = [
            await client.post("/v1/chat/completions", json={"model": "balie-antwoord", "messages": HELLO}),
            await client.post("/v1/chat/completions", json={"model": "gpt-4o", "messages": HELLO}),
            await client.post("/v1/embeddings", json={}),
            await client.get("/v1/models", headers={"host": "elsewhere.example"}),
            await client.get("/v1/models", headers={"expect": "miracles"}),
        ]
        for answer in refused:
            kind = urljoin(f"{waarmerk.address}/", answer.json()["type"])
            page = await client.get(kind, headers={"accept": "text/html", "accept-language": "en"})
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.json()["title"] in unescape(page.text)
            assert "Why this happens" in page.text
    assert [answer.status_code for answer in refused] == [423, 403, 404, 421, 417]


def programs() -> list[tuple[Block, list[str]]]:
    """Each program with what it prints: the blocks of text up to the next program. The settings come first, and are the reader's own."""
    settings, *rest = PAGE
    assert re.findall(r"^export (\w+)=", settings.text, re.MULTILINE) == ["OPENAI_BASE_URL", "OPENAI_API_KEY"]
    found: list[tuple[Block, list[str]]] = []
    for block in rest:
        if block.language == "text":
            found[-1][1].append(block.text)
        else:
            found.append((block, []))
    return found


async def program(waarmerk: Installation, block: Block, review: str) -> str:
    """Run as a reader would: in a folder where the library is installed, the id of the review in the place left for it."""
    folder = installed(Path(__file__).parents[1] / "sdk_node") if block.language == "js" else waarmerk.home
    argument = [f"chatcmpl-{review}"] if "sys.argv[1]" in block.text else []
    given = block.text.replace(REVIEW, review)
    return await run([*HOW[block.language], *argument], folder, environment(waarmerk), given, status=0)


def environment(waarmerk: Installation) -> Mapping[str, str]:
    return {"OPENAI_BASE_URL": f"{waarmerk.address}/v1", "OPENAI_API_KEY": waarmerk.key()}


async def passport(exchange: Exchange) -> None:
    """The model of this page."""
    if not json.loads(exchange.request.body).get("stream"):
        await answer(completion("".join(WORDS)))(exchange)
        return
    deltas = [{"role": "assistant", "content": ""}, *({"content": words} for words in WORDS)]
    await sse([*map(part, deltas), part({}, "stop")])(exchange)


def part(delta: Mapping[str, str], finish: str | None = None) -> Mapping[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
