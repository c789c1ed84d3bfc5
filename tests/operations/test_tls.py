# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A service with a certificate of its own speaks TLS and nothing else."""

import ssl
from pathlib import Path

import httpx
import pytest

from tests.fake_authority import Authority
from tests.fake_upstream import FakeUpstream
from tests.installation import Installation
from tests.operations.calling import ASK, CHAT, ask


async def test_https_works_for_who_trusts_it_and_nothing_else_works(tmp_path: Path, upstream: FakeUpstream) -> None:
    authority = Authority(tmp_path)
    file = str(authority.issue("127.0.0.1"))
    trust = ssl.create_default_context(cafile=authority.ca_file)
    home = tmp_path / "home"
    async with Installation(home, upstream.port, trust=trust, tls_certificate=file, tls_key=file) as waarmerk:
        key = waarmerk.key()
        async with httpx.AsyncClient(timeout=60) as client:
            with pytest.raises(httpx.TransportError):
                await client.post(f"http://127.0.0.1:{waarmerk.port}{CHAT}", json=ASK)
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await client.post(waarmerk.address + CHAT, json=ASK)
        assert upstream.requests == []
        answer = await ask(waarmerk, key, trust)
        assert (answer.status_code, answer.http_version) == (200, "HTTP/1.1")
        assert waarmerk.records("exchange:delivered")[0]["exchange"] == answer.headers["x-request-id"]
