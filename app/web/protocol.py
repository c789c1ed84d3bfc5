# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""HTTP/1.1 as it comes off the wire: uvicorn's httptools protocol with the limits and refusals it lacks.

Message framing that two servers read differently is how a request is smuggled past one of them (RFC 9112 section 11.2),
and a peer that sends slowly costs a connection for as long as nobody looks. So every doubt ends the connection, with a
small problem (RFC 9457) that repeats nothing of what was sent.

One request at a time: a client that sends its next request before it has the answer is not answered twice; the
connection closes after the first answer (RFC 9112 section 9.3.2 lets it, and clients then repeat). Upstream, a queued
request was never told that its client had left, and reading was resumed for as long as the first one waited.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import Any, ClassVar, Final, Never, cast

import httptools
from typing_extensions import override
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.domain.deadline import Deadline
from app.web.edge import FULL, HEADERS, HOST, MALFORMED, PIPELINED, TARGET_TOO_LONG, TIMEOUT, EdgeProblem, Refused
from app.web.guard import CALL, GONE
from app.web.request_head import FRAMING, judge

_IDLE, _HEAD, _BODY, _SENT = range(4)
"""Where the connection is: nothing sent yet, in a header section, in a body, request complete and answer due."""

_LOOKED_AT: Final = 16
"""Connections among which the one that waited longest makes room: enough that a newcomer is hardly ever chosen."""


@dataclass(frozen=True, slots=True)
class EdgeLimits:
    """What one connection may cost. Bytes, counts and seconds."""

    header_bytes: int = 32 * 1024
    """Request target and header section together."""
    headers: int = 100
    target_bytes: int = 8 * 1024
    chunk_overhead_bytes: int = 16 * 1024
    """Chunk extensions and the like, beyond 16 bytes for each chunk."""
    header_seconds: float = 10
    """From the first byte to the end of the header section, and from connecting to the first byte."""
    idle_seconds: float = 5
    """Between an answer and the next request."""
    body_idle_seconds: float = 60
    """Between two pieces of a body."""
    body_seconds: float = 600
    """From the end of the header section to the end of the body."""
    write_seconds: float = 60
    """How long a client may leave a full buffer unread."""
    linger_seconds: float = 2
    """How long the rest of a refused request is read and dropped, so that the answer is not lost to a reset."""
    connections: int = 4096
    """Per process. Beyond it one on which no request is whole makes room; where there is none, who comes is refused."""


