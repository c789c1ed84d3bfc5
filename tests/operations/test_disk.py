# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Storage that gives out under a running service: nothing is delivered without a record, and it recovers by itself."""

import asyncio
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.fake_upstream import FakeUpstream
from tests.installation import Installation
from tests.operations.calling import ask
from tests.postgres import new_database


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.needs("mount")
async def test_on_a_full_disk_nothing_is_delivered_until_there_is_room(
    small_disk: Path, upstream: FakeUpstream
) -> None:
    async with Installation(small_disk / "home", upstream.port) as waarmerk:
        key, pid = waarmerk.key(), waarmerk.pid
        complete = [await ask(waarmerk, key)]
        fill(small_disk / "filler")
        complete += await until_refused(waarmerk, key)
        await unready(waarmerk)
        (small_disk / "filler").unlink()
        complete.append(await until_answered(waarmerk, key))
        await ready(waarmerk)
        assert waarmerk.pid == pid
        await in_the_log(waarmerk, complete)


async def test_a_locked_database_file_holds_everything_up_and_lets_it_go_again(
    tmp_path: Path, upstream: FakeUpstream
) -> None:
    async with Installation(tmp_path / "home", upstream.port) as waarmerk:
        key = waarmerk.key()
        complete = [await ask(waarmerk, key)]
        with closing(sqlite3.connect(waarmerk.home / "waarmerk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            complete += await until_refused(waarmerk, key)
            await unready(waarmerk)
        complete.append(await until_answered(waarmerk, key))
        await ready(waarmerk)
        await in_the_log(waarmerk, complete)


async def test_a_database_server_that_cannot_be_reached(tmp_path: Path, upstream: FakeUpstream) -> None:
    with new_database() as address:
        async with Installation(tmp_path / "home", upstream.port, database=address) as waarmerk:
            key = waarmerk.key()
            complete = [await ask(waarmerk, key)]
            admit(address, connections=False)
            complete += await until_refused(waarmerk, key)
            await unready(waarmerk)
            admit(address, connections=True)
            complete.append(await until_answered(waarmerk, key))
            await ready(waarmerk)
            await in_the_log(waarmerk, complete)


def fill(file: Path) -> None:
    """Take all the room there is, to the last byte."""
    with file.open("wb", buffering=0) as filler:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue


def admit(address: str, *, connections: bool) -> None:
    """Let clients in to a database, or end and refuse them."""
    name = address.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(address.replace(f"/{name}?", "/postgres?"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(connections).lower()}".encode())
        if not connections:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


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
    async with asyncio.timeout(30):
        while (response := await ask(waarmerk, key)).status_code != 200:  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.1)
    return response


async def readiness(waarmerk: Installation) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient(timeout=20) as client:
        response = await client.get(f"{waarmerk.address}/health/ready")
    return response.status_code, response.json()["checks"]


async def unready(waarmerk: Installation) -> None:
    """Load balancers look away, for the right reason."""
    async with asyncio.timeout(20):
        while await readiness(waarmerk) != (503, {"open": True, "evidence": False}):  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.1)


async def ready(waarmerk: Installation) -> None:
    async with asyncio.timeout(20):
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
