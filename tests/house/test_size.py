# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A function fits on a card and a file is read in a sitting. The limits here are where drift has become a fault."""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
NAMES_WITHOUT_A_MEANING = {"utils", "helpers", "common", "core", "base", "constants", "manager", "misc"}


def test_no_file_is_longer_than_a_sitting(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    lengths = {str(path.relative_to(root)): len(path.read_text().splitlines()) for path in tracked("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_card(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    too_long = {}
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    too_long[f"{path.relative_to(root)}:{node.lineno} {node.name}"] = lines
    assert too_long == {}


def test_every_file_has_a_name_that_says_something(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    names = {part for path in tracked("*.py") for part in path.relative_to(root).with_suffix("").parts}
    assert names & NAMES_WITHOUT_A_MEANING == set()
