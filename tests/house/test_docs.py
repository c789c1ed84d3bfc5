# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Documents lead somewhere, and say what the code does."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def test_no_relative_link_is_dead(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    assert [f"{page.relative_to(root)}: {link}" for page in tracked("*.md") for link in dead_links(page)] == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One thing\n[up](page.md#one-thing) [x](gone.md) [y](#no-heading) [z](page.md#nor-this) `[c](code.md)`"
    )
    assert list(dead_links(page)) == ["gone.md", "#no-heading", "page.md#nor-this"]


def test_every_page_that_the_code_names_is_there(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    named = {
        (str(path.relative_to(root)), name)
        for path in tracked("app/*", "watermark/*", "policies/*", "tests/*", "pyproject.toml")
        for name in re.findall(r"(?<![\w./-])docs/[\w/.-]*\w", path.read_text(errors="replace"))
    }
    assert sorted((where, name) for where, name in named if not any(root.glob(f"{name}*"))) == []


def test_the_way_of_a_call_is_told_in_the_order_it_is_walked(root: Path) -> None:
    told = re.findall(r"^\d+\. \*\*`(\w+)`\*\*", (root / "docs" / "architecture.md").read_text(), re.MULTILINE)
    tree = ast.parse((root / "app" / "pipeline.py").read_text())
    handle = next(node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef) and node.name == "handle")
    calls = sorted((node for node in ast.walk(handle) if isinstance(node, ast.Call)), key=lambda call: call.lineno)
    walked = [ast.unparse(call.func).rpartition(".")[2].lstrip("_") for call in calls]
    assert len(told) > 8
    assert [name for name in walked if name in told] == told


def test_the_table_of_rooms_is_complete(root: Path) -> None:
    told = set(re.findall(r"^\| `(app/[\w.]+)` \|", (root / "docs" / "architecture.md").read_text(), re.MULTILINE))
    rooms = {f"app/{folder.name}" for folder in (root / "app").iterdir() if (folder / "__init__.py").is_file()}
    assert {name for name in told if not name.endswith(".py")} == rooms
    assert all((root / name).exists() for name in told)


def test_every_decision_is_on_the_list(root: Path) -> None:
    folder = root / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert listed == sorted(page.name for page in folder.glob("[0-9]*.md"))


def test_the_changelog_has_this_version(root: Path, pyproject: dict[str, Any]) -> None:
    version = pyproject["project"]["version"]
    headings = re.findall(r"^## \[?([\w.]+)", (root / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert version in headings


def dead_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(CODE.sub("", page.read_text())):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if re.match(r"[a-z]+:", link):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
