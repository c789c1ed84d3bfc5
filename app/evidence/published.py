# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the outside may have of a log: its latest checkpoint, and the files under it. Nothing that is not signed yet."""

from pathlib import Path

from app.domain.ledger import Checkpoints, LogReader
from app.evidence.checkpoint import Checkpoint, parse_checkpoint
from app.evidence.tiles import Tile, TileReader, tiles


class PublishedLog:
    """Reads as the outside reads. Blocking: call it off the event loop."""

    def __init__(self, reader: LogReader, checkpoints: Checkpoints) -> None:
        self._tiles = TileReader(reader)
        self._checkpoints = checkpoints

    def checkpoint(self, organisation: str) -> str | None:
        """The latest signed note; None when there is no such log or nothing was signed."""
        return self._checkpoints.latest(organisation)

    def read(self, organisation: str, tile: Tile) -> bytes | None:
        """The bytes of this file; None when the latest checkpoint does not reach that far."""
        note = self.checkpoint(organisation)
        if note is None or tile.end > _stated(note).size:
            return None
        return self._tiles.read(organisation, tile)

    def export(self, organisation: str, folder: Path) -> Checkpoint | None:
        """Write the log as it is served: `checkpoint` and `tile/`. None when nothing was signed.

        The checkpoint is written last: a folder that has one is complete.
        """
        note = self.checkpoint(organisation)
        if note is None:
            return None
        checkpoint = _stated(note)
        folder.mkdir(parents=True, exist_ok=True)
        for tile in tiles(checkpoint.size):
            path = folder / tile.address
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._tiles.read(organisation, tile))
        (folder / "checkpoint").write_bytes(note.encode())
        return checkpoint


def _stated(note: str) -> Checkpoint:
    """What our own note says: it was verified before it was stored."""
    return parse_checkpoint(note.rpartition("\n\n")[0] + "\n")
