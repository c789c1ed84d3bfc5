# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything a running Waarmerk lets out, seen without asking it: system calls, what other machines received, logs, files."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.egress.observe import CALLS, contacts
from tests.fake_upstream import FakeUpstream
from tests.installation import Installation

TASK = "balie-zoekvraag"
MODEL = "SmolLM2-135M-Instruct"
CHAT = "/v1/chat/completions"
SECRET = "geheim-kanarie-7f3a9c"
PROMPT = "vraag-kanarie-51d0e2"
ANSWER = "antwoord-kanarie-c84b17"
_KEY = re.compile(rb"wmk_[A-Za-z0-9_-]{43}")


def strace(file: Path) -> list[str]:
    """The command under which serving is watched. It runs beside the server, so that signals reach the server itself.

    The kernel claims to know no rings of requests (io_uring): what goes through one is no system call that can be seen.
    """
    seen = ["-e", f"trace={CALLS}", "-e", "inject=io_uring_setup:error=ENOSYS"]
    return ["strace", "-D", "-f", "-q", "-s", "0", *seen, "-o", str(file)]


class Outside:
    """One running installation, the one machine it may speak to, and machines that it may not."""

    def __init__(
        self, waarmerk: Installation, model: FakeUpstream, canaries: Sequence[FakeUpstream], trace: Path
    ) -> None:
        self.waarmerk = waarmerk
        self.model = model
        self.key = waarmerk.key()
        self._canaries = canaries
        self._trace = trace
        self._from = 0

    def begin(self) -> None:
        """Look only at what happens from now on."""
        self.waarmerk.forget()
        self.model.requests.clear()
        for connection in self.model.connections:
            connection.received.clear()
        for canary in self._canaries:
            canary.connections.clear()
        self._from = len(self._lines())

    async def ask(self, body: Any = None, **headers: str) -> httpx.Response:  # noqa: ANN401 any JSON
        """A call with a valid key; `None` is an honest one."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            return await client.post(
                self.waarmerk.address + CHAT, json=question() if body is None else body, headers=self.headers(**headers)
            )

    def headers(self, **more: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}", **{name.replace("_", "-"): text for name, text in more.items()}}

    def refused(self) -> dict[str, Any]:
        """The record of the only call since `begin`: refused, and no machine heard of it."""
        (record,) = self.waarmerk.records("exchange:")
        assert record["type"] == "exchange:refused"
        self.silent()
        return record

    def silent(self) -> None:
        """Nobody was spoken to at all."""
        assert self.reached() == set()
        assert self.model.requests == []
        self.contained()

    def delivered(self) -> None:
        """The only call since `begin` went to the one machine it may go to, once, for the task's own model."""
        (request,) = self.model.requests
        assert (request.method, request.path) == ("POST", CHAT)
        assert request.header("host") == f"127.0.0.1:{self.model.port}"
        assert f'"model":"{MODEL}"'.encode() in request.body
        assert [record["type"] for record in self.waarmerk.records("exchange:")][-1] == "exchange:delivered"
        self.contained()

    def contained(self) -> None:
        """No other machine than the permitted one, no secret on the wire, nothing readable in logs and files."""
        assert self.reached() <= {("127.0.0.1", self.model.port)}
        assert [canary.host for canary in self._canaries if canary.connections] == []
        for connection in self.model.connections:
            for secret in (self.key, SECRET):
                assert secret.encode() not in connection.received
        kept = self.waarmerk.kept()
        assert self.waarmerk.log in kept
        assert any(path.suffix == ".db" for path in kept)
        for path, data in kept.items():
            for secret in (SECRET, PROMPT, ANSWER):
                assert secret.encode() not in data, path
            assert not _KEY.search(data), path

    def reached(self) -> set[tuple[str, int]]:
        """Every address and port that the server's processes tried to reach since `begin`."""
        return contacts(self._lines()[self._from :])

    def ever_reached(self) -> set[tuple[str, int]]:
        """The same since the server started."""
        return contacts(self._lines())

    def _lines(self) -> list[str]:
        return self._trace.read_text().splitlines()


def question(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 any JSON
    """An honest body, but for the changes."""
    return {"model": TASK, "messages": [{"role": "user", "content": PROMPT}], **changes}
