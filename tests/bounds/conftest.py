# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One installation with narrow bounds, and one scripted model, for the whole folder; each test sees only its own calls."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.bounds.faults import BOUND
from tests.example import copy_of_the_example
from tests.fake_upstream import FakeUpstream
from tests.installation import Installation
from tests.operations.calling import edit

PLACES = 8
OF_ONE = 6
OPEN_HOLDS = 3
UNREAD = 12
"""Seconds that a client may leave its answer unread: more than this machine takes to prepare all that are left."""


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def model() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as running:
        yield running


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def installation(model: FakeUpstream, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    folder = tmp_path_factory.mktemp("bounds")
    policies = copy_of_the_example(folder / "policies")
    patience = "path: /v1\n    timeouts: {connect: 2, first_byte: 5, idle: 5, total: 90}"
    edit(policies / "deployments.yaml", "path: /v1", patience)
    async with Installation(
        folder / "home", model.port, policies=str(policies), max_calls=str(PLACES), max_calls_of_one=str(OF_ONE),
        write_timeout=str(UNREAD), max_open_holds=str(OPEN_HOLDS), max_answer=str(BOUND), trusted_proxies="127.0.0.0/8",
    ) as running:  # fmt: skip
        yield running


@pytest.fixture
def upstream(model: FakeUpstream) -> FakeUpstream:
    model.requests.clear()
    return model


@pytest.fixture
def waarmerk(installation: Installation) -> Installation:
    installation.forget()
    return installation


@pytest_asyncio.fixture(loop_scope="session")
async def client(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """Connections without end: the bound that is tested is not that of the test's own client."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=installation.address, timeout=60, trust_env=False, limits=limits) as client:
        yield client
