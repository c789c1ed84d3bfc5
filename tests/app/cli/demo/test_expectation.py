# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from app.cli.demo.expectation import Unexpected, expect


def test_what_is_expected_happens_or_the_step_says_so() -> None:
    expect(True, "nothing is wrong")
    with pytest.raises(Unexpected, match="something is wrong"):
        expect(False, "something is wrong")
