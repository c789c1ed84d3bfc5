# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The audit of a log in a folder: checkpoint and tiles as they are served, without the database they came from."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from app.evidence.checkpoint import open_checkpoint
from app.evidence.note import NoteInvalid
from app.evidence.tiles import ENTRIES, WIDTH, Tile, tiles, unbundle
from app.evidence.verify import Audit, Discrepancy, Report, Trust

_LONGEST_NOTE = 65_536


def verify_folder(folder: Path, organisation: str, trust: Trust, *, kept: Iterable[str] = ()) -> Report:
    """Audit every byte of the export of one log. What the checkpoint needs and is not there is a discrepancy."""
    try:
        with (folder / "checkpoint").open("rb") as file:
            note = file.read(_LONGEST_NOTE).decode()
        size = open_checkpoint(note, trust.keys, trust.check).size
    except (OSError, UnicodeDecodeError, NoteInvalid) as error:
        sentence = f"There is no checkpoint that can be trusted: {_said(error)}."
        return Report(organisation, 0, "", 0, 0, 0, (Discrepancy(None, sentence),))
    with closing(Audit(organisation, [(size, note)], trust, kept)) as audit:
        _Files(folder, audit).walk(size)
        return audit.finish()


class _Files:
    """Reads the bundles in order, and holds every tile against the hashes of what it read."""

    def __init__(self, folder: Path, audit: Audit) -> None:
        self._folder = folder
        self._audit = audit
        self._rows: list[list[bytes]] = []
        self._done: list[int] = []

    def walk(self, size: int) -> None:
        for tile in tiles(size):
            if tile.level != ENTRIES:
                break
            self._bundle(tile)
        for level, row in enumerate(self._rows):
            if row:
                self._compare(Tile(level, self._done[level], len(row)), row)

    def _bundle(self, tile: Tile) -> None:
        data = self._read(tile)
        try:
            entries = list(unbundle(data))
        except ValueError as error:
            entries = []
            self._audit.note(tile.index * WIDTH, f"{tile.address}: {error}.")
        if data and len(entries) != tile.width:
            self._audit.note(tile.index * WIDTH, f"{tile.address} holds {len(entries)} entries, not {tile.width}.")
        for place, entry in enumerate(entries[: tile.width]):
            self._add(0, self._audit.entry(tile.index * WIDTH + place, entry))

    def _add(self, level: int, digest: bytes) -> None:
        if level == len(self._rows):
            self._rows.append([])
            self._done.append(0)
        row = self._rows[level]
        row.append(digest)
        if len(row) == WIDTH:
            self._compare(Tile(level, self._done[level]), row)
            self._add(level + 1, _root(row))
            self._rows[level] = []
            self._done[level] += 1

    def _compare(self, tile: Tile, row: Sequence[bytes]) -> None:
        data, expected = self._read(tile), b"".join(row)
        if not data or data == expected:
            return
        place = next((at for at, digest in enumerate(row) if data[at * 32 : at * 32 + 32] != digest), len(row))
        first = (tile.index * WIDTH + place) * WIDTH**tile.level
        self._audit.note(
            first,
            f"{tile.address} does not hold the hashes of the entries: the first that differs is of entry {first}.",
        )

    def _read(self, tile: Tile) -> bytes:
        try:
            data = (self._folder / tile.address).read_bytes()
        except OSError:
            data = b""
        if not data:
            self._audit.note(tile.index * WIDTH ** (max(tile.level, 0) + 1), f"{tile.address} is missing.")
        return data


def _root(row: Sequence[bytes]) -> bytes:
    """Root of a full tile: 256 hashes, joined in pairs eight times."""
    level = list(row)
    while len(level) > 1:
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


def _said(error: Exception) -> str:
    if isinstance(error, NoteInvalid):
        return str(error)
    return "the file cannot be read" if isinstance(error, OSError) else "the file is not text"
