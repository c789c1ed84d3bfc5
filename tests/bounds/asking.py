# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Calls by hand: one, many that last, and what must be seen of one that found no place."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx

from tests.fake_upstream import Exchange, FakeUpstream, Script, chunk, head
from tests.installation import Installation, headers

CHAT = "/v1/chat/completions"
TASKS = {"balie": "balie-zoekvraag", "proeftuin": "proeftuin-zoekvraag"}
COMPLETION: dict[str, Any] = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "ja"}, "finish_reason": "stop"}],
    "model": "m",
}


def question(application: str = "balie", **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    return {"model": TASKS[application], "messages": [{"role": "user", "content": "Hallo"}], **changes}


def part(content: str, finish: str | None = None) -> Mapping[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


def lasting(enough: asyncio.Event | None = None) -> Script:
    """An answer that goes on coming, and says nothing: no limit on silence ends it. Once it is enough, it says what it has to say."""

    async def script(exchange: Exchange) -> None:
        await exchange.send(head(200, [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]))
        with suppress(ConnectionError):
            while not exchange.request.connection.closed.is_set():
                if enough is not None and enough.is_set():
                    await exchange.send(chunk(json.dumps(COMPLETION).encode()), b"0\r\n\r\n")
                    return
                await exchange.send(chunk(b" "))
                await asyncio.sleep(0.2)

    return script


async def ask(
    client: httpx.AsyncClient,
    waarmerk: Installation,
    application: str = "balie",
    **changes: Any,  # noqa: ANN401  any JSON
) -> httpx.Response:
    return await client.post(CHAT, json=question(application, **changes), headers=headers(waarmerk.key(application)))


@asynccontextmanager
async def running(
    client: httpx.AsyncClient, waarmerk: Installation, upstream: FakeUpstream, **calls: int
) -> AsyncIterator[list["asyncio.Task[httpx.Response]"]]:
    """So many calls of each application, which the model has heard and which last until the end of this scope.

    After it the house knows that they have ended, so that their places are there for whoever comes next.
    """
    upstream.on(CHAT, lasting())
    asked = len(upstream.requests) + sum(calls.values())
    ended = len(waarmerk.records("exchange:aborted")) + sum(calls.values())
    tasks = [
        asyncio.create_task(ask(client, waarmerk, application))
        for application, count in calls.items()
        for _ in range(count)
    ]
    try:
        async with asyncio.timeout(60):
            while len(upstream.requests) < asked:  # noqa: ASYNC110  the model is a script without a signal of its own
                await asyncio.sleep(0.01)
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await waarmerk.until("exchange:aborted", ended)


def assert_busy(response: httpx.Response) -> None:
    """Refused for want of a place, as the vendor's SDK understands it."""
    assert (response.status_code, response.headers["retry-after"]) == (503, "2"), response.text
    told = response.json()
    assert (told["code"], told["error"]["code"], told["instance"]) == ("busy", "busy", None)
