# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A copy of a SQLite file while it is in use: the online backup API, never a copy of the file (its WAL would be missing)."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.domain.errors import EvidenceUnavailable
from app.domain.text import LocalText
from app.storage.database import damaged, unavailable


def backup_sqlite(source: Path, target: Path) -> None:
    """Copy the database as of one moment to a new file, readable for its owner only; durable when this returns.

    Raises `EvidenceUnavailable` when the source cannot be read, the copy is not whole, or the target exists.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            _copy(source, partial)
            os.link(partial, target)  # unlike a rename, this never takes the place of an older backup
        finally:
            partial.unlink()
        _sync(target.parent)
    except sqlite3.Error as error:
        raise unavailable(error) from None
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise EvidenceUnavailable(
            LocalText(nl=f"De back-up is niet gemaakt: {said}.", en=f"The backup was not made: {said}.")
        ) from None


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reader,
        closing(sqlite3.connect(target)) as writer,
    ):
        reader.backup(writer)
        said = writer.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise damaged(said)
        writer.execute("PRAGMA journal_mode = DELETE")  # a copy is one file; it is opened in WAL again when it serves
    _sync(target)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
