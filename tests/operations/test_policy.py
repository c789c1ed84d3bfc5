# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A policy folder that changes under a running service: whole versions, each in the log, and a broken one changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.example import copy_of_the_example
from tests.fake_upstream import FakeUpstream
from tests.installation import Installation
from tests.operations.calling import ask, edit

EVALUATED, OVERDUE = "evaluation_date: 2028-06-30", "evaluation_date: 2026-01-01"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_example(tmp_path / "policies")


@pytest.fixture
async def waarmerk(tmp_path: Path, upstream: FakeUpstream, folder: Path) -> AsyncIterator[Installation]:
    async with Installation(tmp_path / "home", upstream.port, policies=str(folder)) as running:
        yield running


async def test_a_changed_file_judges_the_calls_that_come_after_it(waarmerk: Installation, folder: Path) -> None:
    key, file = waarmerk.key(), folder / "applications" / "balie.yaml"
    assert (await ask(waarmerk, key)).status_code == 200
    (before,) = await waarmerk.until("policy:loaded")
    edit(file, EVALUATED, OVERDUE)
    refused = await answered(waarmerk, key, 403)
    _, after = await waarmerk.until("policy:loaded", 2)
    assert after["previous"] == before["policy"] != after["policy"]
    assert refused["code"] == "blocked_by_policy"
    assert waarmerk.records("exchange:refused")[-1]["policy"] == after["policy"]
    edit(file, OVERDUE, EVALUATED)
    await answered(waarmerk, key, 200)
    assert (await waarmerk.until("policy:loaded", 3))[-1]["policy"] == before["policy"]
    assert "IN ORDER" in await waarmerk.command("evidence", "verify")


async def test_a_broken_file_changes_nothing_and_is_told(
    waarmerk: Installation, upstream: FakeUpstream, folder: Path
) -> None:
    key, file = waarmerk.key(), folder / "applications" / "balie.yaml"
    sound = file.read_text()
    (before,) = await waarmerk.until("policy:loaded")
    file.write_text(sound.replace(EVALUATED, OVERDUE) + "\nunknown_field: [")
    (rejected,) = await waarmerk.until("policy:rejected")
    assert (rejected["previous"], rejected["faults"]) == (before["policy"], 1)
    assert (await ask(waarmerk, key)).status_code == 200
    assert waarmerk.records("exchange:opened")[-1]["policy"] == before["policy"]
    file.write_text(sound.replace(EVALUATED, OVERDUE) + "\nunknown_field: 1\n")
    await waarmerk.until("policy:rejected", 2)
    assert (await ask(waarmerk, key)).status_code == 200
    file.write_text(sound.replace(EVALUATED, OVERDUE))
    await answered(waarmerk, key, 403)
    assert [record["previous"] for record in waarmerk.records("policy:loaded")] == [None, before["policy"]]


async def answered(waarmerk: Installation, key: str, status: int) -> dict[str, str]:
    """Ask until the answer has this status; a folder is looked at every second."""
    async with asyncio.timeout(60):
        while (response := await ask(waarmerk, key)).status_code != status:  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.1)
    body: dict[str, str] = response.json()
    return body
