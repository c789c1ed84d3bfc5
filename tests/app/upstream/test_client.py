# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contract of the `Upstream` port, held to by the adapter over a real socket."""

import asyncio
import traceback
from dataclasses import replace
from typing import Any

import pytest

from app.domain.answer import Answer, Upstream, UpstreamRequest
from app.domain.decision import Timeouts
from app.domain.errors import UpstreamFailed, UpstreamInvalid, UpstreamTimeout, UpstreamUnreachable
from app.upstream.client import MAX_ERROR, HttpUpstream
from app.upstream.credentials import Credentials
from tests.fake_authority import Authority
from tests.fake_proxy import FakeProxy
from tests.fake_upstream import (
    Exchange,
    FakeUpstream,
    Script,
    ScriptedNames,
    answer,
    endless,
    gzip_bomb,
    hang,
    head,
    raw,
    redirect,
    reset,
    sse,
    whole,
)

PATH = "/v1/chat/completions"
CANARY = "sk-canary-7f3a"
QUICK = Timeouts(connect=0.6, first_byte=0.2, idle=0.2, total=5)


def ask(
    fake: FakeUpstream,
    *,
    body: bytes = b"{}",
    stream: bool = False,
    prefix: str = "",
    **changes: Any,  # noqa: ANN401 fields of the record
) -> UpstreamRequest:
    return UpstreamRequest(fake.deployment(path=prefix, **changes), PATH, body, stream)


async def read(received: Answer) -> bytes:
    try:
        return b"".join([data async for data in received])
    finally:
        await received.aclose()


async def call(client: Upstream, request: UpstreamRequest) -> bytes:
    return await read(await client.forward(request))


async def test_a_call_goes_out_as_it_was_prepared_and_nothing_else_does(
    fake: FakeUpstream, client: HttpUpstream
) -> None:
    fake.on(
        "/base" + PATH, answer({"ok": True}, headers=[("X-Request-Id", "r1"), ("Set-Cookie", "a=b"), ("Server", "s")])
    )
    received = await client.forward(ask(fake, body=b'{"n":1}', prefix="/base", credential="env:KEY"))
    assert received.status == 200
    assert dict(received.headers) == {"content-type": "application/json", "x-request-id": "r1"}
    assert await read(received) == b'{"ok": true}'
    [request] = fake.requests
    assert (request.method, request.path, request.body) == ("POST", "/base" + PATH, b'{"n":1}')
    assert {name.lower(): value for name, value in request.headers} == {
        "host": f"127.0.0.1:{fake.port}",
        "content-type": "application/json",
        "content-length": "7",
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "waarmerk/1.2.3",
        "authorization": f"Bearer {CANARY}",
    }


async def test_a_stream_arrives_as_it_is_sent(fake: FakeUpstream, client: HttpUpstream) -> None:
    fake.on(PATH, sse(["one", "two", "three"], interval=0.05))
    received = await client.forward(ask(fake, stream=True))
    pieces = [data async for data in received]
    await received.aclose()
    assert b"".join(pieces) == b"data: one\n\ndata: two\n\ndata: three\n\ndata: [DONE]\n\n"
    assert len(pieces) >= 3
    assert fake.requests[0].header("accept") == "text/event-stream"


async def test_two_calls_share_a_connection_when_the_first_was_read_to_its_end(
    fake: FakeUpstream, client: HttpUpstream
) -> None:
    fake.on(PATH, answer({}))
    for _ in range(3):
        await call(client, ask(fake))
    assert (len(fake.requests), len(fake.connections)) == (3, 1)


async def test_a_connection_with_an_unread_body_is_closed(fake: FakeUpstream, client: HttpUpstream) -> None:
    fake.on(PATH, hang(head(200, [("Content-Length", "1000")]) + b"some"))
    received = await client.forward(ask(fake))
    assert await anext(aiter(received)) == b"some"
    await received.aclose()
    await asyncio.wait_for(fake.connections[0].closed.wait(), 60)


