# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Storage that gives out under a running service: nothing is delivered without a record, and it recovers by itself."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.egress.observe import ROOT
from tests.fake_upstream import FakeUpstream
from tests.installation import Installation
from tests.operations.recovery import SOON, in_the_log, ready, unready, until_answered, until_refused
from tests.postgres import new_database


@pytest.mark.needs("unshare")
@pytest.mark.needs("mount")
def test_on_a_full_disk_nothing_is_delivered_until_there_is_room(tmp_path: Path) -> None:
    """In a namespace of its own, so that nobody needs to be root to mount a small disk."""
    script = (
        f"mount -t tmpfs -o size=6m tmpfs {tmp_path} && exec {sys.executable} -m tests.operations.full_disk {tmp_path}"
    )
    ran = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("recovered after")


async def test_a_locked_database_file_holds_everything_up_and_lets_it_go_again(
    tmp_path: Path, upstream: FakeUpstream
) -> None:
    async with Installation(tmp_path / "home", upstream.port, ledger_timeout=SOON) as waarmerk:
        key = waarmerk.key()
        complete = [await until_answered(waarmerk, key)]
        with closing(sqlite3.connect(waarmerk.home / "waarmerk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            complete += await until_refused(waarmerk, key)
            await unready(waarmerk)
        complete.append(await until_answered(waarmerk, key))
        await ready(waarmerk)
        await in_the_log(waarmerk, complete)


async def test_a_database_server_that_cannot_be_reached(tmp_path: Path, upstream: FakeUpstream) -> None:
    with new_database() as address:
        async with Installation(tmp_path / "home", upstream.port, database=address, ledger_timeout=SOON) as waarmerk:
            key = waarmerk.key()
            complete = [await until_answered(waarmerk, key)]
            admit(address, connections=False)
            complete += await until_refused(waarmerk, key)
            await unready(waarmerk)
            admit(address, connections=True)
            complete.append(await until_answered(waarmerk, key))
            await ready(waarmerk)
            await in_the_log(waarmerk, complete)


async def test_a_database_server_that_stands_still(tmp_path: Path, upstream: FakeUpstream) -> None:
    """It takes connections and answers none of them: worse than one that is gone."""
    with new_database() as address:
        async with Installation(tmp_path / "home", upstream.port, database=address, ledger_timeout=SOON) as waarmerk:
            key = waarmerk.key()
            complete = [await until_answered(waarmerk, key)]
            await reviews(waarmerk, key)  # so that there are connections for several readers to stand still on
            with standing_still(address):
                complete += await until_refused(waarmerk, key)
                await unready(waarmerk)
                await told_that_nothing_can_be_read(waarmerk, key)
            complete.append(await until_answered(waarmerk, key))
            await ready(waarmerk)
            await in_the_log(waarmerk, complete)


async def told_that_nothing_can_be_read(waarmerk: Installation, key: str) -> None:
    """More at once than there are threads: each is told so, and the process answers all the while."""
    for response in await reviews(waarmerk, key):
        assert (response.status_code, response.json()["code"]) == (503, "evidence-unavailable")
        assert response.headers["retry-after"] == "2"
    async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60) as client:
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/verify")).status_code == 200


async def reviews(waarmerk: Installation, key: str) -> list[httpx.Response]:
    """Forty looks at once."""
    asked = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60) as client:
        return await asyncio.gather(*(client.get("/api/v1/reviews/rev_1", headers=asked) for _ in range(40)))


@contextmanager
def standing_still(address: str) -> Iterator[None]:
    """Hold up the server's processes, but for those of other databases."""
    with psycopg.connect(address, autocommit=True) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    postmaster = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    processes = [postmaster, *(pid for (pid,) in found)]
    try:
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        yield
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def admit(address: str, *, connections: bool) -> None:
    """Let clients in to a database, or end and refuse them."""
    name = address.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(address.replace(f"/{name}?", "/postgres?"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(connections).lower()}".encode())
        if not connections:
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
