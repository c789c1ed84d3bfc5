# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An answer that is read from the socket as fast as its reader reads it, and no further."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from app.domain.errors import UpstreamFailed
from app.upstream.connection import Connection
from app.upstream.failures import FAULTS, broken, hung_up, invalid, timeout
from app.upstream.framing import Head
from app.upstream.headers import answer_headers
from app.upstream.pool import Lane


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may cost."""

    idle: float
    """Seconds between two pieces; it runs only while we wait, so a slow reader never trips it."""
    deadline: float
    """Loop time at which the call is over, however healthy its stream: it ends with `UpstreamTimeout`, never quietly."""
    size: int | None
    """Bytes of body; None for a stream, which is never held whole."""
    truncate: bool = False
    """True: what is over `size` is dropped, for an error's body is read for its machine code only. False: it is `UpstreamInvalid`."""


class HttpAnswer:
    """`Answer` over a connection. Close it always, read or not: only a body read to its end leaves the connection in use."""

    def __init__(self, head: Head, connection: Connection, lane: Lane, limits: Limits) -> None:
        self.status = head.status
        self.headers = answer_headers(head.fields)
        self._connection: Connection | None = connection
        """None once the answer has ended: then it may be another call's already."""
        self._lane = lane
        self._limits = limits
        self._left = limits.size
        self._closed = False
        self._loop = asyncio.get_running_loop()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next bytes as they came. Raises `UpstreamFailed`, also when `aclose` came between."""
        connection = self._connection
        if connection is None:
            raise StopAsyncIteration
        if self._closed:
            raise hung_up()
        data = await self._read(connection)
        if self._left is not None:
            data = self._within(data, connection)
        if connection.is_done:
            self._connection = None
            self._lane.keep(connection)
        if not data:
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        """Close, not release: a connection with an unread body is not for another call."""
        if not self._closed:
            self._closed = True
            if self._connection is not None:
                self._connection.close()

    async def _read(self, connection: Connection) -> bytes:
        limits, now = self._limits, self._loop.time()
        failure: UpstreamFailed
        if now >= limits.deadline:
            failure = timeout("in totaal", "in total")
        else:
            try:
                return await connection.read(min(now + limits.idle, limits.deadline))
            except FAULTS as error:
                failure = self._failure(error)
        connection.close()
        raise hung_up() if self._closed else failure

    def _failure(self, error: Exception) -> UpstreamFailed:
        if not isinstance(error, TimeoutError):
            return broken()
        late = self._loop.time() >= self._limits.deadline
        return timeout("in totaal", "in total") if late else timeout("stilte", "silence")

    def _within(self, data: bytes, connection: Connection) -> bytes:
        """The data as far as the limit allows; empty ends the answer."""
        left = self._left or 0
        if len(data) > left:
            connection.close()
            if not self._limits.truncate:
                raise invalid("Het antwoord van het taalmodel is te groot.", "The model's answer is too large.")
            self._connection = None
            data = data[:left]
        self._left = left - len(data)
        return data
