# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An answer that is read from the socket as fast as its reader reads it, and no further."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from math import inf

import aiohttp

from app.domain.errors import UpstreamFailed
from app.upstream.failures import FAULTS, broken, hung_up, invalid, timeout
from app.upstream.headers import answer_headers


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


class AiohttpAnswer:
    """`Answer` over an aiohttp response. Close it always, read or not: only a body read to its end leaves the connection in use."""

    def __init__(self, response: aiohttp.ClientResponse, limits: Limits, leave: Callable[[], Awaitable[None]]) -> None:
        self.status = response.status
        self.headers = answer_headers(response.raw_headers)
        self._response = response
        self._limits = limits
        self._leave = leave
        self._left = limits.size
        self._ended = False
        self._closed = False
        self._due = inf
        self._timer: asyncio.TimerHandle | None = None
        self._connection_lost = _future_of_loss(response)
        if self._connection_lost is not None:
            self._connection_lost.add_done_callback(self._on_loss)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next bytes as they came. Raises `UpstreamFailed`, also when `aclose` came between."""
        if self._ended:
            raise StopAsyncIteration
        if self._closed:
            raise hung_up()
        data = self._within(await self._read())
        if not data:
            self._ended = True
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        """Close, not release: a connection with an unread body is not for another call."""
        if not self._closed:
            self._closed = True
            if self._connection_lost is not None:
                self._connection_lost.remove_done_callback(self._on_loss)
            if self._timer is not None:
                self._timer.cancel()
            self._response.close()
            await self._leave()

    async def _read(self) -> bytes:
        limits, loop, content = self._limits, asyncio.get_running_loop(), self._response.content
        now = loop.time()
        if now >= limits.deadline:
            self._response.close()
            raise timeout("in totaal", "in total")
        try:
            data = content.read_nowait()
            if data or content.at_eof():
                return data
            self._due = min(now + limits.idle, limits.deadline)
            self._watch(loop)
            return await content.readany()
        except (
            *FAULTS,
            RuntimeError,
        ):  # the latter is how aiohttp says that the connection was closed before this read
            failure = self._failure(loop.time())
        finally:
            self._due = inf
        self._response.close()
        raise hung_up() if self._closed else failure

    def _failure(self, now: float) -> UpstreamFailed:
        if now < self._due:
            return broken()
        return timeout("stilte", "silence") if now < self._limits.deadline else timeout("in totaal", "in total")

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """One timer for the whole answer, moved only when it runs out: one for each piece would cost more than reading it."""
        if self._timer is None:
            self._timer = loop.call_at(self._due, self._on_timer, loop)

    def _on_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if loop.time() >= self._due:
            self._response.content.set_exception(aiohttp.ClientPayloadError())
        elif self._due < inf:
            self._watch(loop)

    def _within(self, data: bytes) -> bytes:
        """The data as far as the limit allows; empty ends the answer."""
        if self._left is None:
            return data
        over = len(data) > self._left
        if over:
            self._response.close()
            if not self._limits.truncate:
                raise invalid("Het antwoord van het taalmodel is te groot.", "The model's answer is too large.")
            self._ended = True
            data = data[: self._left]
        self._left -= len(data)
        return data

    def _on_loss(self, _: asyncio.Future[None]) -> None:
        """Wake the reader: aiohttp leaves it waiting when the framing breaks, or when the session is closed under it."""
        content = self._response.content
        if not content.is_eof() and content.exception() is None:
            content.set_exception(aiohttp.ClientPayloadError())


def _future_of_loss(response: aiohttp.ClientResponse) -> asyncio.Future[None] | None:
    """Done when the connection under an unread body is gone; None when the body is already here."""
    protocol = response.connection.protocol if response.connection is not None else None
    lost = protocol.closed if protocol is not None else None
    if lost is not None:
        lost.remove_done_callback(_look_at)
        lost.add_done_callback(_look_at)
    return lost


def _look_at(lost: asyncio.Future[None]) -> None:
    """An exception that nobody looks at is logged with its text."""
    if not lost.cancelled():
        lost.exception()
