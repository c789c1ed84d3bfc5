# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A service on a disk that is full, in a mount namespace where that disk is ours: `python -m tests.operations.full_disk FOLDER`."""

import asyncio
import sys
from pathlib import Path

import httpx

from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation
from tests.operations.calling import CHAT, COMPLETION
from tests.operations.recovery import SOON, in_the_log, ready, unready, until_answered, until_refused
from tests.staff import Clerk, clerk

READ = {
    "/health/live": 200,
    "/verify": 200,
    "/v/0123-4567-89AB": 404,
    "/log/gemeente-voorbeeld/checkpoint": 200,
    "/log/gemeente-voorbeeld/tile/0/000.p/2": 200,
    "/problems/evidence-unavailable": 200,
}


async def main(disk: Path) -> None:
    async with (
        FakeUpstream() as upstream,
        Installation(disk / "home", upstream.port, ledger_timeout=SOON) as waarmerk,
        clerk(waarmerk, "anna") as anna,
    ):
        upstream.on(CHAT, answer(COMPLETION))
        key, pid = waarmerk.key(), waarmerk.pid
        complete = [await until_answered(waarmerk, key)]
        fill(disk / "filler")
        complete += await until_refused(waarmerk, key)
        await unready(waarmerk)
        await reading_goes_on(waarmerk, anna)
        (disk / "filler").unlink()
        complete.append(await until_answered(waarmerk, key))
        await ready(waarmerk)
        assert waarmerk.pid == pid
        await in_the_log(waarmerk, complete)
    sys.stdout.write(f"recovered after {len(complete)} answers\n")


async def reading_goes_on(waarmerk: Installation, anna: Clerk) -> None:
    """Citizens, auditors and reviewers see what there is."""
    async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60) as client:
        for path, status in READ.items():
            assert (await client.get(path)).status_code == status, path
        asked = await client.post("/verify", data={"code": "", "text": "Staat dit ergens?"})
        assert asked.status_code == 200
    assert (await anna.see("/review/")).status == 200


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
