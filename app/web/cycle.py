# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One answer, from the messages of ASGI to bytes on the wire: as uvicorn does it, with less for each header and each piece.

The head waits for the first piece of the body, as ASGI asks (HTTP, "Response Start"), and leaves with it: one write and one packet
for most answers. Who wants it to leave alone sends an empty piece after it.
"""

import asyncio
from collections.abc import Collection
from typing import Any, Final, Self, TypeAlias

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

_Headers: TypeAlias = list[tuple[bytes, bytes]]

_NAME: Final = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
"""What a name is made of (RFC 9110 5.6.2), in the lower case of ASGI."""
_CONTROL: Final = bytes((*range(9), *range(10, 32), 127))
"""What no value has in it (RFC 9110 5.5): a line break would make two headers of one, or two answers."""
_BREAK: Final = b"\r\n"
_BODILESS: Final = frozenset({204, 304})
_COPIED: Final = 1 << 16
"""Bytes of a body that are copied at most, to leave in one piece with their head."""


class Cycle(RequestResponseCycle):
    """A request, and the answer to it."""

    _head = b""
    _has_body = True

    @classmethod
    def of(cls, connection: HttpToolsProtocol, *, keep_alive: bool) -> Self:
        """For the request whose head came over this connection."""
        return cls(
            scope=connection.scope,
            transport=connection.transport,
            flow=connection.flow,
            logger=connection.logger,
            access_logger=connection.access_logger,
            access_log=False,
            default_headers=connection.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=connection.expect_100_continue,
            keep_alive=keep_alive,
            on_response=connection.on_response_complete,
        )

    @override
    async def send(self, message: Any) -> None:
        """Write; wait first while the client does not read; do nothing once it has left.

        Raises `RuntimeError` for what makes no answer: a message that is not due, a header that is none, a body of another length.
        """
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if message["type"] != ("http.response.body" if self.response_started else "http.response.start"):
            raise RuntimeError(f"{message['type']} is not due")
        if not self.response_started:
            self._start(message["status"], [*self.default_headers, *message.get("headers", ())])
        elif self.response_complete:
            raise RuntimeError("the answer is complete")
        else:
            self._write(message.get("body", b""), more=message.get("more_body", False))

    def _start(self, status: int, headers: _Headers) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        self._has_body = self.scope["method"] != "HEAD" and status not in _BODILESS
        told = dict(headers)
        length = told.get(b"content-length")
        if b"transfer-encoding" in told or (length is not None and not _is_length(length, headers)):
            raise RuntimeError("how an answer is framed is said once, and here")
        if length is not None:
            self.expected_content_length = int(length) if self._has_body else 0
        elif self._has_body:
            self.chunked_encoding = True
            headers.append((b"transfer-encoding", b"chunked"))
        if b"connection" in told and b"close" in map(bytes.strip, told[b"connection"].lower().split(b",")):
            self.keep_alive = False
        elif not self.keep_alive:
            headers.append((b"connection", b"close"))
        self._head = b"%b%b\r\n\r\n" % (STATUS_LINE[status], _section(headers, told))

    def _write(self, body: bytes, *, more: bool) -> None:
        piece = self._framed(body, more=more)
        if self._head:
            head, self._head = self._head, b""
            if len(piece) > _COPIED:
                self.transport.write(head)
            else:
                piece = head + piece
        self.transport.write(piece)
        if not more:
            self._complete()

    def _framed(self, body: bytes, *, more: bool) -> bytes:
        if not self._has_body:
            return b""
        if self.chunked_encoding:
            chunk = (
                b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            )  # an empty one would end the answer (RFC 9112 7.1)
            return chunk if more else chunk + b"0\r\n\r\n"
        self.expected_content_length -= len(body)
        if self.expected_content_length < 0:
            raise RuntimeError("a body that is longer than its head says")
        return body

    def _complete(self) -> None:
        if self.expected_content_length:
            raise RuntimeError("a body that is shorter than its head says")
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def _is_length(value: bytes, headers: _Headers) -> bool:
    return value.isdigit() and [name for name, _ in headers].count(b"content-length") == 1


def _section(headers: _Headers, names: Collection[bytes]) -> bytes:
    """The lines, without the break after the last. Raises `RuntimeError` where a name or a value would make another line of it."""
    section = _BREAK.join(map(b": ".join, headers))
    breaks = len(_BREAK) * (len(headers) - 1)
    if (
        b"" in names
        or b"".join(names).translate(None, _NAME)
        or len(section.translate(None, _CONTROL)) != len(section) - breaks
    ):
        raise RuntimeError("a header that is none")
    return section
