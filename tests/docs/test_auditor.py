# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for auditors: its commands and its programs, against a running installation and against one that lies."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.docs.pages import blocks, follow, run
from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation, headers
from tests.reviewers import CHAT, completion
from tests.staff import clerk

pytestmark = [pytest.mark.needs("bash"), pytest.mark.needs("curl")]

MORE_THAN_A_TILE = 260
AUDIT = ["python", "audit.py"]


async def test_an_outsider_can_do_what_the_page_says(tmp_path: Path) -> None:
    async with FakeUpstream() as model, Installation(tmp_path / "home", model.port) as waarmerk:
        model.on(CHAT, answer(completion("De balie is open tot acht uur.")))
        code = await busy(waarmerk)
        desk = tmp_path / "auditor"
        reader = {**await equipped(waarmerk, desk), "CODE": code}
        assert await follow(blocks("docs/auditor.md"), desk, reader) == 7
        arguments = [*AUDIT, waarmerk.address, "gemeente-voorbeeld", "log.vkey"]
        assert "as signed" in await run(arguments, desk, reader, status=0)
        lie(desk / "kept.txt")
        assert "InvalidSignature" in await run([*arguments, "kept.txt"], desk, reader, status=1)
        lie(desk / "receipt.json")
        assert "InvalidSignature" in await run(
            ["python", "receipt.py", "receipt.json", "log.vkey"], desk, reader, status=1
        )


async def equipped(waarmerk: Installation, desk: Path) -> Mapping[str, str]:
    """What the organisation hands over: the public key, an export, a key to read entries with."""
    desk.mkdir()
    key = await waarmerk.command("evidence", "key")
    (desk / "log.vkey").write_text(key.splitlines()[-1] + "\n")
    audit_key = await waarmerk.command("key", "create", "balie", "--scope", "org:evidence:read")
    await waarmerk.command("evidence", "export", str(desk / "exported"))
    return {"WAARMERK": waarmerk.address, "AUDIT_KEY": audit_key.splitlines()[0]}


async def busy(waarmerk: Installation) -> str:
    """Calls that are delivered, refused, held and approved; the code of what was published."""
    async with httpx.AsyncClient(base_url=waarmerk.address, headers=headers(waarmerk.key()), timeout=60) as client:
        await ask(client, "balie-concept")
        await asyncio.gather(*(ask(client, "gpt-4o") for _ in range(MORE_THAN_A_TILE)))
        review = (await ask(client, "balie-antwoord")).json()["review"]
        async with clerk(waarmerk, "j.jansen") as reviewer:
            await reviewer.approve(review["id"])
        published = (await client.get(f"{CHAT}/{review['completion_id']}")).json()
    code: str = published["ai_provenance"]["codes"][0]
    return code


async def ask(client: httpx.AsyncClient, task: str) -> httpx.Response:
    return await client.post(CHAT, json={"model": task, "messages": [{"role": "user", "content": "Hoe laat?"}]})


def lie(file: Path) -> None:
    """One digit other than it was."""
    text = file.read_text()
    at = next(place for place, letter in enumerate(text) if letter in "123456789" and place > text.index("voorbeeld"))
    file.write_text(text[:at] + str(int(text[at]) - 1) + text[at + 1 :])
