# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Live means that it answers; ready means that every check passes."""

from collections.abc import Mapping

import httpx
import pytest
from fastapi import FastAPI

from app.web.health import router


async def ask(path: str, checks: Mapping[str, bool]) -> httpx.Response:
    async def look() -> Mapping[str, bool]:
        return checks

    app = FastAPI()
    app.include_router(router(look))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get(path)


async def test_it_is_live_also_when_it_is_not_ready() -> None:
    answer = await ask("/health/live", {"evidence": False})
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


@pytest.mark.parametrize(
    ("checks", "status"), [({"evidence": True, "policy": True}, 200), ({"evidence": True, "policy": False}, 503)]
)
async def test_it_is_ready_when_every_check_passes(checks: dict[str, bool], status: int) -> None:
    answer = await ask("/health/ready", checks)
    assert answer.status_code == status
    assert answer.json()["checks"] == checks
