# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What no file of the repository may say: paths of one machine, addresses of package registries, work left undone."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

# Each pattern is written so that it does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|Users|home/(?!nonroot)\w+)/|\.\./shared")
REGISTRY = re.compile(r"pypi\.(?:org|python)|python[h]osted|npmjs\.(?:org|com)|deb\.debian\.[o]rg|crates\.i[o]\b")
UNDONE = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b|NotImplemented[E]rror")


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY, UNDONE], ids=["machine path", "registry", "undone"])
def test_no_file_says(pattern: re.Pattern[str], root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    found = []
    for path in tracked(":!LICENSE", ":!LICENSES"):
        text = path.read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(root)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "bench/requirements.lock"])
def test_a_lock_names_versions_and_hashes_and_no_addresses(name: str, root: Path) -> None:
    text = (root / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) > 10
    assert [
        entry.split()[0] for entry in entries if not re.match(r"[\w.\[\]-]+==\S+ .*?--hash=sha256:", entry, re.DOTALL)
    ] == []


def test_what_runs_in_production_is_what_was_tested(root: Path) -> None:
    pins = {name: pinned(root / name) for name in ("requirements.lock", "requirements-dev.lock")}
    assert pins["requirements.lock"].items() <= pins["requirements-dev.lock"].items()


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", lock.read_text(), re.MULTILINE))
