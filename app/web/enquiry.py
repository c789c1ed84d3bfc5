# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Questions of the public, asked beside the loop and in bounded number: whoever asks much waits, and the house does not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, TypeVar

from fastapi import Request

from app.dialects.strict import loads
from app.domain.errors import Busy, Fault, InvalidRequest, TooLarge
from app.domain.json import JsonObject
from app.domain.threads import study
from app.evidence.verification import Verdict, Verification
from app.web.rate import RateLimit

P = ParamSpec("P")
T = TypeVar("T")

MOST_TEXT: Final = 1 << 20
"""Bytes of UTF-8 of one text."""
_REST: Final = 2.0
"""After each question nothing is reckoned for so many times as long as it took: what the public asks takes a third of a processor."""
_MOST_WAITING: Final = 16
_MOST_RECEIVED: Final = 128
"""Bodies, of at most four megabytes each; until it is parsed, one is being received."""
_TYPE: Final = "application/json"
_BYTES_PER_QUESTION: Final = 1 << 16
"""How much text counts as one question more."""


class Enquiries:
    """Asks `verification`, once the house is open. Nothing that is asked is stored, recorded or logged."""

    def __init__(self, verification: Callable[[], Verification], limit: RateLimit) -> None:
        self._verification = verification
        self._limit = limit
        self._turn = asyncio.Semaphore()
        self._waiting = 0
        self._receiving = 0

    def count(self, request: Request) -> None:
        """One question of this client. Raises `TooOften`."""
        self._limit.take(_peer(request))

    def weigh(self, request: Request, size: int) -> None:
        """So many bytes of a question that was counted. Raises `TooOften`."""
        self._limit.take(_peer(request), size / _BYTES_PER_QUESTION)

    async def receive(self, request: Request, read: Callable[[Request], Awaitable[T]]) -> T:
        """A question that has a body, read by `read`: counted first, and only so many at once. Raises `TooOften`, `Busy`.

        Who sends slowly has a deadline (`EdgeLimits`), and of one network only as many can send as may ask.
        """
        self.count(request)
        if self._receiving >= _MOST_RECEIVED or self._waiting >= _MOST_WAITING:
            raise Busy
        self._receiving += 1
        try:
            return await read(request)
        finally:
            self._receiving -= 1

    async def read(self, request: Request, most: int) -> JsonObject:
        """A question in strict JSON of at most so many bytes. Raises `TooOften`, `Busy`, `InvalidRequest`, `TooLarge`."""

        async def tree(request: Request) -> JsonObject:
            body = await _body(request, most)
            self.weigh(request, len(body))
            return await asyncio.to_thread(loads, body)

        return await self.receive(request, tree)

    async def ask(self, code: str = "", text: str = "", manifest: bytes = b"") -> Verdict:
        """What may be told. Raises `Busy`, and what `Verification.verify` raises."""
        return await self.reckon(self._verification().verify, code, text, manifest)

    async def reckon(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it beside the loop when its turn comes: one at a time, and with a rest after each, so that calls are served meanwhile.

        A long text takes a second or two of processor, during which everything else of this process is slower. Raises `Busy`.
        """
        if self._waiting >= _MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            return await study(work, *args, **kwargs)
        finally:
            loop.call_later(_REST * (loop.time() - began), self._turn.release)

    @property
    def organisation(self) -> str:
        """Whose house this is. Raises `Busy` while it is closed."""
        return self._verification().organisation


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""


async def _body(request: Request, most: int) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise InvalidRequest(Fault("header Content-Type", f"must be {_TYPE}"))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)
