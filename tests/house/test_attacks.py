# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list of attacks leaves none out, and what it points to is there."""

import ast
import re
from pathlib import Path

import pytest

ROW = re.compile(r"^\| ([AP]\d+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
ADMITTED = re.compile(r"\*([^*]+)\* in \[limitations\]")


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "attacks.md").read_text()


def test_no_attack_and_no_mistake_is_left_out(page: str) -> None:
    found = [name for name, _ in ROW.findall(page)]
    assert found == [*(f"A{number}" for number in range(1, 33)), *(f"P{number}" for number in range(1, 24))]


def test_each_row_says_what_stops_it_and_where_that_is_proved(page: str) -> None:
    for name, row in ROW.findall(page):
        cells = row.split(" | ")
        assert len(cells) == 3, name
        assert all(cell.strip() for cell in cells), name
        assert TEST.search(cells[2]) or re.search(r"\]\([\w/.-]+\.md\)", cells[2]), name


def test_every_test_that_is_named_is_there(root: Path, page: str) -> None:
    missing = [f"{file}::{name}" for file, name in TEST.findall(page) if name not in {"", *functions(root / file)}]
    assert missing == []
    assert len(TEST.findall(page)) > 80


def test_what_is_admitted_stands_among_the_limitations(root: Path, page: str) -> None:
    limitations = (root / "docs" / "limitations.md").read_text()
    missing = [said for said in ADMITTED.findall(page) if f"- **{said}" not in limitations]
    assert missing == []


def functions(file: Path) -> set[str]:
    """Names of the tests in this file; fails where there is no such file."""
    return {
        node.name
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }
