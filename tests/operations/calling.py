# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the tests of this folder ask, and what they do with a copy of the example organisation."""

import ssl
from pathlib import Path

import httpx

from tests.installation import Installation, headers

CHAT = "/v1/chat/completions"
PROMPT = "vraag-kanarie-9b1e44"
ANSWER = "antwoord-kanarie-02d7aa"
ASK = {"model": "balie-zoekvraag", "messages": [{"role": "user", "content": PROMPT}]}
COMPLETION = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}],
    "model": "m",
}


async def ask(waarmerk: Installation, key: str, trust: ssl.SSLContext | None = None) -> httpx.Response:
    """One call, over a connection of its own."""
    async with httpx.AsyncClient(timeout=60, verify=trust or True) as client:
        return await client.post(waarmerk.address + CHAT, json=ASK, headers=headers(key))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
