# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two serving processes: an order of the operator binds both at once, and they write one log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fake_upstream import FakeUpstream
from tests.installation import Installation, headers
from tests.operations.calling import ASK, CHAT


@pytest.fixture
async def waarmerk(tmp_path: Path, upstream: FakeUpstream, engine: dict[str, Any]) -> AsyncIterator[Installation]:
    async with Installation(tmp_path / "home", upstream.port, workers="2", **engine) as running:
        yield running


async def test_both_refuse_a_withdrawn_key_and_a_stopped_use_at_once(
    waarmerk: Installation, upstream: FakeUpstream
) -> None:
    created = await waarmerk.command("key", "create", "balie")
    spare, name = created.splitlines()[0], created.split("the key ")[1].split(" ")[0]
    async with AsyncExitStack() as stack:
        lines = await one_line_to_each(waarmerk, stack)
        async with asyncio.timeout(60):
            while await asked(lines, spare) != [200, 200]:  # noqa: ASYNC110 both learn of a new key within a moment
                await asyncio.sleep(0.05)
        await waarmerk.command("key", "revoke", name)
        assert await asked(lines, spare) == [401, 401]
        assert await asked(lines, waarmerk.key()) == [200, 200]
        await waarmerk.command("stop", "application", "balie", "--reason", "onderzoek")
        before = len(upstream.requests)
        assert await asked(lines, waarmerk.key()) == [403, 403]
        assert len(upstream.requests) == before
        assert len(waarmerk.records("exchange:refused")) >= 2


async def test_the_log_stays_in_order_under_parallel_calls(waarmerk: Installation) -> None:
    async with AsyncExitStack() as stack:
        lines = await one_line_to_each(waarmerk, stack)
        waarmerk.forget()

        async def repeat(line: httpx.AsyncClient) -> set[str]:
            answers = [await line.post(CHAT, json=ASK, headers=headers(waarmerk.key())) for _ in range(30)]
            return {answer.headers["x-request-id"] for answer in answers if answer.status_code == 200}

        named = await asyncio.gather(*map(repeat, [*lines, *lines]))
    delivered = [record["exchange"] for record in waarmerk.records("exchange:delivered")]
    assert sorted(delivered) == sorted(set().union(*named))
    assert len(delivered) == 120
    said = await waarmerk.command("evidence", "verify")
    assert "IN ORDER" in said
    assert "NOT" not in said


async def asked(lines: list[httpx.AsyncClient], key: str) -> list[int]:
    """The status that each process gives."""
    return [(await line.post(CHAT, json=ASK, headers=headers(key))).status_code for line in lines]


async def one_line_to_each(waarmerk: Installation, stack: AsyncExitStack) -> list[httpx.AsyncClient]:
    """A client per process, whose one kept connection is held by that process."""
    found: dict[int, httpx.AsyncClient] = {}
    async with asyncio.timeout(180):  # the second may still be starting
        while len(found) < 2:
            one = httpx.Limits(max_connections=1)
            line = httpx.AsyncClient(base_url=waarmerk.address, limits=one, timeout=60)
            response = await line.get("/health/live")
            port = response.extensions["network_stream"].get_extra_info("client_addr")[1]
            process = holder(waarmerk, port)
            if process in found:
                await line.aclose()
            else:
                stack.push_async_callback(line.aclose)
                found[process] = line
    return list(found.values())


def holder(waarmerk: Installation, port: int) -> int:
    """The process that holds the server's end of the connection from this local port, by the kernel's own tables."""
    ends = f"0100007F:{waarmerk.port:04X}", f"0100007F:{port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    (inode,) = [row[9] for row in rows if (row[1], row[2]) == ends]
    children = Path(f"/proc/{waarmerk.pid}/task/{waarmerk.pid}/children").read_text().split()
    for child in children:
        for descriptor in Path(f"/proc/{child}/fd").iterdir():
            with suppress(FileNotFoundError):
                if str(descriptor.readlink()) == f"socket:[{inode}]":
                    return int(child)
    raise AssertionError(f"nobody holds the connection from {port}: {children}")
