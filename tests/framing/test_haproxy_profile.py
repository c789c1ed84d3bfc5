# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the shipped profile of HAProxy lets through, to whom, and what it says of the client; seen by the server behind it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.fake_authority import Authority
from tests.fake_upstream import Exchange, FakeUpstream, answer, chunk, head, reset
from tests.haproxy import haproxy

pytestmark = pytest.mark.needs("haproxy")

ELSEWHERE = "192.0.2.0/24"
INSIDE = ("/review", "/review/", "/review/sign-in", "/review/rev_1/approve")


@pytest.fixture
async def server() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as running:
        for path in ("/health/ready", "/v1/x", "/verify", "/reviews", *INSIDE):
            running.on(path, answer({}))
        yield running


def asked(server: FakeUpstream) -> list[str]:
    return [request.path for request in server.requests if request.path != "/health/ready"]


async def test_what_a_client_says_of_itself_is_not_passed_on(server: FakeUpstream) -> None:
    lies = {
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "evil.example",
        "forwarded": "for=10.0.0.1",
        "x-real-ip": "10.0.0.1",
    }
    with haproxy(server.port) as port:
        async with httpx.AsyncClient(timeout=60) as client:
            response = await client.get(f"http://127.0.0.1:{port}/v1/x", headers={**lies, "waarmerk-context": "c"})
    assert response.status_code == 200
    (request,) = (each for each in server.requests if each.path == "/v1/x")
    told = {name.lower(): value for name, value in request.headers}
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["waarmerk-context"] == "c"
    assert not {"x-forwarded-proto", "x-forwarded-host", "forwarded", "x-real-ip"} & told.keys()
    assert [name.lower() for name, _ in request.headers].count("x-forwarded-for") == 1


async def test_the_desk_and_policy_are_for_the_own_network(server: FakeUpstream) -> None:
    with haproxy(server.port, own_network=ELSEWHERE) as port:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for path in INSIDE:
                assert (await client.get(path)).status_code == 403, path
                assert (await client.post(path)).status_code == 403, path
            assert asked(server) == []
            assert [(await client.get(path)).status_code for path in ("/verify", "/reviews")] == [200, 200]
    with haproxy(server.port) as port:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            assert [(await client.get(path)).status_code for path in INSIDE] == [200] * len(INSIDE)


async def test_who_asks_too_often_from_outside_waits(server: FakeUpstream) -> None:
    with haproxy(server.port, own_network=ELSEWHERE) as port:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            answers: list[httpx.Response] = []
            while len(answers) < 400 and (not answers or answers[-1].status_code == 200):
                answers.append(await client.get("/verify"))
    assert len(answers) > 90
    assert (answers[-1].status_code, answers[-1].headers["retry-after"]) == (429, "10")
    assert answers[-1].json()["type"] == "/problems/too-many-attempts"


async def test_a_request_is_sent_once(server: FakeUpstream) -> None:
    server.on("/v1/x", reset())
    with haproxy(server.port) as port:
        async with httpx.AsyncClient(timeout=60) as client:
            response = await client.post(f"http://127.0.0.1:{port}/v1/x", content=b"{}")
    assert response.status_code == 502
    assert asked(server) == ["/v1/x"]


async def test_an_event_is_passed_on_before_the_next_one_is_there(server: FakeUpstream) -> None:
    more = asyncio.Event()

    async def script(exchange: Exchange) -> None:
        await exchange.send(head(200, [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]))
        await exchange.send(chunk(b"data: one\n\n"))
        await more.wait()
        await exchange.send(chunk(b"data: two\n\n"), b"0\r\n\r\n")

    server.on("/v1/x", script)
    with haproxy(server.port) as port:
        async with (
            httpx.AsyncClient(timeout=60) as client,
            client.stream("GET", f"http://127.0.0.1:{port}/v1/x") as response,
        ):
            pieces = response.aiter_bytes()
            assert await anext(pieces) == b"data: one\n\n"
            more.set()
            assert [piece async for piece in pieces] == [b"data: two\n\n"]


async def test_it_asks_by_the_right_name_whether_waarmerk_is_ready(server: FakeUpstream) -> None:
    with haproxy(server.port, host="waarmerk.voorbeeld.example") as port:
        async with asyncio.timeout(60), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            while not [each for each in server.requests if each.path == "/health/ready"]:  # noqa: ASYNC110 another process asks
                await asyncio.sleep(0.05)
            (request, *_) = [each for each in server.requests if each.path == "/health/ready"]
            assert (request.method, request.header("host")) == ("GET", "waarmerk.voorbeeld.example")
            server.on("/health/ready", answer({}, status=503))
            while (response := await client.get("/v1/x")).status_code == 200:  # noqa: ASYNC110 another process decides
                await asyncio.sleep(0.05)
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")


async def test_over_tls_only_what_is_strong_and_says_so(server: FakeUpstream, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    trust = ssl.create_default_context(cafile=authority.ca_file)
    with haproxy(server.port, bind=f"ssl crt {authority.issue('127.0.0.1')} alpn http/1.1") as port:
        async with httpx.AsyncClient(verify=trust, timeout=60) as client:
            response = await client.get(f"https://127.0.0.1:{port}/v1/x")
        assert response.headers["strict-transport-security"] == "max-age=63072000"
        old = ssl.create_default_context(cafile=authority.ca_file)
        old.set_ciphers("AES128-SHA256")  # no forward secrecy
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        async with httpx.AsyncClient(verify=old, timeout=60) as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"https://127.0.0.1:{port}/v1/x")
    (request,) = (each for each in server.requests if each.path == "/v1/x")
    assert request.header("x-forwarded-proto") == "https"
