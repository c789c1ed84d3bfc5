# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A call as it stands at the door, and what is handed back. No HTTP library's types: the door turns bytes into these."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.domain.errors import WaarmerkError


class Interruption:
    """How the house ends a running call from outside: the task that walks it is cancelled, and the cause is kept.

    The first cause wins. Whoever runs the task turns its cancellation back into `cause`.
    """

    __slots__ = ("_task", "cause")

    def __init__(self) -> None:
        self.cause: WaarmerkError | None = None
        self._task: asyncio.Task[object] | None = None

    def bind(self, task: "asyncio.Task[object] | None") -> None:
        """Name the task that a cause cancels."""
        self._task = task

    def trip(self, cause: WaarmerkError) -> None:
        """End the call for this cause; later causes change nothing."""
        if self.cause is None:
            self.cause = cause
            if self._task is not None:
                self._task.cancel()


@dataclass(frozen=True, slots=True)
class Call:
    """One request. The body is read by whoever needs it, after the route and the caller are known."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    """Lower-case names; a name that came twice is joined by a comma, except `host`, which comes once (the guard)."""
    body: Callable[[], Awaitable[bytes]] = field(repr=False)
    """Reads the whole body once; raises `TooLarge`."""
    interruption: Interruption = field(default_factory=Interruption, repr=False)


class Delivery:
    """An answer on its way out: a head, and chunks of whole events. Close it always, read or not.

    A buffered answer is a stream of one event, so that JSON and SSE walk the same path.
    """

    def __init__(
        self, headers: Mapping[str, str], chunks: AsyncGenerator[bytes], scope: AsyncExitStack, *, stream: bool
    ) -> None:
        self.headers = headers
        self.chunks = chunks
        self.stream = stream
        self._scope = scope

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._scope.__aexit__(kind, error, trace)
