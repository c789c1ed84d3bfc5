# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A receipt: proof that one entry stands in the signed log (RFC 9162 2.1.3), made from what the log publishes about itself.

It holds the hash of the entry, not the entry: entries are for auditors. Whoever keeps a receipt holds the log to this entry for ever.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import EvidenceInconsistent
from app.domain.json import Json
from app.domain.ledger import LogReader, TreeHead
from app.evidence.checkpoint import Checkpoint, parse_checkpoint
from app.evidence.proof import verify_inclusion
from app.evidence.published import PublishedLog
from app.evidence.tiles import WIDTH, Tile
from app.evidence.tree import fold, leaf, node, root

_HASH = 32
_LEVEL = WIDTH.bit_length() - 1
"""Levels of the tree that a tile covers."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry stands in the log as it was signed, and the way from there to the root."""

    record: str
    """Id of its record."""
    index: int
    leaf: bytes
    """32 bytes: SHA-256 of 0x00 and the bytes of the entry."""
    size: int
    """Of the log at that checkpoint."""
    path: tuple[bytes, ...]
    """The audit path, lowest first."""
    checkpoint: str
    """The signed note (C2SP tlog-checkpoint)."""

    def document(self) -> Mapping[str, Json]:
        """As it is handed out; hashes in base64, as in the checkpoint."""
        return {
            "record": self.record,
            "index": self.index,
            "leaf": _encode(self.leaf),
            "size": self.size,
            "path": [_encode(step) for step in self.path],
            "checkpoint": self.checkpoint,
        }


class Receipts:
    """Makes receipts. Blocking: call it off the event loop."""

    def __init__(self, reader: LogReader, published: PublishedLog) -> None:
        self._reader = reader
        self._published = published

    def of(self, organisation: str, record: str) -> Receipt | None:
        """The receipt under the latest checkpoint; None as long as no checkpoint covers this record.

        Raises `EvidenceInconsistent` when the entries do not lead to the root that was signed: then there is no proof to give.
        """
        note, entry = self._published.checkpoint(organisation), self._reader.entry(organisation, record)
        if note is None or entry is None:
            return None
        signed = parse_checkpoint(note.rpartition("\n\n")[0] + "\n")
        index, data = entry
        if index >= signed.size:
            return None
        path = tuple(_Hashes(self._published, organisation, signed).path(index, 0, signed.size))
        if not verify_inclusion(leaf(data), index, signed.size, path, signed.root):
            raise EvidenceInconsistent
        return Receipt(record, index, leaf(data), signed.size, path, note)


class _Hashes:
    """The tree up to a checkpoint, read tile by tile, each tile once."""

    def __init__(self, published: PublishedLog, organisation: str, signed: Checkpoint) -> None:
        self._published = published
        self._organisation = organisation
        self._size = signed.size
        self._tiles: dict[tuple[int, int], bytes] = {}

    def path(self, index: int, begin: int, end: int) -> list[bytes]:
        """The audit path of a leaf within a subtree (RFC 9162 2.1.3.1)."""
        if end - begin == 1:
            return []
        middle = begin + _split(end - begin)
        if index < middle:
            return [*self.path(index, begin, middle), self._root(middle, end)]
        return [*self.path(index, middle, end), self._root(begin, middle)]

    def _root(self, begin: int, end: int) -> bytes:
        """Of a subtree: from one tile when it is perfect, else from its two parts."""
        leaves = end - begin
        if leaves.bit_count() > 1:
            middle = begin + _split(leaves)
            return node(self._root(begin, middle), self._root(middle, end))
        level, depth = divmod(leaves.bit_length() - 1, _LEVEL)
        index, place = divmod(begin >> level * _LEVEL, WIDTH)
        hashes = self._tile(level, index)[place * _HASH : (place + (1 << depth)) * _HASH]
        return root(fold(TreeHead(), [hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)]))

    def _tile(self, level: int, index: int) -> bytes:
        """As wide as the checkpoint has it."""
        if (level, index) not in self._tiles:
            width = min(WIDTH, (self._size >> level * _LEVEL) - index * WIDTH)
            self._tiles[level, index] = self._published.read(self._organisation, Tile(level, index, width)) or b""
        return self._tiles[level, index]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
