# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped policy, facts about it with a few things changed, and folders to spoil."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import policies
from app.policy.cases import change
from app.policy.facts import Asked, Facts
from app.policy.gather import gather
from app.policy.loader import load_policy
from app.policy.snapshot import PolicySnapshot

SHIPPED = Path(policies.__file__).parent
TODAY = date(2026, 11, 23)

FactsWith = Callable[..., Facts]


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 23, 12, tzinfo=UTC))


@pytest.fixture(scope="session")
def baseline() -> Path:
    return SHIPPED / "baseline"


@pytest.fixture(scope="session")
def snapshot() -> PolicySnapshot:
    return load_policy(SHIPPED / "baseline", SHIPPED / "example")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example folder, to change."""
    return Path(shutil.copytree(SHIPPED / "example", tmp_path / "example"))


@pytest.fixture(scope="session")
def facts_with(snapshot: PolicySnapshot) -> FactsWith:
    """Facts of one task of the example, with these changed by path, and this asked."""

    def build(task: str, changes: Mapping[str, Any] | None = None, today: date = TODAY, **asked: Any) -> Facts:  # noqa: ANN401  (fields of Asked)
        application = next(key for key, each in snapshot.applications.items() if task in each.tasks)
        question = Asked(*application, task, **asked)
        changed = change(snapshot, gather(snapshot, question, today), changes or {})
        return gather(changed, question, today)

    return build
