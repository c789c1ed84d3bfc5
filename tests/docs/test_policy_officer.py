# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for policy officers, followed step by step on a copy of the example organisation."""

import shutil
from pathlib import Path

import pytest

from tests.docs.pages import blocks, follow
from tests.example import SHIPPED

pytestmark = pytest.mark.needs("bash")


async def test_a_contract_and_an_application_are_added_as_the_page_says(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "policies" / "example")
    home = {"WAARMERK_HOME": str(tmp_path / "none")}
    assert await follow(blocks("docs/policy-officer.md", "Add a contract and an application"), tmp_path, home) == 4
