# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers of a model server, off the wire: however they are cut, the same body and the same end, where another reader sees it too."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, TypeAlias

import h11

from app.upstream.framing import Malformed, Response
from tests.fuzz.pieces import cut

_OK: Final = b"\x05\x20\x50HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SEEDS: Final = (
    _OK + b"Content-Length: 5\r\n\r\nabcde",
    _OK + b"Content-Length: 5\r\n\r\nabcdeHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    _OK + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: y\r\n\r\n",
    _OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\r\n",
    _OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    _OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    _OK + b"Connection: close\r\nContent-Length: 1\r\n\r\na",
    _OK + b"Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 1\r\n\r\na",
    b"\x05\x20\x50HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
    b"\x05\x20\x50HTTP/1.1 100 C\r\nContent-Length: nue\r\n\r\nHTTP/1.1 429 g\xe00\r\n\r\n",
    b"\x05\x20\x50HTTP/1.0 503 Full\r\nContent-Type: text/html\r\n\r\n<p>full</p>",
    b"\x05\x20\x50HTTP/1.1 204 None\r\n\r\n",
    _OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nTransfer-Encoding: x\r\n\r\n\nacb\r\n7\r\n\r\n",
    b"\x05\x20\x50HTTP/1.1 204 OK\r\nTransfer-Encoding: chud\r\n\r\n0\r\n",
    b"\x05\x20\x50HTTP/1.1 101 Switch\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nabc",
    b"\x05\x20\x50HTTP/1.1 200\r\nX:\r\nTransfer-Encoding: Chunked\r\n\r\n0000\r\n\r\n",
)
_REQUEST: Final = h11.Request(method="POST", target="/", headers=[("host", "a"), ("content-length", "0")])
_ZEROS: Final = b"0" * 15
"""A chunk size that begins so is the same number to everybody, but h11 takes no more than twenty digits."""
_CODING: Final = b"transfer-encoding"
"""In a trailer it means nothing (RFC 9110 6.5.1): we read none, h11 refuses this one. In a head two of them are refused by us."""
Seen: TypeAlias = tuple[bytes, bool]
"""The body of an answer that is whole, and whether its connection can be used again."""


def run(data: bytes) -> None:
    """The first three bytes say where to cut."""
    places, wire = data[:3], data[3:]
    ours = _read([wire])
    assert ours == _read(cut(wire, places)), "another answer in pieces"
    if ours is None or _ZEROS in wire or wire.lower().count(_CODING) > 1:
        return
    theirs = seen(h11.Connection(h11.CLIENT, max_incomplete_event_size=2**17), wire)
    assert theirs is not None, "an end that another reader does not see"
    assert ours[0] == theirs[0], "another body for another reader"
    assert theirs[1] or not ours[1], "a connection that another reader would not use again"


def _read(pieces: Sequence[bytes]) -> Seen | None:
    response, body = Response(), b""
    with suppress(Malformed):
        for piece in pieces:
            if piece:
                response.feed(piece)
                body += response.take()
        keeps = response.keeps
        response.end()
        return (body, keeps) if response.whole else None
    assert not response.whole, "broken and whole"
    response.end()
    assert not response.whole, "broken and whole after all"
    return None


def seen(reader: h11.Connection, wire: bytes) -> Seen | None:
    """The same of h11; None when it sees no whole answer."""
    reader.send(_REQUEST)
    reader.send(h11.EndOfMessage())
    body = b""
    try:
        reader.receive_data(wire)
        while not isinstance(event := reader.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                reader.receive_data(b"")
            elif isinstance(event, h11.Data):
                body += event.data
            elif event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                return None
    except h11.RemoteProtocolError:
        return None
    return body, reader.their_state is h11.DONE and reader.trailing_data[0] == b""
