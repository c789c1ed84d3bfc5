# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A task whose content is kept: nothing readable lies anywhere, and what was erased lies nowhere at all."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.example import copy_of_the_example
from tests.fake_upstream import FakeUpstream
from tests.installation import Installation
from tests.operations.calling import ANSWER, PROMPT, ask, edit

KEPT = """
    structured: true
    keep: {days: 30, content: true, selection_list: "Selectielijst gemeenten 2020, categorie 1.1 (voorbeeld)"}
"""


async def test_kept_content_is_sealed_and_erased_content_is_gone(tmp_path: Path, upstream: FakeUpstream) -> None:
    folder = copy_of_the_example(tmp_path / "policies")
    edit(folder / "applications" / "balie.yaml", "\n    structured: true\n", KEPT)
    async with Installation(tmp_path / "home", upstream.port, policies=str(folder)) as waarmerk:
        assert (await ask(waarmerk, waarmerk.key())).status_code == 200
        assert waarmerk.records("exchange:opened")[0]["content_kept"] is True
        sealed = rows(waarmerk, "SELECT kind, wrapped_key, ciphertext FROM content ORDER BY kind")
        salts = rows(waarmerk, "SELECT salt FROM exchange")
        assert [row[0] for row in sealed] == ["output", "prompt"]
        pieces = [*(piece for row in sealed for piece in row[1:]), *(row[0] for row in salts)]
        for text in (PROMPT, ANSWER):
            assert found(waarmerk, text.encode()) == []
        for piece in pieces:
            assert found(waarmerk, piece) != []

        assert "Erased what was kept of 0 calls." in await waarmerk.command("evidence", "erase")
        assert rows(waarmerk, "SELECT count(*) FROM content") == [(2,)]
        rows(waarmerk, "UPDATE exchange SET erase_after = '2026-01-01'")  # its term has ended
        assert "Erased what was kept of 1 call." in await waarmerk.command("evidence", "erase")

        assert rows(waarmerk, "SELECT count(*) FROM content") == [(0,)]
        for piece in pieces:
            assert found(waarmerk, piece) == []
        assert len(waarmerk.records("content:erased")) == 1
        assert "IN ORDER" in await waarmerk.command("evidence", "verify")
        assert (await ask(waarmerk, waarmerk.key())).status_code == 200


def rows(waarmerk: Installation, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(waarmerk.home / "waarmerk.db", timeout=60)) as database, database:
        return database.execute(statement).fetchall()


def found(waarmerk: Installation, piece: bytes) -> list[str]:
    """The files in which these bytes lie."""
    return [path.name for path, data in waarmerk.kept().items() if piece in data]
