# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Text, literal, select

from app.domain.errors import EvidenceUnavailable
from app.storage.database import Database, storable


def test_the_writer_waits_for_the_disk(database: Database, engine: str) -> None:
    """Less than this loses acknowledged records when the power fails, which no killed process shows."""
    with database.writer() as connection:
        if engine == "sqlite":
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "1500ms"


def test_a_writing_transaction_takes_its_lock_at_once(database: Database, engine: str) -> None:
    """SQLite: one that reads first and writes later would fail when another wrote in between."""
    if engine == "sqlite":
        with database.writing(), pytest.raises(EvidenceUnavailable, match="SQLITE_BUSY"), database.writing():
            pass
    else:
        with database.writing() as first, database.writing() as second:
            assert first is not second


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.reading() as reader:
        count = "SELECT count(*) FROM worker"
        assert reader.exec_driver_sql(count).scalar() == 0
        with database.writing() as writer:
            writer.exec_driver_sql("INSERT INTO worker (id, beats) VALUES ('wrk_1', 0)")
        assert reader.exec_driver_sql(count).scalar() == 0
    with database.reading() as reader:
        assert reader.exec_driver_sql(count).scalar() == 1


def test_a_visitor_that_leaves_takes_nothing_along(database: Database, engine: str) -> None:
    """Another process that opens and closes the file must see that this one holds it, also after more connections were made here.

    Else it takes itself for the last one, deletes the write-ahead log, and what is written here afterwards is in no file.
    """
    if engine != "sqlite" or database.path is None:
        return
    with database.writer() as writer:
        with database.reading() as reader:  # a second connection of this process, opened after the first
            reader.exec_driver_sql("SELECT count(*) FROM worker").scalar()
        visit = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM worker'); c.close()"
        )
        subprocess.run([sys.executable, "-c", visit, str(database.path)], check=True)
        with writer.begin():
            writer.exec_driver_sql("INSERT INTO worker (id, beats) VALUES ('wrk_1', 0)")
        look = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT id FROM worker').fetchall())"
        seen = subprocess.run(
            [sys.executable, "-c", look, str(database.path)], check=True, capture_output=True, text=True
        )
    assert "wrk_1" in seen.stdout


def test_a_damaged_file_is_refused(database: Database, engine: str) -> None:
    database.check()
    if database.path is not None:
        assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO worker (id, beats) VALUES ('wrk_1', 0)")
        database.close()
        damage(database.path)
        with pytest.raises(EvidenceUnavailable):
            database.check()


@pytest.mark.parametrize(
    "address", ["mysql://user:geheim@host/name", "geheim", "", "postgresql+asyncpg://u:geheim@h/n"]
)
def test_another_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(EvidenceUnavailable, match="address of the database") as told:
        Database(address)
    assert "geheim" not in str(told.value)


def test_an_error_says_which_and_never_what(database: Database) -> None:
    with pytest.raises(EvidenceUnavailable) as told, database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO worker (id, beats) VALUES ('geheim', 0), ('geheim', 0)")
    assert "geheim" not in str(told.value)
    assert "23505" in str(told.value) or "SQLITE_CONSTRAINT" in str(told.value)


def test_a_server_that_is_not_there_is_told_of_with_what_to_look_at() -> None:
    database = Database("postgresql://wie:geheim@127.0.0.1:1/niets")
    with pytest.raises(EvidenceUnavailable) as told:
        database.check()
    assert "geheim" not in str(told.value)
    assert "WAARMERK_DATABASE names the right server, database, user and password" in told.value.remedy.en


def test_a_file_that_is_none_of_ours_is_told_of_with_what_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"geheim " * 1000)
    with pytest.raises(EvidenceUnavailable, match="SQLITE_NOTADB") as told:
        Database(f"sqlite:///{tmp_path / 'notes.txt'}").check()
    assert "the right file" in told.value.remedy.en


def test_a_file_that_cannot_be_made_is_told_of_with_what_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    for place in ("notes.txt/waarmerk.db", "notes.txt/deep/waarmerk.db"):
        with pytest.raises(EvidenceUnavailable, match="cannot be used") as told:
            Database(f"sqlite:///{tmp_path / place}").check()
        assert "the right file" in told.value.remedy.en


def damage(path: Path) -> None:
    """Overwrite every page but the first."""
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "fits"), [("", True), ("Anna de Vries-Ünal", True), ("\u200b\n", True), ("a\0", False), ("\ud800", False)]
)
def test_a_text_fits_on_both_engines_or_is_not_looked_for(database: Database, name: str, fits: bool) -> None:
    assert storable(name) == fits
    if fits:
        with database.reading() as connection:
            assert connection.scalar(select(literal(name, Text))) == name
