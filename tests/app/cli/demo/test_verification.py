# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The step about the public notices when there is no page to ask, and when the step before it failed."""

import pytest

from app.cli.demo import verification
from app.cli.demo.expectation import Unexpected
from app.cli.demo.home import DemoHome
from app.cli.demo.scene import Scene


def test_a_code_that_nobody_knows_is_a_fault(bare: Scene) -> None:
    bare.keep("code", "K7Q2-9FXM-3TBW")
    bare.keep("text", "A text.")
    with pytest.raises(Unexpected, match="The page of K7Q2-9FXM-3TBW was not there"):
        verification.checked(bare)


def test_it_says_which_earlier_step_failed(home: DemoHome) -> None:
    with pytest.raises(Unexpected, match="The code of an earlier step is needed"):
        verification.checked(Scene(home))


def test_a_report_without_the_code_says_nothing_of_it() -> None:
    report = {"codes": [{"code": "K7Q2-9FXM-3TBW", "comparison": "same"}]}
    assert verification.comparison_of(report, "K7Q2-9FXM-3TBW") == "same"
    assert verification.comparison_of(report, "0000-0000-0000") == "unknown"
    assert verification.comparison_of([], "K7Q2-9FXM-3TBW") == "unknown"
