# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The model routes as ASGI: bounds, keepalives, clients that leave, and errors before and after the head."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from typing_extensions import override

from app.dialects.openai import OpenAIChat
from app.dialects.registry import Dialects
from app.domain.errors import Busy
from app.pipeline import Pipeline
from app.web.guard import CALL, GONE
from app.web.proxy import ModelRoutes
from tests.fake_upstream import FakeUpstream, Script, answer, chunk, hang, head, sse
from tests.furnished import Furnished, furnished

CHAT = "/v1/chat/completions"
WHOLE = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "ja"}, "finish_reason": "stop"}]}
ASK = {"model": "balie-zoekvraag", "messages": [{"role": "user", "content": "Hallo"}]}


class Client:
    """One HTTP exchange as an ASGI server would hold it."""

    def __init__(self, routes: ModelRoutes, key: str, *bodies: bytes, path: str = CHAT, method: str = "POST") -> None:
        self.sent: list[dict[str, Any]] = []
        self._gone = asyncio.Event()
        self._tell: list[Callable[[], None]] = []
        self._bodies = list(bodies)
        self._scope = {
            "type": "http", "method": method, "path": path, "client": ("192.0.2.1", 1),
            "headers": [(b"authorization", f"Bearer {key}".encode()), (b"X-Two", b"a"), (b"x-two", b"b")],
            "extensions": {GONE: {CALL: self._tell.append}},
        }  # fmt: skip
        self._routes = routes

    async def run(self) -> None:
        await self._routes(self._scope, self._receive, self._send)

    def leave(self) -> None:
        self._gone.set()
        for tell in self._tell:
            tell()

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    async def _receive(self) -> dict[str, Any]:
        if self._bodies:
            return {"type": "http.request", "body": self._bodies.pop(0), "more_body": bool(self._bodies)}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:  # noqa: ANN401 a message of ASGI
        self.sent.append(dict(message))


@pytest.fixture
async def upstream() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as model:
        model.on(CHAT, answer(WHOLE))
        yield model


@pytest.fixture
async def house(tmp_path: Path, upstream: FakeUpstream) -> AsyncIterator[Furnished]:
    async with furnished(tmp_path / "home", upstream.port) as open_house:
        yield open_house


def routes(pipeline: Callable[[], Pipeline], away: list[str] | None = None, *, keepalive: float = 15) -> ModelRoutes:
    return ModelRoutes(
        pipeline, Dialects(OpenAIChat()), public_address="https://waarmerk.example", most_body=1000, keepalive=keepalive,
        turned_away=lambda name, peer: (away if away is not None else []).append(f"{name} {peer}"),
    )  # fmt: skip


async def ask(house: Furnished, *bodies: bytes, **more: Any) -> Client:  # noqa: ANN401 what `Client` takes
    client = Client(routes(lambda: house.pipeline), await house.key(), *(bodies or (orjson.dumps(ASK),)), **more)
    await client.run()
    return client


async def test_a_body_in_pieces_is_one_body(house: Furnished) -> None:
    body = orjson.dumps(ASK)
    client = await ask(house, body[:10], b"", body[10:])
    assert (client.status, orjson.loads(client.body)["choices"]) == (200, WHOLE["choices"])
    sent = dict(client.sent[0]["headers"])
    assert sent[b"content-length"] == str(len(client.body)).encode()
    assert sent[b"x-ai-generated"] == b"true"


async def test_a_body_over_the_bound_is_refused_before_the_rest_of_it_is_read(
    house: Furnished, upstream: FakeUpstream
) -> None:
    client = await ask(house, b"x" * 600, b"x" * 600, b"never read")
    assert (client.status, orjson.loads(client.body)["error"]["code"]) == (413, "too-large")
    assert client._bodies == [b"never read"]  # noqa: SLF001 the client is ours
    assert upstream.requests == []


async def test_a_client_that_leaves_while_it_speaks_is_not_answered(house: Furnished) -> None:
    client = Client(routes(lambda: house.pipeline), await house.key())
    client.leave()
    await client.run()
    assert client.sent == []


async def test_a_quiet_stream_gets_comments_and_a_busy_one_none(house: Furnished, upstream: FakeUpstream) -> None:
    parts = [{"choices": [{"index": 0, "delta": {"content": "ja"}, "finish_reason": "stop"}]}]
    body = orjson.dumps({**ASK, "stream": True})
    client = Client(routes(lambda: house.pipeline, keepalive=0.05), await house.key(), body)
    upstream.on(CHAT, quiet(lambda: client.body.count(b": keepalive\n\n") >= 2))
    async with asyncio.timeout(60):
        await client.run()
    assert client.body.endswith(b"data: [DONE]\n\n")
    upstream.on(CHAT, sse(parts))
    busy = Client(routes(lambda: house.pipeline), await house.key(), body)
    await busy.run()
    assert b"keepalive" not in busy.body


