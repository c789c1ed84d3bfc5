# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The model routes as a raw ASGI application: bytes in, the pipeline, bytes out. No framework stands between (performance)."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

import orjson

from app.domain.call import Call, Interruption
from app.domain.control import Kind
from app.domain.errors import Busy, ClientGone, NotAuthenticated, TooLarge, UnknownRoute, WaarmerkError
from app.web.guard import CALL, GONE
from app.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.dialects.registry import Dialects
    from app.domain.answer import Dialect
    from app.domain.call import Delivery
    from app.pipeline import Pipeline
    from app.web.guard import Message, Receive, Send

log = logging.getLogger("waarmerk.proxy")

_TAKEN_AT_ONCE = 1 << 16
"""Bytes of an answer that the server keeps for a client without waiting until it reads."""


class ModelRoutes:
    """Everything a vendor's SDK calls."""

    def __init__(
        self,
        pipeline: Callable[[], Pipeline],
        dialects: Dialects,
        *,
        public_address: str,
        most_body: int,
        keepalive: float,
        turned_away: Callable[[str, str], None],
    ) -> None:
        """`pipeline` gives the one door, or raises the error that says why it is closed."""
        self._pipeline = pipeline
        self._dialects = dialects
        self._public_address = public_address
        self._most_body = most_body
        self._keepalive = keepalive
        self._turned_away = turned_away

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        reading = _Body(receive, scope["extensions"][GONE][CALL], self._most_body)
        call = Call(scope["method"], scope["path"], _headers(scope), reading.read, reading.interruption)
        exit_ = _Exit(send, _peer(scope), self._dialects.accent(call.path), self._public_address)
        task = asyncio.current_task()
        call.interruption.bind(task)
        try:
            await self._walk(call, exit_)
        except asyncio.CancelledError:
            cause = call.interruption.cause
            if cause is None:
                raise
            if task is not None:
                task.uncancel()
            call.interruption.bind(None)
            await self._fail(cause, exit_)
        except WaarmerkError as error:
            call.interruption.bind(None)
            await self._fail(error, exit_)
        except Exception as error:  # noqa: BLE001  whatever it was, the caller gets a problem and the log gets its kind
            call.interruption.bind(None)
            found = {"kind": type(error).__qualname__, "place": _place(error)}
            log.error("unexpected error", extra=found)  # noqa: TRY400  a traceback may hold content
            await self._fail(WaarmerkError(), exit_)
        finally:
            call.interruption.bind(None)

    async def _walk(self, call: Call, exit_: _Exit) -> None:
        route = self._dialects.recognise(call)  # UnknownRoute, also while the house is closed
        retrieved = route.kind is Kind.RETRIEVAL
        if route.kind in {Kind.MODELS, Kind.MODEL}:
            await exit_.whole({"content-type": "application/json"}, orjson.dumps(await self._pipeline().models(call)))
            return
        pipeline = self._pipeline()
        async with await (pipeline.retrieve(call) if retrieved else pipeline.handle(call)) as delivery:
            if delivery.stream:
                await exit_.stream(delivery, self._keepalive)
            else:
                async with aclosing(delivery.chunks) as chunks:
                    await exit_.whole(delivery.headers, b"".join([chunk async for chunk in chunks]))

    async def _fail(self, error: WaarmerkError, exit_: _Exit) -> None:
        if isinstance(error, UnknownRoute | NotAuthenticated | Busy) and error.exchange is None:
            self._turned_away(error.name, exit_.peer)
        if not isinstance(error, ClientGone):
            await exit_.refuse(error)


class _Body:
    """Reads the body once, and from then on is told when the client leaves."""

    def __init__(self, receive: Receive, when_gone: Callable[[Callable[[], None]], None], most: int) -> None:
        self.interruption = Interruption()
        self._receive = receive
        self._when_gone = when_gone
        self._most = most

    async def read(self) -> bytes:
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            if message["type"] == "http.request":
                part: bytes = message.get("body", b"")
                size += len(part)
                if size > self._most:
                    raise TooLarge
                parts.append(part)
                more = message.get("more_body", False)
        self._when_gone(self._gone)
        return b"".join(parts)

    def _gone(self) -> None:
        self.interruption.trip(ClientGone())


class _Exit:
    """The one place that writes to a client of the model routes."""

    def __init__(self, send: Send, peer: str, accent: Dialect | None, public_address: str) -> None:
        self.peer = peer
        self._send = send
        self._accent = accent
        self._public_address = public_address
        self._begun = False

    async def whole(self, headers: Mapping[str, str], body: bytes, status: int = 200) -> None:
        """A buffered answer: nothing of it leaves before all of it may."""
        await self._send(self._head(status, {**headers, "content-length": str(len(body))}))
        if len(body) > _TAKEN_AT_ONCE:
            await self._send(_piece(body))
            body = b""  # sent once the client has taken the rest: until then the call keeps its place, and not only its memory
        await self._send(_piece(body, more=False))

    async def stream(self, delivery: Delivery, keepalive: float) -> None:
        """A stream: the head at once, then events as they come, and a comment where they are slow."""
        await self._send(self._head(200, {**delivery.headers, "cache-control": "no-store", "x-accel-buffering": "no"}))
        pulse = _Pulse(self, keepalive)
        try:
            async with aclosing(delivery.chunks) as chunks:
                async for chunk in chunks:
                    pulse.quiet = False
                    await self._send(_piece(chunk))
        finally:
            pulse.stop()
        await self._send(_piece(b"", more=False))

    async def refuse(self, error: WaarmerkError) -> None:
        """The error in the vendor's accent: as an answer, or as the last event of a stream that had begun."""
        told = problem(error, self._public_address)
        if not self._begun:
            body = self._accent.refuse(told.body) if self._accent else told.body
            await self.whole(told.headers, orjson.dumps(body), told.status)
        elif self._accent is not None:
            await self._send(_piece(self._accent.refuse_stream(told.body), more=False))

    async def keep_alive(self) -> None:
        if self._accent is not None:
            await self._send(_piece(self._accent.keepalive()))

    def _head(self, status: int, headers: Mapping[str, str]) -> Message:
        self._begun = True
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        return {"type": "http.response.start", "status": status, "headers": encoded}


class _Pulse:
    """A comment whenever a stream was quiet for `every` seconds: proxies on the way close what seems dead (P12)."""

    def __init__(self, exit_: _Exit, every: float) -> None:
        self.quiet = True
        self._exit = exit_
        self._every = every
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(every, self._tick)

    def _tick(self) -> None:
        if self.quiet and (self._task is None or self._task.done()):  # a client that does not read gets no second one
            self._task = self._loop.create_task(self._exit.keep_alive())
        self.quiet = True
        self._timer = self._loop.call_later(self._every, self._tick)

    def stop(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()


def _piece(data: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def _headers(scope: Message) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _peer(scope: Message) -> str:
    client = scope["client"]
    return str(client[0]) if client else ""


def _place(error: BaseException) -> str:
    """File and line where it happened: enough to find it, nothing of what was in it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
