# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Server-sent events as a framing: bytes in, whole events out (WHATWG HTML 9.2.6). Sans-IO."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.errors import UpstreamInvalid

# A blank line ends an event. A carriage return at the end of what has arrived may be half of a CRLF: wait.
_BLANK_LINE = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))")
_LONGEST_BLANK = len(b"\r\n\r\n")
_LINE = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as it came. `data` is None for an event without data (a comment, a keepalive)."""

    raw: bytes = field(repr=False)
    name: str
    data: bytes | None = field(repr=False)
    bare: bool = field(default=True, compare=False)
    """True when its lines are data and nothing else: no comment, no id, no field that a client would read and nobody judged."""


class Framer:
    """Cuts a byte stream into events, however it was chunked. Raises `UpstreamInvalid` past `limit` bytes of one event."""

    def __init__(self, limit: int = 1 << 20) -> None:
        self._limit = limit
        self._rest = bytearray()
        self._seen = 0  # where a blank line can begin: an event that comes in drops is not searched again for each

    def feed(self, data: bytes) -> Sequence[Frame]:
        """Events that are complete now."""
        if self._rest or (frame := _simple(data)) is None:
            return self._cut(data)
        self._require_bounded(len(data))
        return (frame,)  # as most come: one by one

    def close(self) -> Sequence[Frame]:
        """The last event, when the body ended without its blank line."""
        rest, self._rest = bytes(self._rest), bytearray()
        if not rest.strip(b"\r\n"):
            return ()
        return (parse(rest if _BLANK_LINE.search(rest) else rest + b"\n\n"),)

    def _cut(self, data: bytes) -> Sequence[Frame]:
        frames: list[Frame] = []
        buffer: bytes | bytearray = data
        if self._rest:
            self._rest += data  # not a new one: an event that comes byte by byte would be copied for each
            buffer = self._rest
        start = 0
        while blank := _BLANK_LINE.search(buffer, max(start, self._seen)):
            end = blank.end()
            if end == len(buffer) and buffer.endswith(b"\r"):
                break
            self._require_bounded(end - start)
            frames.append(parse(bytes(buffer[start:end])))
            start = end
        if buffer is data:
            self._rest = bytearray(data[start:])
        else:
            del self._rest[:start]
        self._seen = max(0, len(self._rest) - _LONGEST_BLANK + 1)
        self._require_bounded(len(self._rest))
        return frames

    def _require_bounded(self, size: int) -> None:
        if size > self._limit:
            raise UpstreamInvalid


def parse(raw: bytes) -> Frame:
    """One event, from its first byte through its blank line."""
    if (frame := _simple(raw)) is not None:
        return frame
    name, data, bare = "", [], raw.startswith(b"data")
    for line in _LINE.split(raw):
        label, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if label == b"data":
            data.append(value)
        elif line:
            bare = False
            if label == b"event":
                name = value.decode("ascii", "replace")
    return Frame(raw, name, b"\n".join(data) if data else None, bare)


def _simple(raw: bytes) -> Frame | None:
    """The event that is one line of data, its blank line, and nothing else."""
    if raw.startswith(b"data: ") and raw.endswith(b"\n\n") and raw.find(b"\n") == len(raw) - 2 and b"\r" not in raw:
        return Frame(raw, "", raw[6:-2])
    return None


def write(data: bytes) -> bytes:
    """An event of this data and nothing else."""
    return b"".join(b"data: %s\n" % line for line in data.split(b"\n")) + b"\n"
