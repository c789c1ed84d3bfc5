# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The answer of a held call is collected by a task of the house: its client may wait, be told to come back, or leave."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Generic, TypeVar

from app.domain.call import Interruption
from app.domain.errors import Busy, WaarmerkError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AsyncExitStack

    from app.domain.review import Hold

T = TypeVar("T")
R = TypeVar("R")
log = logging.getLogger("waarmerk.review")


class Collection(Generic[T, R]):
    """One held call, from the moment that its model is asked.

    `ask` gives the whole answer, `announce` opens a hold for one that is slow, `finish` keeps what was collected, `fail` closes
    an announced hold. `scope` closes with the exchange in it: whatever ends the collecting, ends it in the log.
    """

    def __init__(
        self,
        *,
        ask: Callable[[], Awaitable[T]],
        announce: Callable[[], Awaitable[Hold]],
        finish: Callable[[T, Hold | None], Awaitable[R]],
        fail: Callable[[Hold, str], Awaitable[None]],
        within: float,
    ) -> None:
        self.interruption = Interruption()
        """Ends the collecting from outside; that its client leaves does not."""
        self._ask = ask
        self._announce = announce
        self._finish = finish
        self._fail = fail
        self._within = within
        self._left = asyncio.Event()
        self._announced: Hold | None = None
        self._told: asyncio.Future[Hold | R] = asyncio.get_running_loop().create_future()

    async def first(self) -> Hold | R:
        """What the client is to be told: what `finish` gave, or after `within` seconds the hold that was announced.

        Raises what went wrong before either. A client that leaves hastens the announcement, and ends nothing.
        """
        try:
            return await self._told
        except asyncio.CancelledError:
            self._left.set()
            raise

    async def run(self, scope: AsyncExitStack) -> None:
        """Collect, to the end. Raises nothing: what goes wrong is told to the client, or is in the log."""
        task = asyncio.current_task()
        self.interruption.bind(task)
        error: WaarmerkError
        try:
            async with scope:
                await self._collect()
            return
        except asyncio.CancelledError:
            if task is not None:
                task.uncancel()
            error = self.interruption.cause or Busy()
        except WaarmerkError as caught:
            error = caught
        except Exception as caught:  # noqa: BLE001  whatever it was, its hold is closed; a traceback may hold content
            log.error("unexpected error", extra={"kind": type(caught).__qualname__})  # noqa: TRY400
            error = WaarmerkError()
        finally:
            self.interruption.bind(None)
        if self._announced is not None:
            await self._close(self._announced, error)
        if not self._told.done():
            self._told.set_exception(error)
            self._told.exception()  # a client that has left would leave it unseen

    async def _collect(self) -> None:
        if self.interruption.cause is not None:  # it came before there was a task to cancel
            raise self.interruption.cause
        loop = asyncio.get_running_loop()
        asking = loop.create_task(_awaited(self._ask()))
        leaving = loop.create_task(_awaited(self._left.wait()))
        try:
            await asyncio.wait({asking, leaving}, timeout=self._within, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                self._announced = await self._announce()
                self._tell(self._announced)
            self._tell(await self._finish(await asking, self._announced))
        finally:
            asking.cancel()
            leaving.cancel()
            await asyncio.gather(asking, leaving, return_exceptions=True)

    def _tell(self, told: Hold | R) -> None:
        if not self._told.done():
            self._told.set_result(told)

    async def _close(self, hold: Hold, error: WaarmerkError) -> None:
        try:
            await self._fail(hold, error.name)
        except WaarmerkError as failed:  # nothing can be written now: a job closes it later
            log.warning("a hold stays open", extra={"kind": failed.name})


class Collections:
    """The collecting that goes on, kept by who ends it."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[None], Interruption] = {}

    def start(self, collection: Collection[T, R], scope: AsyncExitStack) -> None:
        """Let it run beside its client."""
        task = asyncio.get_running_loop().create_task(collection.run(scope))
        self._running[task] = collection.interruption
        task.add_done_callback(self._running.pop)

    async def end(self) -> None:
        """End all of them, and wait until each has its end in the log."""
        for interruption in tuple(self._running.values()):
            interruption.trip(Busy())
        await asyncio.gather(*self._running, return_exceptions=True)


async def _awaited(work: Awaitable[T]) -> T:
    return await work
