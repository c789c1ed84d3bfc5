# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One socket to a peer: a request at a time, and its answer read as fast as its reader reads it, and no further."""

import asyncio
import select
from collections.abc import Callable
from typing import Final, cast

from typing_extensions import override

from app.domain.deadline import Deadline
from app.upstream.framing import Head, Malformed, Response

READ_LIMIT: Final = 2**16
"""Bytes of an answer that may wait for a slow reader; then the socket is read no more until they are taken."""
_WRITTEN_AT_ONCE: Final = 2**20
_PIECE: Final = 2**18
"""A larger body is written in pieces of this size, each when the one before has left."""


class Connection(asyncio.Protocol):
    """Made by an event loop. Whoever asks on it reads the answer to its end and then asks again or lets it `rest`, or closes it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lost: Callable[["Connection"], None]) -> None:
        """`lost` is told once, when the socket is gone."""
        self._loop = loop
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._response: Response | None = None
        self._fault: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._full = self._paused = False
        self._deadline = Deadline(loop, self._expire)
        self._poll: select.poll | None = None

    # --- one request

    async def ask(self, head: bytes, body: bytes, due: float, *, to_the_close: bool = False) -> Head:
        """Write one request and return the head of its answer. It is written once; what follows a fault is for nobody.

        `to_the_close`: a body of unknown length is taken too, for a caller to whom a cut is as good as an end.
        Raises `TimeoutError` at loop time `due`, `ConnectionError` when the socket is gone, `Malformed`. Close it then.
        """
        transport, response = self._transport, Response(to_the_close=to_the_close)
        if transport is None or self._fault is not None or self._response is not None:
            raise ConnectionAbortedError
        self._response = response
        if len(body) <= _WRITTEN_AT_ONCE:
            transport.write(head + body)
        else:
            transport.write(head)
            await self._write(transport, memoryview(body), response, due)
        while response.head is None:
            await self._more(due)
        return response.head

    async def read(self, due: float) -> bytes:
        """The next bytes of the answer, empty at its end. Raises as `ask` does."""
        response = self._response
        if response is None:
            raise ConnectionAbortedError
        while not response.pieces and not response.whole:
            await self._more(due)
        data = response.take()
        if self._paused and self._fault is None and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        return data

    @property
    def is_open(self) -> bool:
        return self._fault is None

    @property
    def is_done(self) -> bool:
        """Whether the answer is whole and nothing of it is left to read."""
        response = self._response
        return response is not None and response.whole and not response.pieces

    def close(self) -> None:
        """At once. Who waits gets `ConnectionAbortedError`; an answer that is here as a whole can still be read."""
        self._fail(ConnectionAbortedError())

    # --- between two requests

    def rest(self, until: float) -> bool:
        """Wait for another request until this loop time. False, and closed, where no other may follow."""
        response, transport = self._response, self._transport
        fit = (
            self._fault is None
            and transport is not None
            and not transport.is_closing()
            and transport.get_write_buffer_size() == 0
            and (response is None or (response.whole and response.keeps and not response.pieces))
        )
        if not fit:
            self.close()
            return False
        self._response = None
        self._deadline.move(until)
        return True

    def wake(self) -> bool:
        """Be used again: False, and closed, when bytes came that nobody asked for, or the peer has left.

        The socket is asked itself: what it holds was not read by the loop yet, and would be read as the answer to the next request.
        """
        if self._fault is None and self._response is None and self._is_quiet():
            self._deadline.lift()
            return True
        self.close()
        return False

    def _is_quiet(self) -> bool:
        if self._poll is None:
            sock = self._transport.get_extra_info("socket") if self._transport is not None else None
            if sock is None:
                return False
            self._poll = select.poll()
            self._poll.register(sock.fileno(), select.POLLIN)
        return not self._poll.poll(0)

    # --- the loop's events

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        response = self._response
        if response is None:
            self.close()
            return
        if self._fault is not None:
            return
        try:
            response.feed(data)
        except Malformed:
            self._fail(Malformed())
            return
        if response.held > READ_LIMIT and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._tell()

    @override
    def eof_received(self) -> None:
        if self._response is not None and self._fault is None:
            self._response.end()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(ConnectionResetError())
        self._deadline.cancel()
        self._transport = None
        self._lost(self)

    @override
    def pause_writing(self) -> None:
        self._full = True

    @override
    def resume_writing(self) -> None:
        self._full = False
        self._tell()

    # --- waiting

    async def _write(self, transport: asyncio.Transport, rest: memoryview, response: Response, due: float) -> None:
        """A peer that answers before it has heard us out has heard enough."""
        while rest and response.head is None:
            if self._full:
                await self._more(due)
            else:
                transport.write(rest[:_PIECE])
                rest = rest[_PIECE:]
        if rest:
            response.keeps = False

    async def _more(self, due: float) -> None:
        """Return when something has happened."""
        if self._fault is not None:
            raise self._fault
        self._deadline.move(due)
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
            self._deadline.lift()

    def _tell(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, fault: Exception) -> None:
        """The first fault is what whoever waits is told. Nothing is sent or read any more."""
        if self._fault is None:
            self._fault = fault
            if self._transport is not None:
                self._transport.abort()
            self._tell()

    def _expire(self) -> None:
        self._fail(TimeoutError())
