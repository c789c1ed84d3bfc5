# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who waits for a person keeps nobody out."""

import asyncio
from pathlib import Path

from tests.app.test_held import CANARY, kinds, other, until, upstream, waiting_holds
from tests.fake_upstream import FakeUpstream
from tests.furnished import read
from tests.reviewers import approved, asking

__all__ = ("upstream",)


async def test_who_waits_for_a_person_takes_no_place(tmp_path: Path, upstream: FakeUpstream) -> None:
    async with other(tmp_path, upstream, held_as="wait", hold_after=60) as house:
        key = await house.key()
        loop = asyncio.get_running_loop()
        first = loop.create_task(house.pipeline.handle(house.call(key, asking())))
        await until(lambda: "hold:opened" in kinds(house))
        again = loop.create_task(house.pipeline.handle(house.call(key, asking())))
        await until(lambda: kinds(house)[-1] == "exchange:refused")
        await until(lambda: house.pipeline.admission.running == 0)
        await approved(house, (await waiting_holds(house))[0])
        for waiting in (first, again):
            assert CANARY.encode() in await read(await waiting)
