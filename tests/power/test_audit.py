# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The audit finds every kind of fault that it names: what it does not see, no test beside it can show."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.power.audit import faults
from tests.power.writer import ROUND, commit, ledger_on, opened


@pytest.fixture
async def written(empty: bytes, tmp_path: Path) -> tuple[Path, Sequence[str]]:
    """A database of one round and an open call, and its records."""
    file = tmp_path / "waarmerk.db"
    file.write_bytes(empty)
    database = opened(file)
    async with ledger_on(database) as ledger:
        records = [record for number in range(ROUND + 1) for record in await commit(ledger, number)]
    database.close()
    return file, records


def test_a_database_as_it_was_written(written: tuple[Path, Sequence[str]], empty: bytes, tmp_path: Path) -> None:
    assert faults(*written) == []
    (tmp_path / "empty.db").write_bytes(empty)
    assert faults(tmp_path / "empty.db", []) == []


@pytest.mark.parametrize(
    ("kinds", "harm"),
    [
        ({"lost", "head", "half"}, 'DELETE FROM log_entry WHERE "index" = 6'),
        ({"lost", "head", "gap"}, 'DELETE FROM log_entry WHERE "index" = 0'),
        ({"row", "head"}, "UPDATE log_entry SET bytes = CAST(replace(bytes, '_1', '_0') AS BLOB) WHERE \"index\" = 2"),
        ({"head"}, "UPDATE log_head SET size = 6"),
        ({"head"}, "UPDATE log_head SET nodes = zeroblob(96)"),
        ({"head"}, "DELETE FROM log_head"),
        ({"half"}, "DELETE FROM exchange WHERE id = 'exc_0001_0'"),
        ({"half"}, "UPDATE exchange SET state = 'open' WHERE id = 'exc_0000_1'"),
        ({"half"}, "UPDATE exchange SET salt = zeroblob(32) WHERE id = 'exc_0000_1'"),
        ({"half"}, "DELETE FROM content"),
    ],
)
def test_a_database_that_was_harmed(kinds: set[str], harm: str, written: tuple[Path, Sequence[str]]) -> None:
    file, records = written
    with closing(sqlite3.connect(file)) as database, database:
        assert database.execute(harm).rowcount == 1
    assert {fault.partition(":")[0] for fault in faults(file, records)} == kinds


def test_a_page_that_is_gone(written: tuple[Path, Sequence[str]]) -> None:
    file, records = written
    data = file.read_bytes()
    file.write_bytes(data[:8192] + bytes(4096) + data[12288:])
    assert [fault.partition(":")[0] for fault in faults(file, records)] == ["damaged"]
