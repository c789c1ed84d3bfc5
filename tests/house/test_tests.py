# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a test may not do: replace our own code, be skipped, or be unable to fail."""

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

FORBIDDEN_IMPORTS = {"unittest.mock", "mock", "pytest_mock", "freezegun", "time_machine"}
FORBIDDEN_NAMES = {
    "monkeypatch.setattr": "our own code is never replaced under test: a fake is a real adapter of the port",
    "monkeypatch.setitem": "our own code is never replaced under test: a fake is a real adapter of the port",
    "pytest.mark.skip": "a test that does not run proves nothing",
    "pytest.mark.skipif": "a test that does not run proves nothing",
    "pytest.mark.xfail": "a test that may fail proves nothing",
    "pytest.skip": "a test that does not run proves nothing",
    "pytest.xfail": "a test that may fail proves nothing",
    "pytest.importorskip": "a test that does not run proves nothing",
}


def test_tests_keep_to_what_a_test_may_do(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    faults = []
    for path in tracked("tests/*.py"):
        for line, fault in faults_in(ast.parse(path.read_text())):
            faults.append(f"{path.relative_to(root)}:{line}: {fault}")
    assert faults == []


def test_each_fault_is_seen() -> None:
    source = """
from unittest.mock import Mock
import unittest.mock
@pytest.mark.skipif(True)
def test_nothing(monkeypatch):
    monkeypatch.setattr(app, "name", None)
    pytest.skip("today")
    assert True
"""
    assert [line for line, _ in faults_in(ast.parse(source))] == [2, 3, 4, 6, 7, 8]


def faults_in(tree: ast.Module) -> list[tuple[int, str]]:
    return sorted(fault for node in ast.walk(tree) for fault in faults_of(node))


def faults_of(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Import(names=names):
            yield from ((node.lineno, f"imports {name.name}") for name in names if name.name in FORBIDDEN_IMPORTS)
        case ast.ImportFrom(module=str(module)) if module in FORBIDDEN_IMPORTS:
            yield node.lineno, f"imports {module}"
        case ast.Attribute() if (name := ast.unparse(node)) in FORBIDDEN_NAMES:
            yield node.lineno, f"{name}: {FORBIDDEN_NAMES[name]}"
        case ast.Assert(test=ast.Constant()):
            yield node.lineno, "an assertion that cannot fail"
        case _:
            pass
