# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""REUSE 3.3: every file says under which licence it is, itself or through REUSE.toml."""

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

COPYRIGHT, LICENCE = (line.removeprefix("# ") for line in Path(__file__).read_text().splitlines()[:2])


def test_every_file_says_its_licence(root: Path, tracked: Callable[..., Sequence[Path]]) -> None:
    covered = covered_by_reuse_toml(root)
    silent = []
    for path in tracked():
        name = str(path.relative_to(root))
        if name == "LICENSE" or name.startswith("LICENSES/"):
            continue
        top = path.read_bytes()[:400].decode("utf-8", "replace")
        if not (COPYRIGHT in top and LICENCE in top) and not covered.fullmatch(name):
            silent.append(name)
    assert silent == []


def test_the_licence_text_is_where_both_readers_look(root: Path) -> None:
    """The forge reads LICENSE, REUSE reads LICENSES/."""
    text = (root / "LICENSES" / "EUPL-1.2.txt").read_text()
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert (root / "LICENSE").read_text() == text


def covered_by_reuse_toml(root: Path) -> re.Pattern[str]:
    """REUSE.toml's globs: `*` stays within a folder, `**` does not, and `**/` also matches nothing."""
    globs = [
        glob for entry in tomllib.loads((root / "REUSE.toml").read_text())["annotations"] for glob in entry["path"]
    ]
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile(
        "|".join(re.sub(r"\*\*/|\*\*|\*|[^*]+", lambda m: parts.get(m[0]) or re.escape(m[0]), g) for g in globs)
    )
