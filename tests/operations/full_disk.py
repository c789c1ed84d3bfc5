# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A service on a disk that is full, in a mount namespace where that disk is ours: `python -m tests.operations.full_disk FOLDER`."""

import asyncio
import sys
from pathlib import Path

from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation
from tests.operations.calling import CHAT, COMPLETION, ask
from tests.operations.recovery import in_the_log, ready, unready, until_answered, until_refused


async def main(disk: Path) -> None:
    async with FakeUpstream() as upstream, Installation(disk / "home", upstream.port) as waarmerk:
        upstream.on(CHAT, answer(COMPLETION))
        key, pid = waarmerk.key(), waarmerk.pid
        complete = [await ask(waarmerk, key)]
        fill(disk / "filler")
        complete += await until_refused(waarmerk, key)
        await unready(waarmerk)
        (disk / "filler").unlink()
        complete.append(await until_answered(waarmerk, key))
        await ready(waarmerk)
        assert waarmerk.pid == pid
        await in_the_log(waarmerk, complete)
    sys.stdout.write(f"recovered after {len(complete)} answers\n")


def fill(file: Path) -> None:
    """Take all the room there is, to the last byte."""
    with file.open("wb", buffering=0) as filler:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
