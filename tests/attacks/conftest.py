# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One installation, one model and one person at the desk for the whole folder; each test sees only its own calls."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.attacks.scene import Scene
from tests.fake_upstream import FakeUpstream
from tests.installation import Installation
from tests.staff import clerk


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def staged(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    home = tmp_path_factory.mktemp("attacks") / "home"
    async with (
        FakeUpstream() as model,
        Installation(home, model.port) as waarmerk,
        clerk(waarmerk, "anna") as anna,
        httpx.AsyncClient(base_url=waarmerk.address, timeout=60, trust_env=False) as client,
    ):
        yield Scene(waarmerk, model, anna, client)


@pytest.fixture
def scene(staged: Scene) -> Scene:
    staged.begin()
    return staged
