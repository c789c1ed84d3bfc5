# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One answer as it comes off the wire: HTTP/1.1 that can be read in one way, or none at all (RFC 9112).

Two readers stand one behind the other, and both must agree. The first is a grammar of the whole head, narrower than the standard
allows; the second is llhttp, which also unpacks the chunks. An answer whose end is a matter of opinion is how one application gets
the answer of another (RFC 9112 section 11.2).
"""

import re
from dataclasses import dataclass
from typing import Final

import httptools

MAX_HEAD: Final = 64 * 2**10
"""Bytes of a head, with the interim answers before it."""
_INTERIM: Final = 8
"""Answers of 1xx before the one that counts; we never ask for any."""
_OVERHEAD: Final = 16 * 2**10
"""Bytes of chunk sizes, extensions and trailers of one body, beyond those that each chunk may have."""
_OF_A_CHUNK: Final = 32

_END: Final = b"\r\n\r\n"
_BEGIN: Final = b"HTTP/1."
_HEAD: Final = re.compile(
    rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [\t -~\x80-\xff]{0,4096}+)?+\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}+:[\t -~\x80-\xff]{0,8192}+\r\n){0,100}+)\r\n"
)
"""No bare CR or LF, no folded line, no blank before a colon, no NUL: each has been read in two ways by somebody."""
_FIELD: Final = re.compile(rb"([^:]++):([^\r]*+)\r\n")
_LENGTH: Final = re.compile(rb"[0-9]{1,15}")


class Malformed(Exception):
    """What came is no HTTP, or not in one way. It carries none of it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The status line and the fields of an answer."""

    version: int
    """The minor one: 0 or 1."""
    status: int
    fields: tuple[tuple[bytes, bytes], ...]
    """Lower-case names and values, in order."""
    size: int
    """Bytes on the wire, up to the body."""

    def of(self, name: bytes) -> list[bytes]:
        """Every value of a field."""
        return [value for key, value in self.fields if key == name]


def read_head(wire: bytes) -> Head | None:
    """The head that these bytes begin with; None while it is not whole. Raises `Malformed` as soon as it can be nothing else."""
    size = wire.find(_END) + len(_END)
    if size < len(_END):
        if len(wire) > MAX_HEAD or not (wire.startswith(_BEGIN) or _BEGIN.startswith(wire)):
            raise Malformed
        if b"\n" in wire.replace(b"\r\n", b""):
            raise Malformed
        return None
    found = _HEAD.fullmatch(wire, 0, size)
    if found is None or size > MAX_HEAD:
        raise Malformed
    fields = tuple([(name.lower(), value.strip(b"\t ")) for name, value in _FIELD.findall(found[3])])
    return Head(int(found[1]), int(found[2]), fields, size)


class HeadReader:
    """Heads off the wire, up to the one that counts: what is interim is read, bounded, and forgotten (RFC 9110 15.2)."""

    __slots__ = ("_interim", "_wire")

    def __init__(self) -> None:
        self._wire = b""
        self._interim = 0

    def feed(self, data: bytes) -> tuple[Head, bytes] | None:
        """The head, and the wire from its first byte on; None while it is not whole. Raises `Malformed`."""
        wire = self._wire + data if self._wire else data
        head = read_head(wire)
        while head is not None and head.status < 200:
            self._interim += 1
            framed = head.of(b"content-length") or head.of(b"transfer-encoding")
            if framed or head.status == 101 or self._interim > _INTERIM:
                raise Malformed
            wire = wire[head.size :]
            head = read_head(wire)
        if head is None:
            self._wire = wire
            return None
        return head, wire


class Response:
    """One answer. Sans-IO: bytes in by `feed`, `head` and `pieces` out; `whole` once its framing says that this was all."""

    __slots__ = (
        "_heads", "_left", "_may_be_cut", "_parser", "_size", "_slack", "_tail", "_until_close",
        "head", "held", "keeps", "on_body", "pieces", "whole",
    )  # fmt: skip

    def __init__(self, *, to_the_close: bool = False) -> None:
        """`to_the_close`: a success without a length may end where the connection ends, too. An error always may."""
        self.head: Head | None = None
        self.pieces: list[bytes] = []
        """Of the body, not taken yet."""
        self.held = 0
        """Bytes in `pieces`."""
        self.whole = False
        self.keeps = True
        """False once the connection is not for another request: the peer says so, or more came than the answer."""
        self.on_body = self.pieces.append  # llhttp hands each piece over without a call of ours
        self._heads = HeadReader()
        self._parser: httptools.HttpResponseParser | None = None
        self._left: int | None = None
        """Bytes on the wire until the end, where a length is known."""
        self._may_be_cut = to_the_close
        self._until_close = False
        self._slack = _OVERHEAD
        self._tail = b""
        self._size = 0

    def feed(self, data: bytes) -> None:
        """The next bytes. Raises `Malformed`: what was handed over before stays, and `whole` stays False."""
        if self.whole:
            self.keeps = False
        elif self._parser is not None:
            self._read_body(self._parser, data)
        else:
            begun = self._heads.feed(data)
            if begun is not None:
                head, wire = begun
                self._frame(head)
                self._parser = httptools.HttpResponseParser(self)
                self._read_body(self._parser, wire)
                self.head = head

    def end(self) -> None:
        """The peer says nothing more. The end of the answer only where the answer said it would be."""
        self.keeps = False
        self.whole = self.whole or self._until_close

    def take(self) -> bytes:
        """What there is of the body; empty when there is nothing now."""
        pieces = self.pieces
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self.held = 0
        return data

    def _frame(self, head: Head) -> None:
        """How the end of the body will be known (RFC 9112 6.3)."""
        lengths, codings = head.of(b"content-length"), head.of(b"transfer-encoding")
        self.keeps = head.version == 1 and not any(b"close" in value.lower() for value in head.of(b"connection"))
        if codings and (lengths or head.version == 0 or [coding.lower() for coding in codings] != [b"chunked"]):
            raise Malformed
        if lengths and (len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0])):
            raise Malformed
        if head.status in (204, 304):
            self._left = head.size
            self.keeps = self.keeps and not lengths and not codings
        elif codings:
            self._slack += head.size
        elif lengths:
            self._left = head.size + int(lengths[0])
        elif head.status >= 400 or self._may_be_cut:
            self._until_close, self.keeps = True, False  # of an error only a machine code is read: a cut does no harm
        else:
            raise Malformed  # a cut would pass for the end

    def _read_body(self, parser: httptools.HttpResponseParser, wire: bytes) -> None:
        known = len(self.pieces)
        try:
            parser.feed_data(wire)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.keeps = False
            broken = not self.whole
        else:
            broken = False
        if self.whole:
            del self.pieces[self._size :]
            self._parser = None  # it holds us as we hold it
        gained = sum(map(len, self.pieces[known:]))
        self.held += gained
        if self._left is not None:
            self._count(len(wire))
        elif not self._until_close:
            self._weigh(wire, len(wire) - gained - _OF_A_CHUNK * (len(self.pieces) - known))
        if broken:
            self.whole = False
            raise Malformed

    def _count(self, size: int) -> None:
        """A length is known: both readers must see the end at the same byte."""
        left = self._left = (self._left or 0) - size
        if (left <= 0) is not self.whole:
            self.whole = False
            raise Malformed
        if left < 0:
            self.keeps = False

    def _weigh(self, wire: bytes, overhead: int) -> None:
        """Chunks: what is no body is bounded, and behind the last of them nothing may stand, not even an empty line."""
        self._slack -= overhead
        if self._slack < 0 and not self.whole:
            raise Malformed
        self._tail = (self._tail + wire[-5:])[-5:]
        if self.whole and not self._tail.strip(b"\r\n"):
            self.keeps = False

    # --- what llhttp tells

    def on_message_begin(self) -> None:
        if self.whole:
            self.keeps = False

    def on_message_complete(self) -> None:
        if not self.whole:
            self.whole = True
            self._size = len(self.pieces)
