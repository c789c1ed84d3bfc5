# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list of what a release holds is requirements.lock, no more and no less. `./dev sbom` checks it against the schema."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from deploy.sbom import bill

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"


@pytest.fixture(scope="module")
def listed() -> Mapping[str, Any]:
    return bill(LOCK)


def test_each_package_is_listed_with_its_version_and_the_hashes_of_its_files(listed: Mapping[str, Any]) -> None:
    found = {}
    for component in listed["components"]:
        [files] = component["externalReferences"]
        name = re.sub("[-_.]+", "-", component["name"]).lower()
        found[f"{name}=={component['version']}"] = {digest["content"] for digest in files["hashes"]}
    assert found == locked()


def test_each_package_states_its_licence(listed: Mapping[str, Any]) -> None:
    assert [component["name"] for component in listed["components"] if not component["licenses"]] == []


def test_what_needs_what_stays_within_the_list(listed: Mapping[str, Any]) -> None:
    references = {component["bom-ref"] for component in listed["components"]}
    needed = {row["ref"]: set(row["dependsOn"]) for row in listed["dependencies"]}
    assert set().union(*needed.values()) <= references
    assert any(reference.startswith("starlette==") for reference in needed[listed["metadata"]["component"]["bom-ref"]])


def test_the_same_release_gives_the_same_bytes(listed: Mapping[str, Any]) -> None:
    assert json.dumps(bill(LOCK), sort_keys=True) == json.dumps(listed, sort_keys=True)
    assert not {"serialNumber"} & listed.keys()
    assert "timestamp" not in listed["metadata"]


def test_it_names_no_address(listed: Mapping[str, Any]) -> None:
    assert "://" not in json.dumps({key: value for key, value in listed.items() if key != "$schema"})


def locked() -> dict[str, set[str]]:
    """What the lock says, read another way than the list reads it: line by line."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in LOCK.read_text().splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            name = line.split()[0].replace("[binary]", "")
            found[name] = set()
        elif "--hash=sha256:" in line:
            found[name].add(line.partition("sha256:")[2].rstrip(" \\"))
    return found
