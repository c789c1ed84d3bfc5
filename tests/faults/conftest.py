# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An installation of its own for each test: these tests end it in every way there is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fake_upstream import FakeUpstream
from tests.installation import Installation


@pytest.fixture
async def upstream() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as model:
        yield model


@pytest.fixture
async def waarmerk(tmp_path: Path, upstream: FakeUpstream) -> AsyncIterator[Installation]:
    async with Installation(tmp_path / "home", upstream.port) as running:
        yield running
