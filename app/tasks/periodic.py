# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work that returns by itself: one supervised task per job, so that a failure is seen and the next turn comes all the same."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

log = logging.getLogger("waarmerk.tasks")


@dataclass(frozen=True, slots=True)
class Job:
    """`work` runs every `every` seconds, counted from the end of its last turn."""

    name: str
    every: float
    work: Callable[[], Awaitable[object]]


class Supervisor:
    """Runs jobs from `start` to `stop`."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin every job; its first turn comes after its first pause."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._repeat(job), name=job.name) for job in self._jobs]

    async def stop(self) -> None:
        """End every job, also in the middle of a turn."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, job: Job) -> None:
        while True:
            await asyncio.sleep(job.every)
            try:
                await job.work()
            except Exception as error:  # noqa: BLE001  one bad turn must not end the others
                log.error(  # noqa: TRY400  a traceback may hold content
                    "job failed", extra={"job": job.name, "kind": type(error).__qualname__}
                )
