# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Jobs return by themselves, also after a bad turn, and end when told."""

import asyncio
import logging

import pytest

from app.tasks.periodic import Job, Supervisor


async def test_a_job_returns_after_a_bad_turn_and_the_log_names_its_kind_only(caplog: pytest.LogCaptureFixture) -> None:
    turns = asyncio.Queue[int]()

    async def work() -> None:
        turns.put_nowait(1)
        raise ValueError("secret")

    supervisor = Supervisor([Job("look", 0.001, work)])
    with caplog.at_level(logging.ERROR):
        supervisor.start()
        for _ in range(3):
            await asyncio.wait_for(turns.get(), 60)
        await supervisor.stop()
    assert "ValueError" in {getattr(record, "kind", "") for record in caplog.records}
    assert "secret" not in caplog.text


async def test_after_stop_nothing_runs() -> None:
    turns: list[int] = []

    async def work() -> None:
        turns.append(1)

    supervisor = Supervisor([Job("look", 0.001, work)])
    supervisor.start()
    await supervisor.stop()
    before = len(turns)
    await asyncio.sleep(0.02)
    assert len(turns) == before