async def test_a_large_body_is_sent_whole(fake: FakeUpstream, client: HttpUpstream) -> None:
    fake.on(PATH, answer({}))
    body = b"[" + b"1," * 2**20 + b"1]"
    await call(client, ask(fake, body=body))
    assert fake.requests[0].body == body


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429, 500, 503])
async def test_an_error_status_is_an_answer_too(fake: FakeUpstream, client: HttpUpstream, status: int) -> None:
    fake.on(PATH, answer({"error": {"code": "x"}}, status=status, headers=[("Retry-After", "7")]))
    received = await client.forward(ask(fake))
    assert (received.status, received.headers["retry-after"]) == (status, "7")
    assert await read(received) == b'{"error": {"code": "x"}}'


async def test_the_body_of_an_error_is_cut_at_its_bound(fake: FakeUpstream, client: HttpUpstream) -> None:
    fake.on(PATH, endless(b"x" * 65536, before=head(500, [("Content-Length", str(2**40))])))
    assert await call(client, ask(fake, stream=True)) == b"x" * MAX_ERROR
    await asyncio.wait_for(fake.connections[0].closed.wait(), 60)


async def test_a_body_over_the_bound_is_no_answer(fake: FakeUpstream) -> None:
    fake.on(PATH, whole(b"x" * 1001))
    client = HttpUpstream(Credentials({}), version="1", max_answer=1000)
    with pytest.raises(UpstreamInvalid, match="too large"):
        await call(client, ask(fake))
    fake.on(PATH, whole(b"x" * 1000))
    assert len(await call(client, ask(fake))) == 1000
    await client.aclose()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 304])
async def test_a_redirect_is_no_answer_and_is_not_followed(
    fake: FakeUpstream, client: HttpUpstream, status: int
) -> None:
    async with FakeUpstream() as elsewhere:
        fake.on(PATH, redirect(f"http://127.0.0.1:{elsewhere.port}/", status=status))
        with pytest.raises(UpstreamInvalid, match="redirects are not followed"):
            await client.forward(ask(fake))
        fake.on(PATH, redirect("/elsewhere", status=status))
        with pytest.raises(UpstreamInvalid):
            await client.forward(ask(fake))
        for connection in fake.connections:
            await asyncio.wait_for(connection.closed.wait(), 5)
        assert elsewhere.connections == []
        assert [request.path for request in fake.requests] == [PATH, PATH]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (gzip_bomb(), UpstreamInvalid),
        (whole(b"{}", headers=[("Transfer-Encoding", "gzip, chunked")]), UpstreamInvalid),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), UpstreamInvalid),
        (raw(b"\x16\x03\x01\x00\x00"), UpstreamInvalid),
        (raw(b"HTTP/1.1 OK\r\n\r\n"), UpstreamInvalid),
        (raw(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), UpstreamInvalid),
        (raw(b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), UpstreamInvalid),
        (raw(head(200, [(f"X-{n}", "y" * 1000) for n in range(500)])), UpstreamInvalid),
        (raw(head(200, [("X-Long", "y" * 9000)])), UpstreamInvalid),
        (raw(b"HTTP/1.1 200 " + b"y" * 9000 + b"\r\n\r\n"), UpstreamInvalid),
        (endless(b"y" * 1000, before=b"HTTP/1.1 200 OK\r\nX-Endless: "), UpstreamInvalid),
        (endless(b"X-More: y\r\n" * 100, before=b"HTTP/1.1 200 OK\r\n"), UpstreamInvalid),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), UpstreamInvalid),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), UpstreamInvalid),
        (raw(close=True), UpstreamUnreachable),
        (raw(b"HTTP/1.1 200 OK\r\nConte", close=True), UpstreamUnreachable),
        (reset(), UpstreamUnreachable),
        (hang(), UpstreamTimeout),
        (hang(b"HTTP/1.1 200 OK\r\nConte"), UpstreamTimeout),
        (endless(b"HTTP/1.1 100 Continue\r\n\r\n", before=b""), UpstreamInvalid),
    ],
)
async def test_a_bad_head_is_an_error_with_a_name(
    fake: FakeUpstream, client: HttpUpstream, script: Script, error: type[UpstreamFailed]
) -> None:
    fake.on(PATH, script)
    timeouts = QUICK if error is UpstreamTimeout else Timeouts()
    with pytest.raises(UpstreamFailed) as failed:
        await client.forward(ask(fake, timeouts=timeouts))
    assert type(failed.value) is error
    assert len(fake.requests) == 1


