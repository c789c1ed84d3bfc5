# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each source file has its test at the mirrored path: `app/policy/rules.py` has `tests/app/policy/test_rules.py`."""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path

WITHOUT_A_TEST_OF_ITS_OWN = {
    "app/domain/json.py": "two names for shapes, no behaviour",
    "app/domain/generation.py": "a value without behaviour",
    "app/domain/record.py": "a value and a closed table; tests of evidence write every record",
    "app/domain/subject.py": "values without behaviour",
    "app/domain/ledger.py": "values and ports; tests of storage hold every adapter to them",
    "app/domain/manifest.py": "a port; a test of marking holds its adapter to it",
    "app/domain/keys.py": "ports; tests of keys hold every adapter to them",
    "app/marking/output.py": "minted types without behaviour; an import contract guards who mints them",
    "app/review/release.py": "a minted type without behaviour; an import contract guards who mints it",
    "app/domain/answer.py": "values and ports; tests of dialects and upstream hold every adapter to them",
}


def test_each_source_file_has_its_test(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    missing = []
    for path in tracked("app/*.py", "watermark/*.py"):
        source = path.relative_to(root)
        mirror = root / "tests" / mirror_of(source)
        excused = str(source) in WITHOUT_A_TEST_OF_ITS_OWN or is_only_a_docstring(path) or "migrations" in source.parts
        if not excused and not mirror.is_file():
            missing.append(f"{source}: {mirror.relative_to(root)} is missing")
    assert missing == []


def test_each_excuse_is_for_a_file_that_exists_and_has_no_test(root: Path) -> None:
    for name in WITHOUT_A_TEST_OF_ITS_OWN:
        assert (root / name).is_file(), name
        assert not (root / "tests" / mirror_of(Path(name))).is_file(), f"{name} needs no excuse"


def test_each_mirrored_test_has_its_source(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    """A renamed source file takes its test along, else the test proves something about a file nobody finds."""
    expected = {mirror_of(path.relative_to(root)) for path in tracked("app/*.py", "watermark/*.py")}
    orphans = [
        str(test.relative_to(root))
        for test in tracked("tests/app/*.py", "tests/watermark/*.py")
        if test.name.startswith("test_") and test.relative_to(root / "tests") not in expected
    ]
    assert orphans == []


def mirror_of(source: Path) -> Path:
    return source.with_name(f"test_{source.stem}.py")


def is_only_a_docstring(path: Path) -> bool:
    body = ast.parse(path.read_text()).body
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)
