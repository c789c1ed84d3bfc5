# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is loaded late is there, is loaded late, and is missed before anything is served."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from app.cli.libraries import LATER, missing

ROOT = Path(__file__).parents[3]
OURS = {"app", "policies", "watermark"}
DEMO = {"openai", "xllamacpp"}
"""It says itself that it needs them."""


def test_all_are_installed_here() -> None:
    assert missing() == []
    assert missing(("json", "no_such_library")) == ["no_such_library"]


def test_the_list_names_whatever_a_function_imports() -> None:
    """Itself, or by a module of ours that it imports."""
    found: set[str] = set()
    for path in (*ROOT.glob("app/**/*.py"), *ROOT.glob("watermark/**/*.py")):
        for name in _imported(_functions_of(path)):
            module = ROOT / (name.replace(".", "/") + ".py")
            found |= _imported([ast.parse(module.read_text())]) if module.exists() else {name}
    guests = {name.partition(".")[0] for name in found} - sys.stdlib_module_names - OURS - DEMO
    assert guests >= set(LATER)
    assert guests - _loaded_at_start() == set(LATER)


def test_a_process_that_serves_calls_has_loaded_none() -> None:
    assert not _loaded_at_start() & set(LATER)


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_nothing_is_served_without_one(command: str, tmp_path: Path) -> None:
    program = f"import sys; sys.modules['segno'] = None; from app.__main__ import main; main(['{command}'])"
    home = {**os.environ, "WAARMERK_HOME": str(tmp_path / "home")}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=home, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "ot installed: segno" in ended.stdout + ended.stderr


@cache
def _loaded_at_start() -> set[str]:
    program = "import sys, app.main; print(*{name.partition('.')[0] for name in sys.modules})"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(said.stdout.split())


def _functions_of(path: Path) -> Iterator[ast.AST]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _imported(trees: Iterable[ast.AST]) -> set[str]:
    nodes = [node for tree in trees for node in ast.walk(tree)]
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return whole | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
