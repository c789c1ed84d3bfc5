# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One installation and one scripted model for the whole folder; each test sees only its own calls."""

from collections.abc import AsyncIterator

import openai
import pytest
import pytest_asyncio

from tests.fake_upstream import FakeUpstream
from tests.installation import Installation


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def model() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as running:
        yield running


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def installation(model: FakeUpstream, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    async with Installation(tmp_path_factory.mktemp("sdk") / "home", model.port) as running:
        yield running


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def client(installation: Installation) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{installation.address}/v1", api_key=installation.key()) as sdk:
        yield sdk


@pytest.fixture
def upstream(model: FakeUpstream) -> FakeUpstream:
    model.requests.clear()
    return model


@pytest.fixture
def waarmerk(installation: Installation) -> Installation:
    installation.forget()
    return installation
