# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each step about review notices when nothing is held, and when the step before it failed."""

from collections.abc import Callable

import pytest

from app.cli.demo import review
from app.cli.demo.expectation import Unexpected
from app.cli.demo.home import DemoHome
from app.cli.demo.scene import Scene


def test_an_answer_that_is_not_held_is_a_fault(bare: Scene) -> None:
    with pytest.raises(Unexpected, match="should have been refused"):
        review.held(bare)


@pytest.mark.parametrize(
    ("step", "needed"), [(review.approved, "review"), (review.fetched, "completion")], ids=["approved", "fetched"]
)
def test_a_step_says_which_earlier_one_failed(step: Callable[[Scene], str], needed: str, home: DemoHome) -> None:
    with pytest.raises(Unexpected, match=f"The {needed} of an earlier step is needed"):
        step(Scene(home))
