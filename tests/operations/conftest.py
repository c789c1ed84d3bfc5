# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A scripted model that answers, and both engines for an installation to stand on."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.fake_upstream import FakeUpstream, answer
from tests.operations.calling import CHAT, COMPLETION
from tests.postgres import new_database


@pytest.fixture
async def upstream() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as model:
        model.on(CHAT, answer(COMPLETION))
        yield model


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The setting that chooses the engine."""
    if request.param == "sqlite":
        yield {}
        return
    with new_database() as address:
        yield {"database": address}