async def test_a_client_that_does_not_read_has_one_comment_waiting(house: Furnished, upstream: FakeUpstream) -> None:
    """Each that waits is a task: what is not awaited at the end writes into whatever comes next."""

    class Unreading(Client):
        waiting = 0

        @override
        async def _send(self, message: Any) -> None:
            if b"keepalive" in message.get("body", b""):
                self.waiting += 1
                await asyncio.Event().wait()
            await super()._send(message)

    body = orjson.dumps({**ASK, "stream": True})
    client = Unreading(routes(lambda: house.pipeline, keepalive=0.02), await house.key(), body)
    upstream.on(CHAT, quiet(lambda: client.waiting > 0, pause=0.2))
    async with asyncio.timeout(60):
        await client.run()
    assert client.body.endswith(b"data: [DONE]\n\n")
    assert client.waiting == 1


def quiet(long_enough: Callable[[], bool], *, pause: float = 0) -> Script:
    """Its head at once; the rest when it was quiet for long enough, and for this pause more."""

    async def run(exchange: Any) -> None:  # noqa: ANN401 an exchange of the scripted model
        await exchange.send(head(200, [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]))
        while not long_enough():  # noqa: ASYNC110 the client has no signal of its own
            await asyncio.sleep(0.01)
        await asyncio.sleep(pause)
        part = {"choices": [{"index": 0, "delta": {"content": "ja"}, "finish_reason": "stop"}]}
        events = b"data: " + orjson.dumps(part) + b"\n\n", b"data: [DONE]\n\n"
        await exchange.send(*map(chunk, events), chunk(b""))

    return run


async def test_when_the_client_leaves_the_call_ends_and_nothing_is_sent(
    house: Furnished, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, hang())
    client = Client(routes(lambda: house.pipeline), await house.key(), orjson.dumps(ASK))
    running = asyncio.ensure_future(client.run())
    while not upstream.requests:  # noqa: ASYNC110 the model has no signal of its own
        await asyncio.sleep(0.01)
    client.leave()
    await asyncio.wait_for(running, 60)
    assert client.sent == []
    assert house.records()[-1]["cause"] == "client-gone"


async def test_a_cancellation_from_elsewhere_is_not_swallowed(house: Furnished, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, hang())
    running = asyncio.ensure_future(Client(routes(lambda: house.pipeline), await house.key(), orjson.dumps(ASK)).run())
    while not upstream.requests:  # noqa: ASYNC110 the model has no signal of its own
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_an_interruption_before_the_head_is_an_answer(house: Furnished, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, hang())
    client = Client(routes(lambda: house.pipeline), await house.key(), orjson.dumps(ASK))
    running = asyncio.ensure_future(client.run())
    while not upstream.requests:  # noqa: ASYNC110 the model has no signal of its own
        await asyncio.sleep(0.01)
    house.pipeline.interrupt()
    await asyncio.wait_for(running, 60)
    assert (client.status, orjson.loads(client.body)["error"]["code"]) == (503, "busy")


async def test_who_is_turned_away_is_counted_by_kind_and_peer(house: Furnished) -> None:
    away: list[str] = []
    for key, path in (("wmk_" + "x" * 43, CHAT), (await house.key(), "/v1/embeddings"), (await house.key(), CHAT)):
        await Client(routes(lambda: house.pipeline, away), key, b"{", path=path).run()
    assert away == ["not-authenticated 192.0.2.1", "unknown-route 192.0.2.1"]


async def test_what_was_not_foreseen_is_an_answer_without_its_text(
    house: Furnished, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Pipeline:
        raise ValueError("geheim")

    client = Client(routes(broken), "wmk_" + "x" * 43, orjson.dumps(ASK))
    await client.run()
    assert (client.status, orjson.loads(client.body)["error"]["code"]) == (500, "internal-error")
    assert b"geheim" not in client.body
    assert "geheim" not in caplog.text
    assert caplog.records[0].__dict__["kind"] == "ValueError"


async def test_a_closed_house_says_so_in_the_vendors_accent() -> None:
    def closed() -> Pipeline:
        raise Busy

    client = Client(routes(closed), "wmk_" + "x" * 43, method="GET", path="/v1/models")
    await client.run()
    assert (client.status, orjson.loads(client.body)["error"]["code"]) == (503, "busy")
    assert dict(client.sent[0]["headers"])[b"retry-after"] == b"2"
