# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happens to the house itself stands in the log too."""

from pathlib import Path

from app.domain.subject import Subject
from app.evidence.chronicle import WORKER_LOST
from tests.app.evidence.test_exchange import DECISION, DEPLOYMENT, GENERATION, start
from tests.furnished import furnished


async def test_policy_that_was_loaded_and_policy_that_was_rejected(tmp_path: Path) -> None:
    async with furnished(tmp_path / "home", 1) as house:
        await house.house.chronicle.policy_loaded("b" * 64, "a" * 64)
        await house.house.chronicle.policy_rejected("b" * 64, 3)
        loaded, rejected = house.records()[-2:]
    assert (loaded["type"], loaded["policy"], loaded["previous"]) == ("policy:loaded", "b" * 64, "a" * 64)
    assert (rejected["type"], rejected["previous"], rejected["faults"]) == ("policy:rejected", "b" * 64, 3)


async def test_what_this_worker_lost_is_closed_once_and_what_it_runs_is_left_alone(tmp_path: Path) -> None:
    async with furnished(tmp_path / "home", 1) as house:
        key, _ = await house.house.registrar().create_key("balie", [])
        access = await house.house.identity.refresh()
        subject = Subject(key.id, "gemeente-voorbeeld", "balie", frozenset(), access=access.version)
        exchanges = [start(house, subject) for _ in range(2)]
        for exchange in exchanges:
            exchange.judged(GENERATION, DECISION)
            await exchange.open(DEPLOYMENT)
        running = house.pipeline.evidence.running
        del running[exchanges[0].id]
        assert await house.house.chronicle.recover(running) == 1
        assert await house.house.chronicle.recover(running) == 0
        record = house.records()[-1]
    assert (record["exchange"], record["cause"]) == (exchanges[0].id, WORKER_LOST)
