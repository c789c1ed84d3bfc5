# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Requests that servers disagree about, each with the one answer it gets here."""

import json
from dataclasses import dataclass
from typing import Protocol

import pytest

HOST = b"Host: waarmerk.example\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Edge(Protocol):
    reached: list[str]
    headers: list[list[tuple[bytes, bytes]]]
    refused: list[str]

    def ask(self, *pieces: bytes) -> bytes: ...
    def settle(self) -> None: ...


@dataclass(frozen=True)
class Probe:
    status: int
    problem: str
    """The name of the problem that is answered."""
    raw: bytes
    reaches: bool = False
    """True where the fault comes after the header section, so that the application has begun to read."""


def post(*headers: bytes, body: bytes = b"", version: bytes = b"1.1") -> bytes:
    return b"POST /v1/x HTTP/" + version + b"\r\n" + HOST + b"".join(headers) + b"\r\n" + body


def get(target: bytes, *headers: bytes, host: bytes = HOST) -> bytes:
    return b"GET " + target + b" HTTP/1.1\r\n" + host + b"".join(headers) + b"\r\n"


SMUGGLED = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"
MALFORMED = "malformed-request"
TARGET = "invalid-target"

PROBES = {
    # --- body framing
    "CL and TE": Probe(400, MALFORMED, post(b"Content-Length: 4\r\n", CHUNKED, body=b"0\r\n\r\n" + SMUGGLED)),
    "TE and CL": Probe(400, MALFORMED, post(CHUNKED, b"Content-Length: 5\r\n", body=b"0\r\n\r\n" + SMUGGLED)),
    "two differing CL": Probe(400, MALFORMED, post(b"Content-Length: 4\r\nContent-Length: 5\r\n", body=b"abcde")),
    "two equal CL": Probe(400, MALFORMED, post(b"Content-Length: 4\r\nContent-Length: 4\r\n", body=b"abcd")),
    "CL list": Probe(400, MALFORMED, post(b"Content-Length: 4, 4\r\n", body=b"abcd")),
    "CL: +4": Probe(400, MALFORMED, post(b"Content-Length: +4\r\n", body=b"abcd")),
    "CL: -1": Probe(400, MALFORMED, post(b"Content-Length: -1\r\n", body=b"abcd")),
    "CL: 0x4": Probe(400, MALFORMED, post(b"Content-Length: 0x4\r\n", body=b"abcd")),
    "CL empty": Probe(400, MALFORMED, post(b"Content-Length:\r\n", body=b"abcd")),
    "CL huge": Probe(400, MALFORMED, post(b"Content-Length: 99999999999999999999\r\n", body=b"abcd")),
    "TE xchunked": Probe(400, MALFORMED, post(b"Transfer-Encoding: xchunked\r\n", body=b"0\r\n\r\n")),
    "TE: chunked, identity": Probe(
        400, MALFORMED, post(b"Transfer-Encoding: chunked, identity\r\n", body=b"0\r\n\r\n")
    ),
    "TE: gzip, chunked": Probe(400, MALFORMED, post(b"Transfer-Encoding: gzip, chunked\r\n", body=b"0\r\n\r\n")),
    "two TE": Probe(400, MALFORMED, post(b"Transfer-Encoding: gzip\r\n", CHUNKED, body=b"0\r\n\r\n")),
    "TE empty": Probe(400, MALFORMED, post(b"Transfer-Encoding:\r\n", body=b"0\r\n\r\n")),
    "TE with vertical tab": Probe(400, MALFORMED, post(b"Transfer-Encoding:\x0bchunked\r\n", body=b"0\r\n\r\n")),
    "TE on 1.0": Probe(400, MALFORMED, post(CHUNKED, body=b"0\r\n\r\n", version=b"1.0")),
    "bad chunk CRLF": Probe(400, MALFORMED, post(CHUNKED, body=b"1\r\naX\r\n0\r\n\r\n"), reaches=True),
    "chunk size 0x1": Probe(400, MALFORMED, post(CHUNKED, body=b"0x1\r\na\r\n0\r\n\r\n"), reaches=True),
    "chunk size -1": Probe(400, MALFORMED, post(CHUNKED, body=b"-1\r\na\r\n0\r\n\r\n"), reaches=True),
    "chunk size overflow": Probe(400, MALFORMED, post(CHUNKED, body=b"fffffffffffffffff\r\na\r\n"), reaches=True),
    "bare LF after chunk size": Probe(400, MALFORMED, post(CHUNKED, body=b"1\na\r\n0\r\n\r\n"), reaches=True),
    "bare LF in chunk extension": Probe(400, MALFORMED, post(CHUNKED, body=b"1;a\nb\r\na\r\n0\r\n\r\n"), reaches=True),
    "1 MB chunk extension": Probe(
        400, MALFORMED, post(CHUNKED, body=b"1;a=" + b"x" * 1_000_000 + b"\r\na\r\n0\r\n\r\n"), reaches=True
    ),
    "1 MB of leading zeros": Probe(
        400, MALFORMED, post(CHUNKED, body=b"0" * 1_000_000 + b"1\r\na\r\n0\r\n\r\n"), reaches=True
    ),
    "a trailer": Probe(400, MALFORMED, post(CHUNKED, body=b"0\r\nAuthorization: Bearer other\r\n\r\n"), reaches=True),
    # --- header section
    "space before colon": Probe(400, MALFORMED, get(b"/", b"X-A : b\r\n")),
    "space before the first header": Probe(400, MALFORMED, b"GET / HTTP/1.1\r\n " + HOST + b"\r\n"),
    "no header name": Probe(400, MALFORMED, get(b"/", b": b\r\n")),
    "no colon": Probe(400, MALFORMED, get(b"/", b"X-A\r\n")),
    "bare LF after the request line": Probe(400, MALFORMED, b"GET / HTTP/1.1\n" + HOST + b"\r\n"),
    "bare LF after a header": Probe(400, MALFORMED, get(b"/", b"X-A: b\n")),
    "bare LF at the end": Probe(400, MALFORMED, b"GET / HTTP/1.1\r\n" + HOST + b"\n"),
    "bare CR in a header": Probe(400, MALFORMED, get(b"/", b"X-A: a\rX-B: b\r\n")),
    "NUL in a header": Probe(400, MALFORMED, get(b"/", b"X-A: a\x00b\r\n")),
    "obs-fold": Probe(400, MALFORMED, get(b"/", b"X-A: a\r\n b\r\n")),
    "obs-fold with tab": Probe(400, MALFORMED, get(b"/", b"X-A: a\r\n\tb\r\n")),
    "5 MB of headers": Probe(
        431, "headers-too-large", get(b"/", *[b"X-%d: " % i + b"x" * 5000 + b"\r\n" for i in range(1000)])
    ),
    "one header of 5 MB": Probe(431, "headers-too-large", get(b"/", b"X-A: " + b"x" * 5_000_000 + b"\r\n")),
    "a header name of 5 MB": Probe(431, "headers-too-large", get(b"/", b"x" * 5_000_000 + b": a\r\n")),
    "101 headers": Probe(431, "headers-too-large", get(b"/", *[b"X-%d: x\r\n" % i for i in range(100)])),
    "Upgrade": Probe(400, "upgrade-refused", get(b"/", b"Connection: Upgrade\r\nUpgrade: websocket\r\n") + SMUGGLED),
    "Upgrade: h2c": Probe(
        400, "upgrade-refused", get(b"/", b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n")
    ),
    "Upgrade without Connection": Probe(400, "upgrade-refused", get(b"/", b"Upgrade: websocket\r\n")),
    "Expect something": Probe(417, "expectation-failed", get(b"/", b"Expect: 200-ok\r\n")),
    "Connection names a header": Probe(400, "header-refused", get(b"/", b"Connection: close, Authorization\r\n")),
    "method override": Probe(400, "header-refused", get(b"/", b"X-HTTP-Method-Override: DELETE\r\n")),
    "original URL": Probe(400, "header-refused", get(b"/", b"X-Original-URL: /api/v1/keys\r\n")),
    # --- host
    "two Hosts": Probe(400, "invalid-host", get(b"/", HOST)),
    "two differing Hosts": Probe(400, "invalid-host", get(b"/", b"host: evil.example\r\n")),
    "no Host": Probe(400, "invalid-host", get(b"/", host=b"")),
    "no Host on 1.0": Probe(400, "invalid-host", b"GET / HTTP/1.0\r\n\r\n"),
    "empty Host": Probe(400, "invalid-host", get(b"/", host=b"Host:\r\n")),
    "Host with #@": Probe(421, "unknown-host", get(b"/", host=b"Host: waarmerk.example/public#@evil.example\r\n")),
    "Host of another": Probe(421, "unknown-host", get(b"/", host=b"Host: evil.example\r\n")),
    "Host with another port": Probe(421, "unknown-host", get(b"/", host=b"Host: waarmerk.example:81\r\n")),
    "Host with a dot at the end": Probe(421, "unknown-host", get(b"/", host=b"Host: waarmerk.example.\r\n")),
    "Host of two": Probe(421, "unknown-host", get(b"/", host=b"Host: waarmerk.example,evil.example\r\n")),
    # --- target
    "absolute-form": Probe(400, TARGET, get(b"http://evil.example/zz")),
    "absolute-form of ours": Probe(400, TARGET, get(b"http://waarmerk.example/v1/x")),
    "authority-form": Probe(400, TARGET, b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED),
    "asterisk-form": Probe(400, TARGET, b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n"),
    "fragment": Probe(400, TARGET, get(b"/a#b")),
    "dot-dot and encoded slash": Probe(400, TARGET, get(b"/a/..%2f..//b/../c")),
    "dot-dot": Probe(400, TARGET, get(b"/a/../c")),
    "dot-dot at the end": Probe(400, TARGET, get(b"/a/..")),
    "dot": Probe(400, TARGET, get(b"/a/./c")),
    "two slashes": Probe(400, TARGET, get(b"//evil.example/c")),
    "encoded slash": Probe(400, TARGET, get(b"/a%2Fb")),
    "encoded dots": Probe(400, TARGET, get(b"/a/%2e%2E/c")),
    "encoded backslash": Probe(400, TARGET, get(b"/a%5cb")),
    "backslash": Probe(400, TARGET, get(b"/a\\b")),
    "encoded NUL": Probe(400, TARGET, get(b"/a%00")),
    "encoded line break": Probe(400, TARGET, get(b"/a%0d%0aX:%20y")),
    "path parameter": Probe(400, TARGET, get(b"/a;x=1/b")),
    "encoded letter": Probe(400, TARGET, get(b"/v1/%61")),
    "double encoding": Probe(400, TARGET, get(b"/a%252e%252e/b")),
    "unfinished escape": Probe(400, TARGET, get(b"/a%2")),
    "no hexadecimal": Probe(400, TARGET, get(b"/a%zz")),
    "target not ASCII": Probe(400, MALFORMED, get("/é".encode())),
    "target too long": Probe(414, "target-too-long", get(b"/" + b"a" * 9000)),
    # --- request line
    "HTTP/0.9": Probe(505, "version-not-supported", b"GET /\r\n\r\n"),
    "HTTP/2.0": Probe(505, "version-not-supported", b"GET / HTTP/2.0\r\n" + HOST + b"\r\n"),
    "HTTP/1.2": Probe(400, MALFORMED, b"GET / HTTP/1.2\r\n" + HOST + b"\r\n"),
    "TRACE": Probe(501, "method-unknown", b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "RTSP": Probe(501, "method-unknown", b"DESCRIBE / RTSP/1.0\r\n" + HOST + b"\r\n"),
    "lower-case method": Probe(400, MALFORMED, b"get / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "TLS on the plain port": Probe(400, MALFORMED, bytes.fromhex("16030100a5010000a10303") + bytes(150)),
    "noise": Probe(400, MALFORMED, b"\x00\xff" * 50),
}


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES.keys())
def test_a_doubtful_request_gets_its_one_answer(edge: Edge, probe: Probe) -> None:
    answer = edge.ask(probe.raw)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0].split(b" ")[:2] == [b"HTTP/1.1", str(probe.status).encode()]
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers[b"cache-control"] == b"no-store"
    # One answer and nothing behind it: what was smuggled in is not answered.
    assert len(body) == int(headers[b"content-length"])
    problem = json.loads(body)
    assert problem["type"] == f"/problems/{probe.problem}"
    assert problem["status"] == probe.status
    assert {"title", "detail"} < problem.keys()
    assert edge.refused == [probe.problem]
    edge.settle()
    assert edge.reached == (["POST /v1/x", "gone"] if probe.reaches else [])
    # Nothing of the request comes back.
    assert not any(word in answer for word in (b"evil", b"X-A", b"smuggled", b"xxx"))


HONEST = {
    "GET": (get(b"/v1/models?limit=2&x=%2F..//;"), b"0"),
    "POST": (post(b"Content-Length: 4\r\n", body=b"abcd"), b"4"),
    "POST without body": (post(b"Content-Length: 0\r\n"), b"0"),
    "chunked": (post(CHUNKED, body=b"4\r\nabcd\r\n0\r\n\r\n"), b"4"),
    "chunked, capital": (post(b"Transfer-Encoding: Chunked\r\n", body=b"4\r\nabcd\r\n0\r\n\r\n"), b"4"),
    "small chunk extension": (post(CHUNKED, body=b"4;a=b\r\nabcd\r\n0\r\n\r\n"), b"4"),
    "many small chunks": (post(CHUNKED, body=b"1\r\na\r\n" * 50_000 + b"0\r\n\r\n"), b"50000"),
    "large body": (post(b"Content-Length: 3000000\r\n", body=b"a" * 3_000_000), b"3000000"),
    "capital Host": (get(b"/", host=b"HOST: Waarmerk.Example\r\n"), b"0"),
    "space after the Host": (get(b"/", host=b"Host: waarmerk.example \t\r\n"), b"0"),
    "IPv6 Host": (get(b"/", host=b"Host: [::1]:8484\r\n"), b"0"),
    "well-known": (get(b"/.well-known/x...y/~z"), b"0"),
    "Gemini verb": (get(b"/gemini/v1beta/models/guus:generateContent"), b"0"),
    "needed escapes": (get(b"/v1/a%20b%3A%C3%A9%40"), b"0"),
    "HTTP/1.0": (b"GET / HTTP/1.0\r\n" + HOST + b"\r\n", b"0"),
    "keep-alive": (get(b"/", b"Connection: Keep-Alive\r\n"), b"0"),
    "30 KiB of headers": (get(b"/", *[b"X-%d: " % i + b"x" * 1000 + b"\r\n" for i in range(30)]), b"0"),
    "99 headers": (get(b"/", *[b"X-%d: x\r\n" % i for i in range(98)]), b"0"),
    "empty lines first": (b"\r\n\r\n" + get(b"/"), b"0"),
}


@pytest.mark.parametrize(("raw", "expected"), HONEST.values(), ids=HONEST.keys())
def test_an_honest_request_is_answered(edge: Edge, raw: bytes, expected: bytes) -> None:
    head, _, body = edge.ask(raw).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body == expected
    assert edge.refused == []


@pytest.mark.parametrize("name", ["GET", "POST", "chunked", "30 KiB of headers"])
def test_an_honest_request_is_answered_byte_by_byte(edge: Edge, name: str) -> None:
    raw, expected = HONEST[name]
    size = 1 if len(raw) < 1000 else 997
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
    head, _, body = edge.ask(*pieces).partition(b"\r\n\r\n")
    assert (head[:12], body) == (b"HTTP/1.1 200", expected)


def test_answers_carry_the_security_headers(edge: Edge) -> None:
    head = edge.ask(get(b"/")).partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    assert {b"x-content-type-options: nosniff", b"referrer-policy: no-referrer", b"cache-control: no-store"} <= set(
        head
    )
    assert not any(line.startswith(b"server:") for line in head)


def test_forwarding_headers_from_strangers_do_not_arrive(edge: Edge) -> None:
    edge.ask(get(b"/", b"X-Forwarded-For: 10.0.0.1\r\nX-AI-Review: approved\r\nWaarmerk-Context: c\r\nX-Own: d\r\n"))
    assert edge.headers == [
        [(b"host", b"waarmerk.example"), (b"waarmerk-context", b"c"), (b"x-own", b"d")],
    ]
