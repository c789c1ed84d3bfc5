# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.upstream.client import HttpUpstream
from app.upstream.credentials import Credentials
from tests.fake_authority import Authority
from tests.fake_upstream import FakeUpstream


@pytest.fixture
async def fake() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as upstream:
        yield upstream


@pytest.fixture
async def client() -> AsyncIterator[HttpUpstream]:
    upstream = HttpUpstream(Credentials({"KEY": "sk-canary-7f3a"}), version="1.2.3")
    yield upstream
    await upstream.aclose()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)
