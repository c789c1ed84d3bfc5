# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table as an auditor gets it: a page, or JSON. It needs a policy and nothing else."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.domain.control import Control
from tests.commands import Commands

DAY = ("--date", "2026-12-01")


@pytest.fixture
def run(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "home")


def test_the_page_has_a_section_for_each_door_and_a_row_for_each_control(run: Commands) -> None:
    page = run("coverage", *DAY).output
    sections = page.split("\n## ")
    assert [section.partition("\n")[0] for section in sections[1:3]] == [
        "`POST /v1/chat/completions`",
        "`GET /v1/chat/completions/{name}`",
    ]
    assert all(section.count("\n| **") == len(Control) for section in sections[1:-1])
    assert "`balie-chat` (citizen-chat), `balie-redactie` (assistive)\n" in page
    assert "refused: `obligation-unsupported`" in page
    assert not run.home.exists()


def test_programs_get_every_case_by_itself(run: Commands) -> None:
    cases = json.loads(run("coverage", "--json", *DAY).output)
    (case,) = (each for each in cases if asked(each) == ("balie-concept", True, "several", "data"))
    assert (case["method"], case["route"], case["operation"]) == (
        "POST",
        "/v1/chat/completions",
        "openai.chat.completions",
    )
    assert case["controls"]["envelope"] == {"status": "ran"}
    assert case["controls"]["label"]["status"] == "not applicable"
    assert case["controls"]["label"]["why"].startswith("no prose")
    assert list(case["controls"]) == [control.slug for control in Control]


def asked(case: Mapping[str, Any]) -> tuple[Any, ...]:
    return case["task"], case["stream"], case["choices"], case["answer"]


def test_on_a_later_day_policy_says_otherwise(run: Commands) -> None:
    page = run("coverage", "--date", "2040-01-01").output
    assert "n/a (f)" not in page.partition("## `GET")[0]
    assert page.count("refused: `denied`") > page.count("obligation-unsupported")


def test_a_policy_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "notes.yaml").write_text("a: 1")
    run = Commands(tmp_path / "home", policies=str(tmp_path / "policies"))
    assert "policy" in run("coverage", status=1).output
