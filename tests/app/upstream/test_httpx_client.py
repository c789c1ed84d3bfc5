# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.upstream.destination import Destination
from app.upstream.httpx_client import guarded_client, unreachable_because
from tests.fake_authority import Authority
from tests.fake_upstream import (
    FakeUpstream,
    Script,
    ScriptedNames,
    answer,
    chunk,
    endless,
    gzip_bomb,
    hang,
    head,
    raw,
    redirect,
    reset,
)


def client_of(fake: FakeUpstream, **changes: Any) -> httpx.AsyncClient:  # noqa: ANN401 fields of the record
    names = ScriptedNames({"model.example": [["127.0.0.1"]]})
    return guarded_client(Destination.of(fake.deployment(**changes)), version="1.2.3", names=names)


async def test_it_asks_its_destination_as_itself(fake: FakeUpstream) -> None:
    fake.on("/v1/models", answer({"data": []}, headers=[("Set-Cookie", "a=b"), ("Server", "s"), ("X-Request-Id", "r")]))
    async with client_of(fake, host="model.example") as client:
        for _ in range(2):
            response = await client.get("/v1/models")
            assert response.json() == {"data": []}
            assert dict(response.headers) == {"content-type": "application/json", "x-request-id": "r"}
    assert [fake.requests[1].header(name) for name in ("user-agent", "accept-encoding", "cookie")] == [
        "waarmerk/1.2.3",
        "identity",
        None,
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:{port}/",
        "http://[::1]:{port}/",
        "http://localhost:{port}/",
        "http://model.example.:{port}/",
        "http://model.example.evil.example:{port}/",
        "http://user@model.example:{port}/",
        "http://model.example@127.0.0.2:{port}/",
        "https://model.example:{port}/",
        "http://model.example:1/",
        "http://model.example/",
        "http://2130706434:{port}/",
    ],
)
async def test_another_peer_is_refused_before_anything_is_looked_up(fake: FakeUpstream, url: str) -> None:
    names = ScriptedNames({})
    destination = Destination.of(fake.deployment(host="model.example"))
    async with (
        FakeUpstream(host="127.0.0.2", port=fake.port) as canary,
        guarded_client(destination, version="1", names=names) as client,
    ):
        with pytest.raises((httpx.TransportError, httpx.InvalidURL)):
            await client.get(url.format(port=fake.port))
        assert canary.connections == []
    assert fake.connections == []
    assert names.asked == []


async def test_a_redirect_is_handed_over_and_not_followed(fake: FakeUpstream) -> None:
    fake.on("/", redirect("/elsewhere"))
    async with client_of(fake) as client:
        assert (await client.get("/")).status_code == 307
    assert [request.path for request in fake.requests] == ["/"]


async def test_a_compressed_answer_is_refused(fake: FakeUpstream) -> None:
    fake.on("/", gzip_bomb())
    async with client_of(fake) as client:
        with pytest.raises(httpx.RemoteProtocolError, match="compressed"):
            await client.get("/")


async def test_each_request_has_a_connection_of_its_own_and_says_so(fake: FakeUpstream) -> None:
    fake.on("/a?b=%20c", answer({}))
    async with client_of(fake) as client:
        for _ in range(2):
            await client.post("/a?b= c", content=b"{}")
    assert [(request.path, request.body) for request in fake.requests] == [("/a?b=%20c", b"{}")] * 2
    assert {request.header("connection") for request in fake.requests} == {"close"}
    assert len(fake.connections) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "HEAD"},
        {"method": "CONNECT"},
        {"method": "GET / HTTP/1.1\r\nx: y\r\n\r\nGET"},
        {"headers": {"x-a": "b\r\nHost: evil.example"}},
        {"headers": {"x-a": "b\x00"}},
        {"headers": {"x a": "b"}},
        {"headers": {"x-a:\r\nhost": "b"}},
    ],
)
async def test_what_could_be_read_as_another_request_is_not_written(fake: FakeUpstream, wrong: dict[str, Any]) -> None:
    async with client_of(fake) as client:
        with pytest.raises(httpx.LocalProtocolError):
            await client.send(client.build_request(**({"method": "GET", "url": "/"} | wrong)))
    assert fake.connections == []


async def test_a_body_that_is_sent_in_pieces_has_a_length_all_the_same(fake: FakeUpstream) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"cd"

    fake.on("/", answer({}))
    async with client_of(fake) as client:
        await client.post("/", content=pieces())
    assert [(request.header("transfer-encoding"), request.body) for request in fake.requests] == [(None, b"abcd")]


async def test_an_answer_is_read_up_to_a_bound(fake: FakeUpstream) -> None:
    fake.on("/", endless(chunk(b"x" * 65536), before=head(200, [("Transfer-Encoding", "chunked")])))
    async with client_of(fake) as client:
        with pytest.raises(httpx.RemoteProtocolError, match="longer"):
            await client.get("/")


async def test_an_answer_may_end_where_the_connection_does(fake: FakeUpstream) -> None:
    """Many a small receiver speaks HTTP/1.0, and of its answer only the status is looked at."""
    fake.on("/", raw(b"HTTP/1.0 200 OK\r\nServer: s\r\n\r\nthanks", close=True))
    async with client_of(fake) as client:
        assert (await client.post("/", content=b"{}")).content == b"thanks"


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (raw(b"SSH-2.0-x\r\n"), httpx.RemoteProtocolError),
        (reset(), httpx.ReadError),
        (raw(close=True), httpx.ReadError),
        (raw(head(200, [("Content-Length", "9")]) + b"some", close=True), httpx.ReadError),
        (raw(head(200, [("Transfer-Encoding", "chunked")]), b"zz\r\n", interval=0.05), httpx.RemoteProtocolError),
        (hang(), httpx.ReadTimeout),
        (hang(head(200, [("Content-Length", "9")])), httpx.ReadTimeout),
    ],
)
async def test_what_goes_wrong_has_the_name_that_httpx_gives_it(
    fake: FakeUpstream, script: Script, error: type[httpx.TransportError]
) -> None:
    fake.on("/", script)
    async with client_of(fake) as client:
        with pytest.raises(httpx.TransportError) as failed:
            await client.get("/", timeout=0.3)
    assert type(failed.value) is error


async def test_the_private_authority_holds_here_too(authority: Authority) -> None:
    async with FakeUpstream(tls=authority.server("model.example")) as fake:
        fake.on("/", answer({}))
        async with client_of(fake, host="model.example", ca_file=str(authority.ca_file)) as client:
            assert (await client.get("/")).status_code == 200
        async with client_of(fake, host="model.example") as client:
            with pytest.raises(httpx.TransportError):
                await client.get("/")


async def test_whether_a_deployment_answers_is_asked_without_credential(fake: FakeUpstream) -> None:
    fake.on("/base/models", answer({"error": "said-canary"}, status=401))
    record = fake.deployment(path="/base", credential="env:KEY")
    assert await unreachable_because(record, version="1") is None
    assert [(request.method, request.path, request.header("authorization")) for request in fake.requests] == [
        ("GET", "/base/models", None)
    ]


async def test_why_a_deployment_does_not_answer_is_told_in_our_words(authority: Authority) -> None:
    async with FakeUpstream() as gone:
        pass
    async with FakeUpstream(tls=authority.server("127.0.0.1")) as secret:
        unreachable = {
            "connection": gone.deployment(),
            "certificate": secret.deployment(),
            "address": secret.deployment(host="localhost", cidr=("10.0.0.0/8",)),
        }
        for word, deployment in unreachable.items():
            assert word in str(await unreachable_because(deployment, version="1"))
