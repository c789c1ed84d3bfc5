# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""HTTP/1.1 off the wire: however it was cut into pieces, the same requests reach the application, each framed one way."""

import re
from collections.abc import Sequence
from typing import Any, Final

from app.web.guard import Guard, Message
from app.web.protocol import EdgeLimits
from tests.fuzz.pieces import LOOP, cut
from tests.wire import Bench, settle

_HOST: Final = b"Host: a\r\n"
SEEDS: Final = (
    b"\x05\x10\x20GET /v1/models?x=1 HTTP/1.1\r\n" + _HOST + b"Connection: keep-alive\r\n\r\n",
    b"\x05\x10\x20POST /verify HTTP/1.1\r\n" + _HOST + b"Content-Length: 5\r\n\r\nabcde",
    b"\x05\x10\x20POST / HTTP/1.1\r\n" + _HOST + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n",
    b"\x05\x10\x20POST / HTTP/1.1\r\n" + _HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"\x05\x10\x20GET /a/../b HTTP/1.0\r\n" + _HOST + b"X-Forwarded-For: 1.2.3.4\r\nExpect: 100-continue\r\n\r\n",
    b"\x05\x10\x20GET /%2e%2e/v/%41 HTTP/1.1\r\nHost:\r\nX-HTTP-Method-Override: PUT\r\nUpgrade: h2c\r\n\r\nGET / HTTP/1.1\r\n\r\n",
)
_ONLY_ONE: Final = frozenset({b"host", b"content-length", b"transfer-encoding"})


def run(data: bytes) -> None:
    """The first three bytes say where to cut."""
    LOOP.run(_compare(data[3:], data[:3]))


async def _compare(stream: bytes, places: bytes) -> None:
    whole, pieces = await _requests([stream]), await _requests(cut(stream, places))
    assert whole == pieces, "other requests in pieces"


async def _requests(pieces: Sequence[bytes]) -> tuple[list[object], list[tuple[str, str]], bool]:
    """What reached the application, what was refused, and whether an answer was given."""
    bench = Bench(EdgeLimits())
    refused: list[tuple[str, str]] = bench.refused
    bench.config.loaded_app = _guarded(bench, refused)
    wire = await bench.send(*(piece for piece in pieces if piece))
    for scope in bench.inside.scopes:
        _judge(scope)
    assert wire.written.count(b"HTTP/1.1 ") <= 1 + wire.written.count(b"100 Continue"), "two answers to one connection"
    wire.abort()
    await settle()
    return [_seen(scope) for scope in bench.inside.scopes], refused, bool(wire.written)


def _guarded(bench: Bench, refused: list[tuple[str, str]]) -> Any:  # noqa: ANN401  (an ASGI application)
    inside = bench.inside
    return Guard(
        inside, allowed_hosts=["a"], trusted_proxies=[], refused=lambda name, peer: refused.append((name, peer))
    )


def _judge(scope: Message) -> None:
    """One reading only of where a request goes and where it ends."""
    names = [name for name, _ in scope["headers"]]
    assert names.count(b"host") == 1
    assert all(names.count(name) <= 1 for name in _ONLY_ONE), "a framing header twice"
    assert not {b"content-length", b"transfer-encoding"} <= {*names}, "two lengths of one body"
    path = scope["raw_path"]
    assert not any(segment in {b".", b".."} for segment in path.split(b"/")), "a dot segment"
    assert b"//" not in path
    assert not re.search(rb"[^!-~]|[;\\]|%(?:2[EF]|5C|00)", path, re.IGNORECASE), "a path with two readings"


def _seen(scope: Message) -> object:
    return scope["method"], scope["raw_path"], scope["query_string"], scope["headers"], scope["http_version"]
