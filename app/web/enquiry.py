# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Questions of the public, asked beside the loop and in bounded number: whoever asks much waits, and the house does not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from fastapi import Request

from app.domain.errors import Busy
from app.domain.threads import study
from app.evidence.verification import Verdict, Verification
from app.web.rate import RateLimit

T = TypeVar("T")

MOST_TEXT: Final = 1 << 20
"""Bytes of UTF-8 of one text."""
_AT_ONCE: Final = 2
"""Texts that are read together: reading a long one takes a third of a second of processor."""
_MOST_WAITING: Final = 32
_MOST_RECEIVED: Final = 128
"""Bodies, of at most two megabytes each."""
_BYTES_PER_QUESTION: Final = 1 << 16
"""How much text counts as one question more."""


class Enquiries:
    """Asks `verification`, once the house is open. Nothing that is asked is stored, recorded or logged."""

    def __init__(self, verification: Callable[[], Verification], limit: RateLimit) -> None:
        self._verification = verification
        self._limit = limit
        self._room = asyncio.Semaphore(_AT_ONCE)
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
        if self._receiving >= _MOST_RECEIVED:
            raise Busy
        self._receiving += 1
        try:
            return await read(request)
        finally:
            self._receiving -= 1

    async def ask(self, code: str = "", text: str = "", manifest: bytes = b"") -> Verdict:
        """What may be told. Raises `Busy`, and what `Verification.verify` raises."""
        verification = self._verification()
        if self._waiting >= _MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._room:
                return await study(verification.verify, code, text, manifest)
        finally:
            self._waiting -= 1

    @property
    def organisation(self) -> str:
        """Whose house this is. Raises `Busy` while it is closed."""
        return self._verification().organisation


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
