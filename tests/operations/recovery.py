# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must be seen of a service whose storage gives out and comes back."""

import asyncio
from typing import Any

import httpx

from tests.installation import Installation
from tests.operations.calling import ask

SOON = "2"
"""`ledger_timeout`, where it is awaited: seconds."""


async def until_refused(waarmerk: Installation, key: str) -> list[httpx.Response]:
    """Call until it is refused, in words; what was answered before."""
    answered = []
    async with asyncio.timeout(60):
        while (response := await ask(waarmerk, key)).status_code == 200:
            answered.append(response)
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert response.json()["code"] == "evidence-unavailable"
    return answered


async def until_answered(waarmerk: Installation, key: str) -> httpx.Response:
    async with asyncio.timeout(60):
        while (response := await ask(waarmerk, key)).status_code != 200:  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.1)
    return response


async def readiness(waarmerk: Installation) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(timeout=60) as client:
        response = await client.get(f"{waarmerk.address}/health/ready")
    return response.status_code, response.json()["checks"]


async def unready(waarmerk: Installation) -> None:
    """Load balancers look away, for the right reason."""
    async with asyncio.timeout(60):
        while await readiness(waarmerk) != (503, {"open": True, "evidence": False}):  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.1)


async def ready(waarmerk: Installation) -> None:
    async with asyncio.timeout(60):
        while (await readiness(waarmerk))[0] != 200:  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.1)


async def in_the_log(waarmerk: Installation, complete: list[httpx.Response]) -> None:
    """Every whole answer that a client got stands in the log as delivered, and the log is in order."""
    named = {response.headers["x-request-id"] for response in complete}
    delivered = {record["exchange"] for record in waarmerk.records("exchange:delivered")}
    opened = {record["exchange"] for record in waarmerk.records("exchange:opened")}
    assert named <= delivered <= opened
    await waarmerk.until("exchange:aborted", len(opened - delivered))
    assert "IN ORDER" in await waarmerk.command("evidence", "verify")
