# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""No lock goes back below a version that was mended: pyproject.toml has the floors and why."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def floors(pyproject: dict[str, Any]) -> Mapping[str, Mapping[str, str]]:
    return dict(pyproject["tool"]["waarmerk"]["security-floors"])


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_locked_below_its_floor(lock: str, root: Path, floors: Mapping[str, Mapping[str, str]]) -> None:
    assert below((root / lock).read_text(), floors) == []


def test_a_version_below_its_floor_is_seen(floors: Mapping[str, Mapping[str, str]]) -> None:
    assert below("h11==0.9.0 \\\nstarlette==1.10.0 \\\naiohttp[speedups]==3.14.2 \\\n", floors) == [
        f"h11 0.9.0: {floors['h11']['because']}",
        f"aiohttp 3.14.2: {floors['aiohttp']['because']}",
    ]


def test_each_floor_says_which_vulnerability(floors: Mapping[str, Mapping[str, str]]) -> None:
    assert [name for name, floor in floors.items() if not re.match(r"(CVE-\d{4}-\d+|GHSA-\w)", floor["because"])] == []


def test_what_forms_are_parsed_with_is_not_there(root: Path) -> None:
    """No route takes a form with files, so nothing that parses one is installed."""
    assert "python-multipart" not in (root / "requirements.lock").read_text()


def below(lock: str, floors: Mapping[str, Mapping[str, str]]) -> Sequence[str]:
    """Packages of a lock that are older than they may be."""
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", lock, re.MULTILINE)
    return [
        f"{name} {version}: {floors[name]['because']}"
        for name, version in pins
        if name in floors and Version(version) < Version(floors[name]["at-least"])
    ]
