# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The static files of a log (C2SP tlog-tiles): tiles of 256 hashes, bundles of 256 entries, and their addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from app.domain.ledger import LogReader, TreeHead
from app.evidence.tree import fold, leaf, root

WIDTH = 256
ENTRIES = -1
"""The level of entry bundles: they lie where a level below 0 would lie."""
_ADDRESS = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)
_HIGHEST_LEVEL = 63
_LONGEST_ADDRESS = 64


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of the log: level `ENTRIES` or 0 to 63, its index in that level, and how many of its 256 places are filled."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def address(self) -> str:
        """Path under the log: `tile/0/x001/x234/067`, `tile/entries/000.p/44`."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        suffix = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{suffix}"

    @property
    def end(self) -> int:
        """Size a log must have for this tile to exist."""
        return int((self.index * WIDTH + self.width) * WIDTH ** max(self.level, 0))


def parse_address(address: str) -> Tile | None:
    """The tile at this address, or None: an address has one spelling only."""
    match = _ADDRESS.fullmatch(address) if len(address) <= _LONGEST_ADDRESS else None
    if match is None:
        return None
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("/", "").replace("x", ""))
    tile = Tile(level, index, int(match["width"] or WIDTH))
    return tile if level <= _HIGHEST_LEVEL and tile.address == address else None


def tiles(size: int) -> Iterator[Tile]:
    """Every file of hashes and entries of a log of this size."""
    yield from _level(ENTRIES, size)
    level, filled = 0, size
    while filled:
        yield from _level(level, filled)
        level, filled = level + 1, filled // WIDTH


def _level(level: int, filled: int) -> Iterator[Tile]:
    for index in range(filled // WIDTH):
        yield Tile(level, index)
    if filled % WIDTH:
        yield Tile(level, filled // WIDTH, filled % WIDTH)


def bundle(entries: list[bytes]) -> bytes:
    """Entries with their lengths before them, as uint16 (tlog-tiles, log entries)."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unbundle(data: bytes) -> Iterator[bytes]:
    """The entries of a bundle. Raises `ValueError` when it ends in the middle of one."""
    place = 0
    while place < len(data):
        start = place + 2
        place = start + int.from_bytes(data[place:start])
        if place > len(data) or start > len(data):
            raise ValueError("a bundle of entries ends in the middle of an entry")
        yield data[start:place]


class TileReader:
    """Makes the files of a log from its entries. Roots of full tiles never change, so they are computed once (32 bytes per 256)."""

    def __init__(self, reader: LogReader) -> None:
        self._reader = reader
        self._roots: dict[tuple[str, int, int], bytes] = {}

    def read(self, organisation: str, tile: Tile) -> bytes:
        """The bytes of a tile or bundle. Raises `ValueError` when the log is too short for it."""
        if tile.level == ENTRIES:
            return bundle(self._entries(organisation, tile))
        return b"".join(self._hashes(organisation, tile))

    def _entries(self, organisation: str, tile: Tile) -> list[bytes]:
        rows = self._reader.entries(organisation, tile.index * WIDTH)
        found = [data for _, _, data in islice(rows, tile.width)]
        if len(found) != tile.width:
            raise ValueError(f"the log is too short for {tile.address}")
        return found

    def _hashes(self, organisation: str, tile: Tile) -> list[bytes]:
        if tile.level == 0:
            return [leaf(entry) for entry in self._entries(organisation, tile)]
        first = tile.index * WIDTH
        return [self._root(organisation, tile.level - 1, first + place) for place in range(tile.width)]

    def _root(self, organisation: str, level: int, index: int) -> bytes:
        key = organisation, level, index
        if key not in self._roots:
            self._roots[key] = root(fold(TreeHead(), self._hashes(organisation, Tile(level, index))))
        return self._roots[key]
