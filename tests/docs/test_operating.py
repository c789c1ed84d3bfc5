# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for operators: a first start, and a backup that brings a wrecked installation back."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.docs.pages import blocks, follow
from tests.example import copy_of_the_example
from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation, headers
from tests.operations.calling import ASK, CHAT, COMPLETION, ask
from tests.operations.recovery import until_answered

pytestmark = [pytest.mark.needs("bash"), pytest.mark.needs("curl")]

PAGE = "docs/operating.md"


async def test_a_first_start_in_production_says_what_the_page_shows(tmp_path: Path) -> None:
    settings = {
        "WAARMERK_ENVIRONMENT": "production",
        "WAARMERK_HOME": str(tmp_path / "home"),
        "WAARMERK_POLICIES": str(copy_of_the_example(tmp_path / "policies")),
        "WAARMERK_PUBLIC_ADDRESS": "https://ai.example.org",
    }
    steps = blocks(PAGE, "First start")
    assert all(f"{name}=" in steps[0].text for name in settings)
    assert await follow(steps, tmp_path, settings) == 5


async def test_a_wrecked_installation_comes_back_from_its_backup(tmp_path: Path) -> None:
    async with FakeUpstream() as model, Installation(tmp_path / "home", model.port) as waarmerk:
        model.on(CHAT, answer(COMPLETION))
        here = {
            "WAARMERK": waarmerk.address,
            "WAARMERK_HOME": str(waarmerk.home),
            "WAARMERK_PUBLIC_ADDRESS": waarmerk.address,
        }
        before = await ask(waarmerk, waarmerk.key())
        refused = await refusal(waarmerk)
        await follow(
            blocks("docs/policy-officer.md", "Find out why a call was refused"), tmp_path, here | {"CALL": refused}
        )
        for heading in ("Watch it", "Stop something at once", "Backup", "Restore drill"):
            await follow(blocks(PAGE, heading), tmp_path, here)
        await waarmerk.stop(signal.SIGKILL)
        (waarmerk.home / "waarmerk.db").write_bytes(b"what is left after a disk has failed")
        await follow(blocks(PAGE, "Restore"), tmp_path, here)
        await waarmerk.start()
        after = await until_answered(waarmerk, waarmerk.key())
        delivered = [record["exchange"] for record in waarmerk.records("exchange:delivered")]
        assert delivered == [before.headers["x-request-id"], after.headers["x-request-id"]]
        assert "IN ORDER" in await waarmerk.command("evidence", "verify")


async def refusal(waarmerk: Installation) -> str:
    """The id of a call that policy refused."""
    async with httpx.AsyncClient(
        base_url=waarmerk.address, headers=headers(waarmerk.key("oude-tool")), timeout=60
    ) as client:
        answer = await client.post(CHAT, json={"model": "oude-samenvatting", "messages": ASK["messages"]})
    assert answer.status_code == 403
    return str(answer.json()["instance"])