async def test_no_error_holds_what_the_upstream_said_or_the_credential(
    fake: FakeUpstream, client: HttpUpstream
) -> None:
    for script in (raw(b"HTTP/1.1 said-canary\r\n\r\n"), redirect("http://said-canary/"), raw(close=True), hang()):
        fake.on(PATH, script)
        with pytest.raises(UpstreamFailed) as failed:
            await client.forward(ask(fake, credential="env:KEY", timeouts=QUICK))
        assert (failed.value.__cause__, failed.value.__context__) == (None, None)
        told = "".join(traceback.format_exception(failed.value)) + repr(vars(failed.value))
        assert "said-canary" not in told
        assert CANARY not in told


async def test_a_credential_that_cannot_be_used_opens_no_socket(fake: FakeUpstream, client: HttpUpstream) -> None:
    with pytest.raises(UpstreamUnreachable, match="credential of fake cannot be used") as failed:
        await client.forward(ask(fake, credential="env:MISSING"))
    assert "Ask your operator" in failed.value.remedy.en
    assert fake.connections == []


async def test_a_path_that_is_not_fixed_opens_no_socket(fake: FakeUpstream, client: HttpUpstream) -> None:
    for path in (
        "",
        "v1",
        "@evil.example/v1",
        "//evil.example",
        ".evil.example/v1",
        "/v1/../x",
        "/v1?x=1",
        "/%2e%2e/x",
    ):
        with pytest.raises(UpstreamUnreachable, match="path"):
            await client.forward(replace(ask(fake), path=path))
    assert fake.connections == []


async def test_an_address_that_is_not_permitted_opens_no_socket(fake: FakeUpstream, client: HttpUpstream) -> None:
    for changes in (
        {"cidr": ()},
        {"cidr": ("10.0.0.0/8",)},
        {"host": "127.1"},
        {"host": "2130706433"},
        {"host": "localhost"},
    ):
        request = ask(fake, **changes) if "host" not in changes else ask(fake, **changes, cidr=("10.0.0.0/8",))
        with pytest.raises(UpstreamUnreachable):
            await client.forward(request)
    assert fake.connections == []


async def test_a_port_that_nobody_listens_on_is_unreachable(fake: FakeUpstream, client: HttpUpstream) -> None:
    async with FakeUpstream() as gone:
        pass
    with pytest.raises(UpstreamUnreachable, match="no connection"):
        await client.forward(ask(gone))


async def test_a_silent_handshake_ends_at_the_connect_limit(client: HttpUpstream) -> None:
    async with FakeUpstream() as plain:
        request = ask(plain, scheme="https", timeouts=Timeouts(connect=0.2, first_byte=5))
        with pytest.raises(UpstreamTimeout, match="connecting"):
            await client.forward(request)
        assert plain.requests == []


async def test_a_post_is_sent_once_on_a_connection_that_went_stale(fake: FakeUpstream, client: HttpUpstream) -> None:
    """The server closes exactly when the second request arrives: whether it was acted on, nobody can know (P-law: never twice)."""
    fake.on(PATH, answer({}))
    await call(client, ask(fake))
    fake.on(PATH, raw(close=True))
    with pytest.raises(UpstreamUnreachable):
        await client.forward(ask(fake))
    assert (len(fake.requests), len(fake.connections)) == (2, 1)


async def test_an_answer_that_nobody_asked_for_reaches_nobody(fake: FakeUpstream, client: HttpUpstream) -> None:
    """Else it is read as the answer to the next call, which may be another application's."""
    taken, sent = asyncio.Event(), asyncio.Event()

    async def stray(exchange: Exchange) -> None:
        await exchange.send(head(200, [("Content-Length", "5")]) + b"mine!")
        await taken.wait()
        await exchange.send(head(200, [("Content-Length", "5")]) + b"stray")
        sent.set()

    fake.on(PATH, stray)
    for _ in range(3):
        taken.clear()
        sent.clear()
        assert await call(client, ask(fake)) == b"mine!"
        taken.set()
        await asyncio.wait_for(sent.wait(), 60)
        await asyncio.sleep(0.01)  # what was sent is read before this is over
    assert len(fake.connections) == 3


