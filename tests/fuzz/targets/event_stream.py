# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Server-sent events: however a stream was cut into pieces, the same events; read as the standard reads them."""

from collections.abc import Sequence
from typing import Final

import orjson

from app.dialects import splice, strict
from app.dialects.openai import StreamReader
from app.dialects.sse import Frame, Framer
from app.domain.answer import Event
from app.domain.errors import UpstreamFailed, UpstreamInvalid
from app.domain.json import JsonObject
from tests.fuzz.pieces import cut

SEEDS: Final = (
    b"\x03\x09\x40"
    + b'data: {"choices":[{"index":0,"delta":{"content":"Dag"},"finish_reason":null}]}\n\n' * 2
    + b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    b"\x01\x02\x03: ping\r\n\r\ndata: a\r\ndata: b\r\n\r\nevent: error\ndata:x\n\nid: 7\r\r",
    b'\x01\x02\x03data: {"choices":[{"delta":{"content": "\\u00e9"}},{"index":1,"delta":{"refusal":"n"}}],\ndata: "n":1.50}\n\n',
    b'\x01\x02\x03data: {"ai_provenance":1,"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{"}}]}}]}\n\n',
    b"\x05\x06\x07data: a\n\r\n\n\rdata\r\r\ndata: b",
)
_MARK: Final[JsonObject] = {"generated": True, "id": "exc_1"}


def run(data: bytes) -> None:
    """The first three bytes say where to cut."""
    places, stream = data[:3], data[3:]
    whole, pieces = [stream], cut(stream, places)
    frames = _frames(whole)
    assert [(frame, frame.bare) for frame in frames] == [(frame, frame.bare) for frame in _frames(pieces)]
    assert b"".join(frame.raw for frame in frames).rstrip(b"\r\n") == stream.rstrip(b"\r\n"), "a byte is lost"
    assert [(frame.name, frame.data) for frame in frames if frame.data is not None] == _reference(stream)
    events = _events(whole)
    assert events == _events(pieces)
    for event in events or ():
        if event.tree is not None:
            _change(event, event.tree)


def _frames(pieces: Sequence[bytes]) -> Sequence[Frame]:
    framer = Framer()
    return [*(frame for piece in pieces for frame in framer.feed(piece)), *framer.close()]


def _events(pieces: Sequence[bytes]) -> Sequence[Event] | None:
    reader = StreamReader(2)
    try:
        return [*(event for piece in pieces for event in reader.feed(piece)), *reader.close()]
    except UpstreamFailed:
        return None


def _change(event: Event, tree: JsonObject) -> None:
    """What is put in an event is in it, once, and everything else is what it was."""
    assert _payload(splice.enclose(event.raw, tree, _MARK)) == {**tree, splice.PROVENANCE: _MARK}
    try:
        told = splice.retold(event, {0: 'Nieuw "é"'})
    except UpstreamInvalid:
        return
    assert _payload(told.raw) == told.tree


def _payload(raw: bytes) -> JsonObject:
    (frame,) = _frames([raw])
    assert frame.data is not None
    strict.loads(frame.data)
    read: JsonObject = orjson.loads(frame.data)
    return read


def _reference(stream: bytes) -> list[tuple[str, bytes]]:
    """Line by line (WHATWG HTML 9.2.6); an event that the end cuts off counts, since a reader of answers judges that itself."""
    events: list[tuple[str, bytes]] = []
    name, lines = "", list[bytes]()
    for line in [*stream.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), b""]:
        field, _, value = line.partition(b":")
        if not line:
            events += [(name, b"\n".join(lines))] if lines else []
            name, lines = "", []
        elif field == b"data":
            lines.append(value.removeprefix(b" "))
        elif field == b"event":
            name = value.removeprefix(b" ").decode("ascii", "replace")
    return events
