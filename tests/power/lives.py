# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many short lives of a writer, each struck at another call: `python -m tests.power.lives FOLDER PRAGMA STRUCK CALL:COUNT …`.

strace strikes the call whose number, in its kind and its thread, is STRUCK. Each life is a fork of this process and has a
writer's thread of its own; before the unit that must be struck at its first, second, third … call, that thread makes so many
calls that do nothing that the count comes out there. So one start of Python and of strace is enough for all of them.

`FOLDER/empty.db` is where each life begins; it leaves `FOLDER/CALL-NUMBER/waarmerk.db` and beside it what it `acknowledged`.
Without sweeps there is one life, which makes a call that does nothing as a mark in strace's log, and is not struck.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

from app.domain.errors import EvidenceUnavailable
from tests.power.writer import ROUND, acknowledge, commit, ledger_on, opened

MARK = "mark"
_ATTEMPTS = 40
_CALLS: dict[str, Callable[[int], object]] = {
    "pwrite64": lambda file: os.pwrite(file, b"", 0),
    "fdatasync": os.fdatasync,
    "ftruncate": lambda file: os.ftruncate(file, 0),
}


def main(folder: Path, pragma: str, struck: int, sweeps: Sequence[str]) -> None:
    """Say how each life ended: its name, and the signal or the status of its end."""
    for call, number in [*_each(sweeps)] or [("pwrite64", struck - 1)]:
        home = folder / f"{call}-{number}"
        home.mkdir()
        shutil.copy(folder / "empty.db", home / "waarmerk.db")
        if (child := os.fork()) == 0:
            said = os.open(home / "acknowledged", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(said, 1)
            status = 1
            try:
                asyncio.run(_live(home, pragma, call, struck - number))
                status = 0
            finally:
                os._exit(status)
        end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, f"{home.name} {end}\n".encode())


def _each(sweeps: Sequence[str]) -> Iterator[tuple[str, int]]:
    for sweep in sweeps:
        call, _, total = sweep.partition(":")
        yield from ((call, number) for number in range(1, int(total) + 1))


async def _live(home: Path, pragma: str, call: str, times: int) -> None:
    """Acknowledge a unit, be struck in the next, and go on until two more were acknowledged."""
    mark = os.open(home / MARK, os.O_CREAT | os.O_WRONLY)
    waiting = [True]

    def prepare() -> None:
        while waiting:
            waiting.pop()
            for _ in range(times):
                _CALLS[call](mark)

    database = opened(home / "waarmerk.db", [pragma])
    with closing(database.engine.raw_connection()) as idle:
        idle.cursor().execute(
            "SELECT count(*) FROM log_entry"
        ).fetchone()  # as a reader does: the write-ahead log stays
        async with ledger_on(database) as ledger:
            acknowledge(await commit(ledger, 0))
        async with ledger_on(database) as ledger:
            done = 0
            for number in count(ROUND, ROUND):  # each opens a call that no other unit opens
                try:
                    acknowledge(await commit(ledger, number, prepare))
                    done += 1
                except EvidenceUnavailable:
                    await asyncio.sleep(0.05)
                if done == 2:
                    break
                if number == ROUND * _ATTEMPTS:
                    raise EvidenceUnavailable
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:])
