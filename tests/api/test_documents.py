# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The API does what its OpenAPI documents say, over a real socket, whatever it is sent (schemathesis)."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.installation import Installation

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]
BASES = ("/api/v1", "/c2pa/v1")
NOWHERE = 9
"""No model is asked."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waarmerk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    home = tmp_path_factory.mktemp("api") / "home"
    async with Installation(home, NOWHERE, trusted_proxies="127.0.0.1/32") as running:
        yield running


@pytest.mark.parametrize("base", BASES)
async def test_no_answer_differs_from_what_is_documented(waarmerk: Installation, tmp_path: Path, base: str) -> None:
    """No 5xx, no status, header, type or member that is not described; nothing accepted that should not be, nor without a key."""
    program = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(ROOT / "tests/api/schemathesis.toml"),
    ]
    checked = await asyncio.create_subprocess_exec(
        *program, "run", f"{waarmerk.address}{base}/openapi.json",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "WAARMERK_TEST_KEY": waarmerk.key()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said = (await checked.communicate())[0].decode()
    assert checked.returncode == 0, said[-10_000:]


@pytest.mark.parametrize("base", BASES)
async def test_each_document_is_public_and_may_be_read_by_any_page(waarmerk: Installation, base: str) -> None:
    """Dutch API Design Rules, /core/publish-openapi."""
    async with httpx.AsyncClient(timeout=60) as anybody:
        answer = await anybody.get(
            f"{waarmerk.address}{base}/openapi.json", headers={"origin": "https://elders.example"}
        )
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert answer.json()["servers"] == [{"url": f"{waarmerk.address}{base}"}]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/openapi.json", 200),
        ("GET", "/api/v1/openapi.json/", 404),
        ("GET", "/api/v1/reviews/rev_0", 401),
        ("GET", "/api/v1/reviews/rev_0/", 404),
        ("POST", "/api/v1/publications/", 404),
        ("POST", "/api/v1/verifications/", 404),
        ("DELETE", "/api/v1/verifications", 405),
        ("POST", "/api/v1/verifications", 400),
        ("GET", "/api/v1/%2e/", 400),
        ("GET", "/api/v1/elsewhere", 404),
    ],
)
async def test_each_answer_says_its_version_and_no_path_ends_in_a_slash(
    waarmerk: Installation, method: str, path: str, status: int
) -> None:
    """Dutch API Design Rules, /core/version-header, /core/no-trailing-slash and /core/problem-details: also where the guard refuses."""
    async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60) as anybody:
        answer = await anybody.request(method, path)
    assert (answer.status_code, answer.headers.get_list("api-version")) == (status, ["1.0.0"])
    if status != httpx.codes.OK:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= answer.json().keys()
        assert "location" not in answer.headers
