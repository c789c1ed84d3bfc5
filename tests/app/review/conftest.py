# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fake_upstream import FakeUpstream, answer
from tests.furnished import Furnished, furnished
from tests.reviewers import CHAT, completion

TEXT = "U vraagt een paspoort aan bij de balie. Neem een foto mee."


@pytest.fixture
async def upstream() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as model:
        model.on(CHAT, answer(completion(TEXT)))
        yield model


@pytest.fixture
async def house(tmp_path: Path, upstream: FakeUpstream) -> AsyncIterator[Furnished]:
    async with furnished(tmp_path / "home", upstream.port) as open_house:
        yield open_house


@pytest.fixture
async def key(house: Furnished) -> str:
    return await house.key()
