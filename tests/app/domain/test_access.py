# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A stop covers exactly what it names."""

from datetime import UTC, datetime

import pytest

from app.domain.access import AccessSnapshot, Stop, StopKind

SINCE = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "name", "covered"),
    [
        (StopKind.APPLICATION, "balie", True),
        (StopKind.APPLICATION, "smollm2", False),
        (StopKind.DEPLOYMENT, "smollm2", True),
        (StopKind.DEPLOYMENT, "balie", False),
        (StopKind.PROVIDER, "own", True),
        (StopKind.PROVIDER, "ow", False),
    ],
)
def test_a_stop_covers_its_own_kind_and_name(kind: StopKind, name: str, covered: bool) -> None:
    access = AccessSnapshot(stops=(Stop(kind, name, "incident", SINCE),))
    assert (access.stop_of(application="balie", deployment="smollm2", provider="own") is not None) is covered
