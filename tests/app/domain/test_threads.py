# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import threading

import pytest

from app.domain.errors import EvidenceUnavailable, UnknownName
from app.domain.threads import look


def refuse() -> None:
    raise UnknownName


async def test_what_is_seen_comes_back_and_what_goes_wrong_too() -> None:
    assert await look(sorted, [2, 1], reverse=True) == [2, 1]
    with pytest.raises(UnknownName):
        await look(refuse)


async def test_nobody_waits_for_ever() -> None:
    stuck = threading.Event()
    with pytest.raises(EvidenceUnavailable, match="does not answer"):
        await look(stuck.wait, 30)
    stuck.set()
