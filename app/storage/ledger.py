# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The evidence log on a database: callers on the event loop, one writer on a thread, batches in between.

The law of the batch: alone, a unit goes at the end of the tick; in company (the last batch held more than one) it waits two
milliseconds for others. The loop is woken once per batch. One batch is under way at a time, so a slow disk makes large
batches instead of a long queue.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from types import TracebackType
from typing import Self, TypeVar

from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import TreeHead, Unit
from app.domain.record import Record
from app.domain.text import LocalText
from app.storage.database import Database
from app.storage.unit import SqlUnit
from app.storage.writer import Job, Shape, Writer

log = logging.getLogger("waarmerk.storage")

T = TypeVar("T")

_LARGEST_BATCH = 500
_LOOKS = 8
"""How often is looked for units that wait too long, while they are allowed to: one timer for all, not one for each."""


class SqlLedger:
    """Use as `async with`; enter it once, on the loop that will commit. Ports: `Ledger`, `Workers`.

    `organisation` is whose stops are ordered here; keys, exchanges and records name their own. `queue` units may wait, for at
    most `timeout` seconds each, and an eighth more. `batches` and `units` count what was written.
    """

    def __init__(
        self,
        database: Database,
        organisation: str,
        *,
        encode: Callable[[Record], bytes],
        leaf: Callable[[bytes], bytes],
        fold: Callable[[TreeHead, Sequence[bytes]], TreeHead],
        queue: int = 10_000,
        timeout: float = 2.0,
        linger: float = 0.003,
    ) -> None:
        self._writer = Writer(database, organisation, Shape(encode, leaf, fold))
        self._queue = queue
        self._timeout = timeout
        self._linger = linger
        self._inbox: SimpleQueue[Sequence[Job] | None] = SimpleQueue()
        self._waiting: deque[Job] = deque()
        self._under_way: Sequence[Job] = ()
        self._watched = False
        self._scheduled = False
        self._company = False
        self._open = False
        self._drained = asyncio.Event()
        self._drained.set()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.batches = 0
        self.units = 0

    async def __aenter__(self) -> Self:
        """Connect and begin this worker's lease. Raises `EvidenceUnavailable`."""
        await asyncio.to_thread(self._writer.open)
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._write, args=(self._loop,), name="ledger", daemon=True)
        self._thread.start()
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def commit(self, work: Callable[[Unit], T], records: Callable[[T], Sequence[Record]]) -> T:
        """Do the work and append its records, durably. Both run on the writer's thread, and again when they were overtaken.

        Raises what the work raises, or `EvidenceUnavailable`: the queue is full, nothing can be written, or it took too long.
        """
        return await self._submit(work, records)

    async def beat(self) -> None:
        """Give a sign of life, and watch for the others'. Once a second. Raises `EvidenceUnavailable`."""
        self._writer.lease.observe(await self._submit(SqlUnit.beat, lambda _: ()))

    async def close(self) -> None:
        """Write what waits, end the lease and the thread. Nothing can be committed afterwards."""
        thread, self._thread = self._thread, None
        self._open = False
        if thread is None:
            return
        try:
            async with asyncio.timeout(self._timeout):
                await self._drained.wait()
        except TimeoutError:
            pass  # whoever still waits is told when its time is over; the thread is a daemon
        self._inbox.put(None)
        await asyncio.to_thread(thread.join, self._timeout)
        log.info("ledger closed", extra={"units": self.units, "batches": self.batches})

    async def _submit(self, work: Callable[[SqlUnit], T], records: Callable[[T], Sequence[Record]]) -> T:
        if not self._open or self._loop is None:
            raise EvidenceUnavailable(LocalText(nl="Het logboek is gesloten.", en="The log is closed."))
        if len(self._waiting) + len(self._under_way) >= self._queue:
            raise EvidenceUnavailable(
                LocalText(nl="Er wachten te veel vastleggingen.", en="Too many records are waiting to be written.")
            )
        job = Job(work, records, self._loop.create_future(), self._loop.time() + self._timeout)
        self._waiting.append(job)
        self._drained.clear()
        self._schedule(self._loop)
        self._watch(self._loop)
        value: T = await job.future
        return value

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._watched and not self._drained.is_set():
            self._watched = True
            # One tick later: if the loop itself stood still, what was written meanwhile is told first.
            loop.call_later(self._timeout / _LOOKS, loop.call_soon, self._give_up, loop)

    def _give_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell everybody whose time is over that this was not recorded; then it must not be committed any more."""
        self._watched = False
        now = loop.time()
        for job in (*self._under_way, *self._waiting):
            if job.due <= now and not job.future.done():
                job.expired = True
                job.future.set_exception(
                    EvidenceUnavailable(LocalText(nl="Vastleggen duurde te lang.", en="Recording took too long."))
                )
                job.future.exception()  # as below: a waiter that is cancelled now would leave it unseen
        self._watch(loop)

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._scheduled or self._under_way or not self._waiting:
            return
        self._scheduled = True
        if self._company:
            loop.call_later(self._linger, self._hand_over)
        else:
            loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _LARGEST_BATCH))]
        self._scheduled = False
        self._under_way = batch
        self._inbox.put(batch)

    def _write(self, loop: asyncio.AbstractEventLoop) -> None:
        """The writer's thread."""
        while (batch := self._inbox.get()) is not None:
            self._writer.run(batch)
            try:
                loop.call_soon_threadsafe(self._settled, loop, batch)
            except RuntimeError:
                break  # the loop is gone, and everybody who waited with it
        self._writer.close()

    def _settled(self, loop: asyncio.AbstractEventLoop, batch: Sequence[Job]) -> None:
        """Wake everybody of this batch, and begin the next."""
        self.batches += 1
        self.units += len(batch)
        self._under_way = ()
        self._company = len(batch) > 1
        for job in batch:
            if job.future.done():
                continue  # it left, or was told that this took too long: a late result is no success
            if job.error is None:
                job.future.set_result(job.value)
            else:
                job.future.set_exception(job.error)
                job.future.exception()  # a waiter that is cancelled now would leave it unseen
        if not self._waiting:
            self._drained.set()
        self._schedule(loop)
