# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever a model does wrong: a problem in the vendor's words or a stream that ends in an error, and never a false end."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import httpx
import pytest
import pytest_asyncio

from tests.bounds.asking import CHAT
from tests.bounds.conftest import OF_ONE
from tests.bounds.faults import BEGUN, JSON, STREAM, WHOLE, WORDS_AFTER_THE_END
from tests.bounds.watching import ROOM, Memory, watched
from tests.fake_upstream import Exchange, FakeUpstream
from tests.installation import Installation, headers

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKED, PLAIN = "balie-concept", "balie-zoekvraag"
"""A task whose texts carry marks, and one whose answers carry an envelope only."""
Case: TypeAlias = tuple[str, str, bool]
"""The name of a fault, the task that meets it, and whether a stream was asked for."""

REFUSED: list[Case] = [(name, PLAIN, False) for name in JSON] + [(name, PLAIN, True) for name in STREAM]
BROKEN: list[Case] = [(name, task, True) for name in BEGUN for task in (PLAIN, MARKED)]
BROKEN += [(name, MARKED, True) for name in WORDS_AFTER_THE_END]
ODD: list[Case] = [(name, task, True) for name in WHOLE for task in (PLAIN, MARKED)]
ODD += [(name, PLAIN, True) for name in WORDS_AFTER_THE_END]


class Seen:
    """What came of all of it: answers by case, records by exchange, and the memory that it took."""

    def __init__(self, answers: Mapping[Case, httpx.Response], records: list[dict[str, Any]], memory: Memory) -> None:
        self.answers = answers
        self.records = records
        self.memory = memory

    def ends(self, response: httpx.Response) -> list[str]:
        """How the exchange of this answer stands in the log."""
        exchange = response.headers["x-request-id"]
        return [record["type"] for record in self.records if record["exchange"] == exchange]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(installation: Installation, model: FakeUpstream) -> Seen:
    """Every fault once, some side by side: those that are silent take their time."""
    cases = [*REFUSED, *BROKEN, *ODD]
    model.on(CHAT, as_asked)
    room, key = asyncio.Semaphore(OF_ONE), headers(installation.key())
    installation.forget()

    async def meet(client: httpx.AsyncClient, case: Case) -> httpx.Response:
        _, task, stream = case
        body = {"model": task, "messages": [{"role": "user", "content": json.dumps(case)}], "stream": stream}
        async with room:
            return await client.post(CHAT, json=body, headers=key)

    async with (
        httpx.AsyncClient(base_url=installation.address, timeout=60, trust_env=False) as client,
        watched(installation.pid) as memory,
    ):
        answers = await asyncio.gather(*(meet(client, case) for case in cases))
    return Seen(dict(zip(cases, answers, strict=True)), installation.records("exchange:"), memory)


async def as_asked(exchange: Exchange) -> None:
    """Do what the prompt names."""
    name, task, stream = json.loads(json.loads(exchange.request.body)["messages"][-1]["content"])
    case: Case = (name, task, stream)
    scripts = (STREAM if stream else JSON) if case in REFUSED else {**BEGUN, **WHOLE, **WORDS_AFTER_THE_END}
    await scripts[name](exchange)


@pytest.mark.parametrize("case", REFUSED, ids=str)
async def test_what_went_wrong_before_an_answer_began_is_a_problem(case: Case, seen: Seen) -> None:
    response = seen.answers[case]
    assert response.status_code in {502, 504}, response.text
    told = response.json()
    assert told["code"] == told["error"]["code"]
    assert told["code"] in {"upstream-unreachable", "upstream-timeout", "upstream-invalid", "upstream-rejected"}
    assert seen.ends(response) == ["exchange:opened", "exchange:failed"]


@pytest.mark.parametrize("case", BROKEN, ids=str)
async def test_a_stream_that_went_wrong_ends_in_an_error_and_in_nothing_else(case: Case, seen: Seen) -> None:
    response = seen.answers[case]
    assert seen.ends(response) == ["exchange:opened", "exchange:failed"]
    if response.status_code == 502:
        return  # what is wrong came together with the head
    assert (response.status_code, response.headers["x-ai-generated"]) == (200, "true")
    events = data_of(response)
    assert "[DONE]" not in events
    assert json.loads(events[-1])["error"]["code"].startswith("upstream-")
    assert "kanarie" not in response.text
    for event in events[:-1]:
        assert "error" not in json.loads(event)
    if events[:-1]:
        assert "ai_provenance" in json.loads(events[0])


@pytest.mark.parametrize("case", ODD, ids=str)
async def test_an_odd_stream_that_is_whole_ends_as_one(case: Case, seen: Seen) -> None:
    response = seen.answers[case]
    events = data_of(response)
    assert (response.status_code, events[-1]) == (200, "[DONE]")
    assert "ai_provenance" in json.loads(events[0])
    assert "kanarie" not in response.text
    assert seen.ends(response) == ["exchange:opened", "exchange:delivered"]


async def test_all_of_it_took_little_memory_and_the_next_call_is_answered(seen: Seen) -> None:
    assert seen.memory.grown < 3 * ROOM  # six bodies at the bound of a whole answer, read side by side


def data_of(response: httpx.Response) -> list[str]:
    return [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
