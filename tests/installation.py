# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A whole Waarmerk as an operator runs it: its own process, its own home, the example organisation, a real socket."""

import asyncio
import atexit
import json
import os
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psycopg

from tests.example import example_of_today
from tests.ports import reserved_port

APPLICATIONS = ("balie", "oude-tool", "proeftuin")
_READY_WITHIN = 180.0
_PATIENCE = {"ledger_timeout": "60"}
"""Settings, unless a test chooses them: a disk that is busy with other tests is no fault."""


class Installation:
    """`async with Installation(home, upstream_port) as waarmerk`. Everything it does goes through its commands and its port.

    `settings` are those of docs/settings.md in small letters. With `database`, the address of an empty PostgreSQL database, the
    prepared home moves there by backup and restore. `wrapper`: the command that serving runs under. `trust`: for `https`.
    """

    def __init__(
        self,
        home: Path,
        upstream_port: int,
        *,
        environment: Mapping[str, str] | None = None,
        wrapper: Sequence[str] = (),
        trust: ssl.SSLContext | None = None,
        **settings: str,
    ) -> None:
        self.home = home
        self.port = reserved_port()
        self.address = f"{'http' if trust is None else 'https'}://127.0.0.1:{self.port}"
        self.log = home / "serve.log"
        self._database = settings.get("database", "")
        self._wrapper = wrapper
        self._trust = trust
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WAARMERK_")},
            "WAARMERK_HOME": str(home),
            "WAARMERK_PORT": str(self.port),
            "WAARMERK_PUBLIC_ADDRESS": self.address,
            "WAARMERK_POLICY_VARIABLES": json.dumps({"DEMO_PORT": str(upstream_port)}),
            "WAARMERK_POLICIES": str(example_of_today()),
            **{f"WAARMERK_{name.upper()}": value for name, value in (_PATIENCE | settings).items()},
            **(environment or {}),
        }
        self._server: asyncio.subprocess.Process | None = None
        self._since = 0

    @property
    def pid(self) -> int:
        """Of the serving process."""
        assert self._server is not None
        return self._server.pid

    async def __aenter__(self) -> Self:
        await self.prepare()
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._server.returncode is None:
            workers = _children(self.pid)
            await self.stop(signal.SIGKILL)
            for worker in workers:  # they would go on without it
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    async def prepare(self) -> None:
        """Everything that comes before the first start."""
        shutil.copytree(_prepared(), self.home, dirs_exist_ok=True)
        if self._database:
            await self.command("migrate")
            await self.command("restore", str(_backup()))

    async def command(self, *arguments: str, status: int = 0) -> str:
        """Run `waarmerk …`; what it printed on both streams. Fails when it ended otherwise than expected."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", *arguments, env=self._environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output = (await process.communicate())[0].decode()
        assert process.returncode == status, output
        return output

    def key(self, application: str = "balie") -> str:
        """A key of this application, made before the server started."""
        return (_prepared().parent / application).read_text().splitlines()[0]

    async def start(self) -> None:
        """Serve, and wait until it is ready."""
        with self.log.open("ab") as log:
            self._server = await asyncio.create_subprocess_exec(
                *self._wrapper, sys.executable, "-m", "app", "serve", env=self._environment, stdout=log, stderr=log
            )
        try:
            async with (
                httpx.AsyncClient(verify=self._trust or True, timeout=60) as client,
                asyncio.timeout(_READY_WITHIN),
            ):
                while not await self._ready(client):
                    assert self._server.returncode is None, self.log.read_text()
                    await asyncio.sleep(0.05)
        except BaseException:
            await self.stop(signal.SIGKILL)
            raise

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the serving process; its exit code."""
        assert self._server is not None
        if self._server.returncode is None:
            self._server.send_signal(how)
        return await self._server.wait()

    def records(self, kind: str = "") -> list[dict[str, Any]]:
        """What stands in the log since the last `forget`, straight from the database, in order of index."""
        return [record for record in self._from(self._since) if record["type"].startswith(kind)]

    def forget(self) -> None:
        """Look no more at what stands in the log by now."""
        self._since += len(self._from(self._since))

    async def until(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait, for a bounded time, until the log holds this many records of this type."""
        async with asyncio.timeout(60):
            while len(found := self.records(kind)) < count:  # noqa: ASYNC110 another process writes
                await asyncio.sleep(0.05)
        return found

    def kept(self) -> Mapping[Path, bytes]:
        """What lies in the files of the home now. A file that is replaced while one looks counts as what replaced it."""
        found = {}
        for path in self.home.rglob("*"):
            with suppress(FileNotFoundError, IsADirectoryError):
                found[path] = path.read_bytes()
        return found

    def _from(self, index: int) -> list[dict[str, Any]]:
        select = 'SELECT bytes FROM log_entry WHERE "index" >= {} ORDER BY "index"'
        if self._database:
            with psycopg.connect(self._database) as connection:
                rows = connection.execute(select.format("%s"), (index,)).fetchall()
        else:
            with closing(sqlite3.connect(self.home / "waarmerk.db")) as file:
                rows = file.execute(select.format("?"), (index,)).fetchall()
        return [json.loads(row[0]) for row in rows]

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        try:
            return (await client.get(f"{self.address}/health/ready")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


def _children(process: int) -> list[int]:
    """Its workers (Linux)."""
    told = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


@cache
def _prepared() -> Path:
    """A home with keys and database, made once by the commands and copied for each installation; beside it the keys."""
    folder = Path(tempfile.mkdtemp(prefix="waarmerk-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {**os.environ, "WAARMERK_HOME": str(folder / "home")}
    for arguments in (["init"], *(["key", "create", application] for application in APPLICATIONS)):
        made = subprocess.run(
            [sys.executable, "-m", "app", *arguments], env=environment, capture_output=True, text=True, check=True
        )
        (folder / arguments[-1]).write_text(made.stdout)
    return folder / "home"


@cache
def _backup() -> Path:
    """The database of the prepared home in one file, from which another engine begins."""
    file = _prepared().parent / "prepared.backup"
    environment = {**os.environ, "WAARMERK_HOME": str(_prepared())}
    subprocess.run([sys.executable, "-m", "app", "backup", str(file)], env=environment, capture_output=True, check=True)
    return file


def headers(key: str, **more: str) -> Mapping[str, str]:
    """What a client without an SDK sends."""
    return {"authorization": f"Bearer {key}", **more}
