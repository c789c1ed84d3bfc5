# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A running installation as an attacker with a valid key sees it, and what an observer sees of the attack."""

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation, headers
from tests.reviewers import CHAT, completion
from tests.staff import Clerk

DRAFT: Final = "balie-concept"
HELD: Final = "balie-antwoord"
MACHINE: Final = "balie-zoekvraag"
SECRET: Final = "kanarie-brief-90417"
LETTER: Final = f"Geachte mevrouw, uw {SECRET} ligt klaar. U haalt hem op bij de balie."
_numbers = itertools.count(1)


@dataclass
class Scene:
    """One installation, its model, one reviewer inside, and everything that left."""

    waarmerk: Installation
    model: FakeUpstream
    anna: Clerk
    client: httpx.AsyncClient
    left: list[bytes] = field(default_factory=list)
    """Head and body of every answer to somebody outside."""

    def begin(self) -> None:
        """A test sees what happens from now on."""
        self.waarmerk.forget()
        self.model.requests.clear()
        self.left.clear()
        self.says(LETTER)

    def says(self, *texts: str | None, **message: Any) -> None:  # noqa: ANN401 any field of the vendor
        """What the model answers from now on."""
        self.model.on(CHAT, answer(completion(*texts, **message)))

    async def send(
        self,
        method: str,
        path: str,
        *,
        key: str | None = "balie",
        more: Mapping[str, str] | None = None,
        **content: Any,  # noqa: ANN401 of httpx
    ) -> httpx.Response:
        """Anything, with the key of this application."""
        known = headers(self.waarmerk.key(key)) if key else {}
        response = await self.client.request(method, path, headers={**known, **(more or {})}, **content)
        head = b"".join(name + b": " + value + b"\n" for name, value in response.headers.raw)
        self.left.append(head + response.content)
        return response

    async def ask(self, task: str = DRAFT, *, more: Mapping[str, str] | None = None, **changes: Any) -> httpx.Response:  # noqa: ANN401 any field
        """A call, which differs from every other one."""
        message = {"role": "user", "content": f"Schrijf een brief. Poging {next(_numbers)}."}
        return await self.send("POST", CHAT, json={"model": task, "messages": [message], **changes}, more=more)

    async def held(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 any field
        """A call of a task whose answers wait; its review."""
        response = await self.ask(HELD, **changes)
        assert response.status_code == 423, response.text
        review: dict[str, Any] = response.json()["error"]["review"]
        return review

    async def retrieve(self, review: Mapping[str, Any]) -> httpx.Response:
        """What its application gets now."""
        return await self.send("GET", f"{CHAT}/{review['completion_id']}")

    def leaked(self, *words: str) -> list[bytes]:
        """What left with one of these words in it; without words, with the secret of the letter."""
        return [data for data in self.left if any(word.encode() in data for word in (words or (SECRET,)))]

    def nothing_happened(self) -> None:
        """No model was asked, no call was let in."""
        assert self.model.requests == []
        assert self.waarmerk.records("exchange:opened") == []

    async def bytes(self, data: bytes) -> bytes:
        """Bytes as they are, with `{key}` and `{host}` filled in; everything that comes back until the connection is closed."""
        filled = data.replace(b"{key}", self.waarmerk.key().encode())
        filled = filled.replace(b"{host}", f"127.0.0.1:{self.waarmerk.port}".encode())
        reader, writer = await asyncio.open_connection("127.0.0.1", self.waarmerk.port)
        writer.write(filled)
        try:
            async with asyncio.timeout(60):
                return await reader.read(-1)
        finally:
            writer.close()
