# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The last checkpoint that was signed, beside the database and not in it: an older database cannot pass for the newest."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote


class FileAnchor:
    """One file per organisation in a folder that no backup of the database restores. Adapter of `app.domain.ledger.Anchor`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def latest(self, organisation: str) -> str | None:
        """The last note, as kept here; None before the first."""
        try:
            return self._path(organisation).read_bytes().decode(errors="replace")
        except FileNotFoundError:
            return None

    def put(self, organisation: str, note: str) -> None:
        """Replace the note in one step: after a power cut there is the old one or the new one."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(organisation)
        # A name of its own: workers of several containers, each with the same pid, may write here.
        with NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as file:
            fresh = Path(file.name)
            try:
                file.write(note.encode())
                file.flush()
                os.fsync(file.fileno())
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _path(self, organisation: str) -> Path:
        return self._folder / f"{quote(organisation, safe='')}.checkpoint"
