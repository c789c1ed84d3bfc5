# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Request lines and framing that no client library would write, sent as bytes with a valid key: nothing is asked of anybody."""

import asyncio

import pytest

from tests.outside.observer import CHAT, SECRET, TASK, Outside

pytestmark = [pytest.mark.needs("strace"), pytest.mark.asyncio(loop_scope="session")]

BODY = b'{"model":"%b","messages":[{"role":"user","content":"x"}]}' % TASK.encode()

TARGETS = [
    "/v1/chat/completions/../..",
    "/v1/chat/completions/../completions",
    "/v1/chat/completions/.",
    "/v1/../v1/chat/completions",
    "/./v1/chat/completions",
    "/v1//chat/completions",
    "//v1/chat/completions",
    "//127.0.0.2/v1/chat/completions",
    "//evil.example",
    "/\\127.0.0.2/v1/chat/completions",
    "\\v1\\chat\\completions",
    "/v1/chat/completions/",
    "/v1/chat/completions;x=1",
    "/v1/chat/completions#x",
    "/v1/%2e%2e/v1/chat/completions",
    "/v1/chat%2fcompletions",
    "/v1/chat%2Fcompletions",
    "/v1/chat/%63ompletions",
    "/v1/chat/completions%00",
    "/v1/chat/completions%20",
    "/v1/chat/completions%0d%0aHost:%20evil.example",
    "/v1/chat/completions\t",
    "/V1/chat/completions",
    "/v1/chat/COMPLETIONS",
    "/v1/chat/completions:generate",
    "/v1/chat/completions/http://127.0.0.2",
    "/v1/embeddings",
    "/v1/responses",
    "/v1/completions",
    "/v1/files",
    "/v1/batches",
    "/v1/realtime",
    "/v1/models/..%2fchat%2fcompletions",
    "/openai/v1/chat/completions",
    "/proxy/http://127.0.0.2:{port}/v1/chat/completions",
    "/passthrough/127.0.0.2",
    "http://127.0.0.2:{port}/v1/chat/completions",
    "http://127.0.0.1:{own}/v1/chat/completions",
    "https://evil.example/v1/chat/completions",
    "127.0.0.2:{port}",
    "@127.0.0.2:{port}/v1/chat/completions",
    "?url=http://127.0.0.2:{port}/",
    "*",
    "",
]

QUERIES = ["?", "?model=gpt-4o", "?api_base=http://127.0.0.2:{port}/v1", "?api-version=1&deployment=gpt-4o", "?//evil"]
"""Behind the right path: nobody reads them."""

FRAMES = {
    "two hosts": b"Host: 127.0.0.1:{own}\r\nHost: 127.0.0.2:{port}\r\n",
    "no host": b"",
    "host of a canary": b"Host: 127.0.0.2:{port}\r\n",
    "host with a user": b"Host: 127.0.0.1:{own}@127.0.0.2\r\n",
    "host as an address": b"Host: http://127.0.0.1:{own}\r\n",
    "host with a path": b"Host: 127.0.0.1:{own}/x\r\n",
    "authorization twice": b"Host: 127.0.0.1:{own}\r\nAuthorization: Bearer {key}\r\n",
    "authorization of another": b"Host: 127.0.0.1:{own}\r\nAuthorization: Bearer " + SECRET.encode() + b"\r\n",
    "two lengths": b"Host: 127.0.0.1:{own}\r\nContent-Length: 5\r\n",
    "length and chunks": b"Host: 127.0.0.1:{own}\r\nTransfer-Encoding: chunked\r\n",
    "folded line": b"Host: 127.0.0.1:{own}\r\nX-A: b\r\n Host: 127.0.0.2\r\n",
    "space before the colon": b"Host : 127.0.0.1:{own}\r\n",
    "bare line feed": b"Host: 127.0.0.1:{own}\nX-Forwarded-Host: 127.0.0.2\n",
    "connection names the key": b"Host: 127.0.0.1:{own}\r\nConnection: authorization\r\n",
}


@pytest.mark.parametrize("target", TARGETS, ids=ascii)
async def test_a_target_that_is_no_route_leads_nowhere(target: str, outside: Outside) -> None:
    line = f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{{own}}\r\n"
    assert await status(outside, line.encode()) in {400, 404, 405}
    assert outside.waarmerk.records("exchange:") == []
    outside.silent()


@pytest.mark.parametrize(
    "method", ["CONNECT 127.0.0.2:{port}", "CONNECT 127.0.0.1:{own}", "OPTIONS *", "TRACE /", "GET //"]
)
async def test_a_method_for_forwarding_proxies_leads_nowhere(method: str, outside: Outside) -> None:
    line = f"{method} HTTP/1.1\r\nHost: 127.0.0.1:{{own}}\r\n"
    assert await status(outside, line.encode()) in {400, 404, 405, 501}
    outside.silent()


@pytest.mark.parametrize("query", QUERIES)
async def test_a_query_is_read_by_nobody(query: str, outside: Outside) -> None:
    line = f"POST {CHAT}{query} HTTP/1.1\r\nHost: 127.0.0.1:{{own}}\r\n"
    assert await status(outside, line.encode()) == 200
    outside.delivered()


@pytest.mark.parametrize("name", FRAMES)
async def test_a_request_that_can_be_read_in_two_ways_is_not_read(name: str, outside: Outside) -> None:
    line = f"POST {CHAT} HTTP/1.1\r\n".encode()
    assert await status(outside, line + FRAMES[name]) in {400, 401, 421}
    assert outside.waarmerk.records("exchange:") == []
    outside.silent()


async def status(outside: Outside, head: bytes) -> int:
    """What comes back for this head with an honest rest."""
    rest = b"Authorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    data = head + rest
    for name, value in {"port": outside.model.port, "own": outside.waarmerk.port, "key": outside.key}.items():
        data = data.replace(b"{%b}" % name.encode(), str(value).encode())
    reader, writer = await asyncio.open_connection("127.0.0.1", outside.waarmerk.port)
    writer.write(data + BODY)
    try:
        async with asyncio.timeout(60):
            return int((await reader.readline()).split()[1])
    finally:
        writer.close()
