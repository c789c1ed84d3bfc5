# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvloop

from app.domain.answer import UpstreamRequest
from app.domain.decision import Timeouts
from app.domain.errors import UpstreamFailed, UpstreamInvalid, UpstreamTimeout, UpstreamUnreachable
from app.upstream.client import HttpUpstream
from app.upstream.credentials import Credentials
from tests.fake_authority import Authority
from tests.fake_proxy import FakeProxy
from tests.fake_upstream import FakeUpstream, ScriptedNames, answer

MODEL = "model.example"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture
async def model(authority: Authority) -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream(tls=authority.server(MODEL)) as fake:
        fake.on("/v1", answer({"ok": 1}))
        yield fake


async def asked(
    model: FakeUpstream, proxy: FakeProxy, authority: Authority, *, scheme: str = "http", connect: float = 5
) -> list[bytes]:
    """The pieces of two answers through this proxy, over one connection."""
    names = ScriptedNames({"proxy.example": [[proxy.host]]})
    client = HttpUpstream(Credentials({"KEY": "sk-canary"}), version="1", names=names)
    record = model.deployment(
        host=MODEL,
        proxy=f"{scheme}://proxy.example:{proxy.port}",
        cidr=("127.0.0.0/8",),
        ca_file=str(authority.ca_file),
        credential="env:KEY",
        timeouts=Timeouts(connect=connect),
    )
    pieces = []
    try:
        for _ in range(2):
            received = await client.forward(UpstreamRequest(record, "/v1", b"{}" * 100_000, stream=False))
            pieces += [data async for data in received]
            await received.aclose()
    finally:
        await client.aclose()
    return pieces


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 102 Wait\r\n\r\n" * 3])
async def test_a_proxy_learns_where_to_and_who_asks_and_nothing_else(
    model: FakeUpstream, authority: Authority, interim: bytes
) -> None:
    async with FakeProxy({f"{MODEL}:{model.port}": model.port}, reply=interim + ESTABLISHED) as proxy:
        assert await asked(model, proxy, authority) == [b'{"ok": 1}'] * 2
        assert proxy.heads == [
            f"CONNECT {MODEL}:{model.port} HTTP/1.1\r\nhost: {MODEL}:{model.port}\r\nuser-agent: waarmerk/1\r\n\r\n"
        ]
    assert len(model.connections) == 1
    assert model.requests[0].header("host") == f"{MODEL}:{model.port}"


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_the_model_is_spoken_to_in_secret_through_a_proxy_that_is_too(authority: Authority, loop: str) -> None:
    """TLS inside TLS, on both kinds of event loop."""

    async def through() -> list[bytes]:
        async with FakeUpstream(tls=authority.server(MODEL)) as model:
            model.on("/v1", answer({"ok": 1}))
            tls = authority.server("proxy.example")
            async with FakeProxy({f"{MODEL}:{model.port}": model.port}, tls=tls) as proxy:
                return await asked(model, proxy, authority, scheme="https")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop if loop == "uvloop" else None) as runner:
        assert runner.run(through()) == [b'{"ok": 1}'] * 2


async def test_a_proxy_under_another_name_is_not_trusted(model: FakeUpstream, authority: Authority) -> None:
    tls = authority.server("other.example")
    async with FakeProxy({f"{MODEL}:{model.port}": model.port}, tls=tls) as proxy:
        with pytest.raises(UpstreamUnreachable, match="certificate"):
            await asked(model, proxy, authority, scheme="https")
        assert proxy.heads == []


async def test_a_peer_under_another_name_is_not_trusted_behind_a_proxy(authority: Authority) -> None:
    async with FakeUpstream(tls=authority.server("other.example")) as other:
        async with FakeProxy({f"{MODEL}:{other.port}": other.port}) as proxy:
            with pytest.raises(UpstreamUnreachable, match="certificate"):
                await asked(other, proxy, authority)
        assert other.requests == []


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", UpstreamUnreachable, "proxy refused"),
        (b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n<p>canary", UpstreamUnreachable, "proxy refused"),
        (b"HTTP/1.1 201 Made\r\n\r\n", UpstreamUnreachable, "proxy refused"),
        (b"HTTP/1.1 302 Elsewhere\r\nLocation: https://canary.example/\r\n\r\n", UpstreamUnreachable, "proxy refused"),
        (ESTABLISHED + b"x", UpstreamInvalid, "not HTTP"),
        (ESTABLISHED + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", UpstreamInvalid, "not HTTP"),
        (b"HTTP/1.1 101 Switch\r\n\r\n", UpstreamInvalid, "not HTTP"),
        (b"HTTP/1.1 102 Wait\r\n\r\n" * 9 + ESTABLISHED, UpstreamInvalid, "not HTTP"),
        (b"HTTP/1.1 200 OK\nX: canary\n\n", UpstreamInvalid, "not HTTP"),
        (b"SSH-2.0-canary\r\n", UpstreamInvalid, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000, UpstreamInvalid, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: cana", UpstreamTimeout, "connecting"),
    ],
)
async def test_a_proxy_that_says_anything_else_is_not_gone_through(
    model: FakeUpstream, authority: Authority, reply: bytes, error: type[UpstreamFailed], said: str
) -> None:
    async with FakeProxy({f"{MODEL}:{model.port}": model.port}, reply=reply) as proxy:
        with pytest.raises(error, match=said) as failed:
            await asked(model, proxy, authority, connect=0.5 if error is UpstreamTimeout else 5)
    assert "canary" not in f"{failed.value} {vars(failed.value)}"
    assert model.requests == []


async def test_a_proxy_that_leaves_is_no_connection(model: FakeUpstream, authority: Authority) -> None:
    async with FakeProxy({}, refusal=b"") as proxy:
        with pytest.raises(UpstreamUnreachable, match="no connection"):
            await asked(model, proxy, authority)