class EdgeProtocol(HttpToolsProtocol):
    """One connection. uvicorn makes the instances; `protocol_class` gives them their limits."""

    limits: ClassVar[EdgeLimits] = EdgeLimits()
    refused: ClassVar[Refused]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._phase = _IDLE
        self._fault = MALFORMED
        self._deaf = self._is_fresh = False
        self._framing: dict[bytes, bytes] = {}
        self._feeding = self._head_received = 0
        self._body_bytes = self._body_overhead = self._chunks = 0
        self._body_until = inf
        self._deadline = Deadline(self.loop, self._expire)
        self._extensions: dict[str, dict[object, object]] = {GONE: {CALL: self.when_gone}}
        self._tell: Callable[[], None] | None = None

    # --- the connection

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections and not self._displaces():
            self._refuse(FULL)
        else:
            self._wait(self.limits.header_seconds)

    def _displaces(self) -> bool:
        """Make room by closing a connection on which no request is whole: who only holds connections keeps nobody out."""
        others = (other for other in cast("set[EdgeProtocol]", self.connections) if other is not self and other.waits)
        longest = min(islice(others, _LOOKED_AT), key=EdgeProtocol.waits_until, default=None)
        if longest is not None:
            longest.give_way()
        return longest is not None

    @property
    def waits(self) -> bool:
        """Whether nothing was asked on it that still has to be answered."""
        return self._phase in (_IDLE, _HEAD) and not self._deaf

    def waits_until(self) -> float:
        """When it would be closed by itself."""
        return self._deadline.at

    def give_way(self) -> None:
        """Close it now, and count it no more."""
        self._deaf = True
        self.connections.discard(self)
        self.transport.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._deaf = True
        tell, self._tell = self._tell, None
        if tell is not None:
            tell()
        self._deadline.cancel()

    def when_gone(self, tell: Callable[[], None]) -> None:
        """See `GONE`. For the exchange that runs; it is forgotten with the answer."""
        if self.cycle.disconnected:
            tell()
        else:
            self._tell = tell

    @override
    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        phase, body_bytes = self._phase, self._body_bytes
        self._feeding = len(data)
        self._is_fresh = False
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(self._fault)
            return
        # A request that came whole, as most do, has nothing to wait for.
        if self._phase == _HEAD:
            self._await_head(fresh=phase != _HEAD)
        elif self._phase == _BODY:
            self._await_body(fresh=self._is_fresh, overhead=len(data) - (self._body_bytes - body_bytes))

    def _await_head(self, *, fresh: bool) -> None:
        # The parser hands over whole headers only: what it holds of an unfinished one is counted here.
        self._head_received += self._feeding
        if self._head_received > self.limits.header_bytes:
            self._refuse(HEADERS)
        elif fresh:
            self._wait(self.limits.header_seconds)

    def _await_body(self, *, fresh: bool, overhead: int) -> None:
        if fresh:
            self._body_until = self.loop.time() + self.limits.body_seconds
        else:
            self._body_overhead += overhead
        if self._body_overhead > self.limits.chunk_overhead_bytes + 16 * self._chunks:
            self._refuse(MALFORMED)
        elif not self.cycle.response_complete:
            self._wait(min(self.limits.body_idle_seconds, self._body_until - self.loop.time()))

    # --- the parser's events

    @override
    def on_message_begin(self) -> None:
        if self._owed() is not None:
            self._stop(PIPELINED)
        super().on_message_begin()
        self._phase = _HEAD
        self._framing = {}
        self._head_received = 0

    @override
    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.target_bytes:
            self._stop(TARGET_TOO_LONG)

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase != _HEAD:
            # Trailers would land among headers that have been judged already (RFC 9110 section 6.5.1).
            self._stop(MALFORMED)
        name = name.lower()
        if name in FRAMING:
            if name in self._framing:
                self._stop(HOST if name == b"host" else MALFORMED)
            self._framing[name] = value = value.rstrip(b" \t")
        self.headers.append((name, value))

    @override
    def on_headers_complete(self) -> None:
        self._judge_head()
        self._phase = _BODY
        self._is_fresh = True  # also where the end of a refused body came with it, and the phase was this one before
        self._body_bytes = self._body_overhead = self._chunks = 0
        self.scope["extensions"] = self._extensions
        super().on_headers_complete()
        if self.expect_100_continue:
            # A client that is refused need not send the body it announced, and then its next request would be read as one.
            self.cycle.keep_alive = False

    def on_chunk_header(self) -> None:
        self._chunks += 1

    @override
    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle.response_complete:
            self._phase = _IDLE
            self._wait(self.limits.idle_seconds)
        else:
            self._phase = _SENT
            self._deadline.lift()

    @override
    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        self._tell = None
        if self.transport.is_closing():
            self._wait(self.limits.linger_seconds)
            return
        self.flow.resume_reading()
        if self._phase == _BODY:
            # Answered before the body was in: the rest is read and dropped, but not for long.
            self._wait(self.limits.linger_seconds)
        else:
            self._phase = _IDLE
            self._wait(self.limits.idle_seconds)

    def _judge_head(self) -> None:
        if len(self.headers) > self.limits.headers or self._is_head_too_large():
            self._stop(HEADERS)
        version = self.parser.get_http_version()
        problem = judge(self.parser.get_method(), self.url, version, self._framing)
        if problem is not None:
            self._stop(problem)
        self.expect_100_continue = version == "1.1" and b"expect" in self._framing

    def _is_head_too_large(self) -> bool:
        if self._head_received + self._feeding <= self.limits.header_bytes:
            return False  # with all that came with it
        size = sum(len(name) + len(value) + len(b": \r\n") for name, value in self.headers)
        return len(self.url) + size > self.limits.header_bytes

    # --- refusing

    def _stop(self, problem: EdgeProblem) -> Never:
        """Make the parser fail: `data_received` answers."""
        self._fault = problem
        raise httptools.HttpParserError(problem.name)

    def _refuse(self, problem: EdgeProblem) -> None:
        """Read nothing more. Answer, unless an answer has begun or is owed to an earlier request: never two in one."""
        self._deaf = True
        type(self).refused(problem.name, self.client[0] if self.client else "")
        cycle = self._owed()
        if cycle is not None:
            if not cycle.more_body:
                cycle.keep_alive = False
                self._deadline.lift()
                return
            if cycle.response_started:
                self.transport.abort()
                return
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.write(problem.message)
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._wait(self.limits.linger_seconds)

    def _owed(self) -> RequestResponseCycle | None:
        """The exchange whose answer is not complete."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return None if cycle is None or cycle.response_complete else cycle

    # --- deadlines

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait(self.limits.write_seconds)

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        if self._owed() is None or self.transport.is_closing():
            self._wait(self.limits.linger_seconds)
        elif self._phase == _BODY:
            self._wait(self.limits.body_idle_seconds)
        else:
            self._deadline.lift()

    def _wait(self, seconds: float) -> None:
        self._deadline.move(self.loop.time() + seconds)

    def _expire(self) -> None:
        if self._deaf or self.flow.write_paused or self.transport.is_closing():
            self.transport.abort()
        elif self._phase == _BODY and not self.cycle.response_complete:
            if self.flow.read_paused:
                self._wait(self.limits.body_idle_seconds)  # we are the slow one
            else:
                self._refuse(TIMEOUT)
        elif self._phase == _HEAD:
            self._refuse(TIMEOUT)
        else:
            self.transport.close()


def protocol_class(limits: EdgeLimits, refused: Refused) -> type[EdgeProtocol]:
    """The protocol uvicorn is given (`Config(http=...)`), with these limits."""
    return type("EdgeProtocol", (EdgeProtocol,), {"limits": limits, "refused": staticmethod(refused)})
