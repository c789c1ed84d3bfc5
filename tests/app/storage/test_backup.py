# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import EvidenceUnavailable
from app.storage.backup import backup_sqlite
from app.storage.database import Database
from app.storage.migrate import require_current, upgrade
from tests.app.storage.conftest import NewUrl, OpenLedger
from tests.storage_units import a_record, write, written


@pytest.fixture
def source(new_url: NewUrl) -> Iterator[Database]:
    database = Database(new_url("sqlite"))
    upgrade(database)
    yield database
    database.close()


async def test_a_copy_is_of_one_moment_and_complete(source: Database, open_ledger: OpenLedger, tmp_path: Path) -> None:
    ledger = await open_ledger(source)
    for _ in range(50):
        await write(ledger, a_record())
    assert source.path is not None
    backup_sqlite(source.path, tmp_path / "copy.db")
    before = written(source)
    await write(ledger, a_record())
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    require_current(copy)
    assert written(copy) == before
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    copy.close()


def test_an_older_backup_is_never_replaced(source: Database, tmp_path: Path) -> None:
    assert source.path is not None
    (tmp_path / "copy.db").write_text("older")
    with pytest.raises(EvidenceUnavailable, match="File exists"):
        backup_sqlite(source.path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "older"
    assert list(tmp_path.glob("*.partial")) == []


def test_what_is_not_there_has_no_backup(tmp_path: Path) -> None:
    with pytest.raises(EvidenceUnavailable):
        backup_sqlite(tmp_path / "none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_has_no_backup(source: Database, tmp_path: Path) -> None:
    assert source.path is not None
    source.close()
    damage(source.path)
    with pytest.raises(EvidenceUnavailable):
        backup_sqlite(source.path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def damage(path: Path) -> None:
    """Overwrite every page but the first."""
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