async def test_after_a_reset_no_kept_connection_is_used_and_running_answers_go_on(
    fake: FakeUpstream, client: HttpUpstream
) -> None:
    fake.on(PATH, sse(["one", "two"], interval=0.1))
    running = await client.forward(ask(fake, stream=True))
    await client.reset()
    fake.on(PATH, answer({}))
    await call(client, ask(fake))
    assert (await read(running)).endswith(b"data: [DONE]\n\n")
    await asyncio.wait_for(fake.connections[0].closed.wait(), 60)
    await client.reset()
    await asyncio.wait_for(fake.connections[1].closed.wait(), 60)
    await call(client, ask(fake))
    assert len(fake.connections) == 3


async def test_a_changed_record_never_meets_an_older_connection(fake: FakeUpstream, client: HttpUpstream) -> None:
    fake.on(PATH, answer({}))
    await call(client, ask(fake))
    await call(client, ask(fake, model="other"))
    assert len(fake.connections) == 1
    await call(client, ask(fake, cidr=("127.0.0.1/32",)))
    assert len(fake.connections) == 2


async def test_closed_it_asks_nobody_and_cuts_what_runs(fake: FakeUpstream, client: HttpUpstream) -> None:
    fake.on(PATH, hang(head(200, [("Content-Length", "10")])))
    running = await client.forward(ask(fake))
    await client.aclose()
    with pytest.raises(UpstreamFailed):
        await read(running)
    with pytest.raises(UpstreamUnreachable, match="shutting down"):
        await client.forward(ask(fake))


async def test_a_cancelled_call_leaves_no_connection(fake: FakeUpstream, client: HttpUpstream) -> None:
    fake.on(PATH, hang())
    task = asyncio.create_task(client.forward(ask(fake)))
    while not fake.requests:  # noqa: ASYNC110 the server tells nobody
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(fake.connections[0].closed.wait(), 60)


async def test_a_private_authority_replaces_the_public_ones(authority: Authority) -> None:
    names = ScriptedNames({"model.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})
    client = HttpUpstream(Credentials({}), version="1", names=names)
    async with FakeUpstream(tls=authority.server("model.example")) as fake:
        fake.on(PATH, answer({}))
        ca_file = str(authority.ca_file)
        assert await call(client, ask(fake, host="model.example", ca_file=ca_file)) == b"{}"
        for host, trusted in (("other.example", ca_file), ("model.example", None)):
            with pytest.raises(UpstreamUnreachable, match="certificate"):
                await client.forward(ask(fake, host=host, ca_file=trusted))
        with pytest.raises(UpstreamUnreachable, match="CA file"):
            await client.forward(ask(fake, host="model.example", ca_file=ca_file + ".missing"))
        assert len(fake.requests) == 1
    await client.aclose()


async def test_through_a_proxy_only_the_proxy_is_connected_to_and_it_sees_no_content(authority: Authority) -> None:
    names = ScriptedNames({})
    client = HttpUpstream(Credentials({"KEY": CANARY}), version="1", names=names)
    async with FakeUpstream(tls=authority.server("model.example")) as fake:
        fake.on(PATH, answer({}))
        async with FakeProxy({f"model.example:{fake.port}": fake.port}, host="127.0.0.7") as proxy:
            record: dict[str, Any] = {
                "host": "model.example",
                "proxy": f"http://127.0.0.7:{proxy.port}",
                "cidr": ("127.0.0.7/32",),
                "ca_file": str(authority.ca_file),
                "credential": "env:KEY",
            }
            assert await call(client, ask(fake, **record)) == b"{}"
            assert CANARY not in "".join(proxy.heads)
            assert "user-agent: waarmerk/1\r\n" in proxy.heads[0].lower()
            with pytest.raises(UpstreamUnreachable, match="proxy refused"):
                await client.forward(ask(fake, **record | {"host": "other.example"}))
            with pytest.raises(UpstreamUnreachable, match="not permitted"):
                await client.forward(ask(fake, **record | {"cidr": ("127.0.0.8/32",)}))
            assert len(proxy.heads) == 2
    assert names.asked == []
    await client.aclose()
