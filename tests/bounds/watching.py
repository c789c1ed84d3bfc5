# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A process seen from outside: the memory that it holds for itself (anonymous pages, Linux).

Its share of all there is (PSS) would not do: it grows whenever another process that shares the same libraries ends.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

MEBIBYTE = 1 << 20
ROOM = 32 * MEBIBYTE
"""How much more a process may take for whatever its clients or its models do: generous, and a tenth of what they try."""


class Memory:
    """What the process took at most, above what it had when the watch began."""

    def __init__(self, pid: int) -> None:
        self._file = Path(f"/proc/{pid}/smaps_rollup")
        self._before = self._now()
        self.grown = 0

    def look(self) -> None:
        self.grown = max(self.grown, self._now() - self._before)

    def _now(self) -> int:
        line = next(line for line in self._file.read_text().splitlines() if line.startswith("Anonymous:"))
        return int(line.split()[1]) * 1024


@asynccontextmanager
async def watched(pid: int) -> AsyncIterator[Memory]:
    """Look ten times a second."""
    memory = Memory(pid)

    async def look() -> None:
        while True:
            memory.look()
            await asyncio.sleep(0.1)

    task = asyncio.create_task(look())
    try:
        yield memory
        memory.look()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
