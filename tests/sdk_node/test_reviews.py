# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The unmodified npm `openai` SDK waits for a human: reviews.test.mjs asks, this file is the model and the reviewer."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation
from tests.reviewers import CHAT, completion
from tests.staff import Clerk, clerk

pytestmark = [pytest.mark.needs("node"), pytest.mark.needs("npm")]

SAID = "Neem een kanarie-4713 mee naar de balie."
DECISIONS = ["hold:approved", "hold:approved", "hold:approved", "hold:rejected"]


async def decide(waarmerk: Installation, anna: Clerk) -> None:
    """Each text as it comes; the question says what to do."""
    for number in range(len(DECISIONS)):
        opened = await waarmerk.until("hold:opened", number + 1)
        review = opened[number]["hold"]
        page = await anna.see(f"/review/{review}")
        assert "kanarie-4713" in page.text
        await (anna.reject(review) if "Keur dit af." in page.text else anna.approve(review))


async def test_held_is_told_once_and_retrieved_as_decided(sdk: Path, tmp_path: Path) -> None:
    async with (
        FakeUpstream() as model,
        Installation(tmp_path / "home", model.port) as waarmerk,
        clerk(waarmerk, "anna") as anna,
    ):
        model.on(CHAT, answer(completion(SAID)))
        process = await asyncio.create_subprocess_exec(
            *["node", "--test", "--test-reporter=tap", "reviews.test.mjs"],
            cwd=sdk,
            env={"PATH": os.environ["PATH"], "WAARMERK_ADDRESS": waarmerk.address, "BALIE_KEY": waarmerk.key()},
            stdout=asyncio.subprocess.PIPE,
        )
        deciding = asyncio.get_running_loop().create_task(decide(waarmerk, anna))
        try:
            told = (await asyncio.wait_for(process.communicate(), 240))[0].decode()
            assert process.returncode == 0, told
            await deciding
        finally:
            deciding.cancel()
            if process.returncode is None:
                process.kill()
        assert re.search(rf"^# pass {len(DECISIONS)}$", told, re.MULTILINE), told
        assert len(model.requests) == len(DECISIONS)
        kinds = [record["type"] for record in waarmerk.records("hold:")]
        assert [kind for kind in kinds if kind in DECISIONS] == DECISIONS
        assert kinds.count("hold:fetched") == DECISIONS.count("hold:approved")
