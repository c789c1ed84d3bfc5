# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Calls by hand: one, many that hang, and what must be seen of one that found no place."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.fake_upstream import FakeUpstream
from tests.installation import Installation, headers

CHAT = "/v1/chat/completions"
TASKS = {"balie": "balie-zoekvraag", "proeftuin": "proeftuin-zoekvraag"}
COMPLETION = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "ja"}, "finish_reason": "stop"}],
    "model": "m",
}


def question(application: str = "balie", **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    return {"model": TASKS[application], "messages": [{"role": "user", "content": "Hallo"}], **changes}


def part(content: str, finish: str | None = None) -> Mapping[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


@asynccontextmanager
async def client_of(waarmerk: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """Connections without end: the bound that is tested is not that of the test's own client."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60, trust_env=False, limits=limits) as client:
        yield client


async def ask(
    client: httpx.AsyncClient, waarmerk: Installation, application: str = "balie", **changes: Any
) -> httpx.Response:  # fmt: skip
    return await client.post(CHAT, json=question(application, **changes), headers=headers(waarmerk.key(application)))


async def until(upstream: FakeUpstream, requests: int) -> None:
    """So many calls have reached the model."""
    async with asyncio.timeout(30):
        while len(upstream.requests) < requests:  # noqa: ASYNC110  the model is a script without a signal of its own
            await asyncio.sleep(0.01)


@asynccontextmanager
async def hanging(
    client: httpx.AsyncClient, waarmerk: Installation, upstream: FakeUpstream, **calls: int
) -> AsyncIterator[list["asyncio.Task[httpx.Response]"]]:
    """So many calls of each application, all of which the model has heard and lets wait."""
    asked = len(upstream.requests) + sum(calls.values())
    tasks = [
        asyncio.create_task(ask(client, waarmerk, application))
        for application, count in calls.items()
        for _ in range(count)
    ]
    try:
        await until(upstream, asked)
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def assert_busy(response: httpx.Response) -> None:
    """Refused for want of a place, as the vendor's SDK understands it."""
    assert (response.status_code, response.headers["retry-after"]) == (503, "2"), response.text
    told = response.json()
    assert (told["code"], told["error"]["code"], told["instance"]) == ("busy", "busy", None)
