# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledger import TreeHead
from app.evidence.tiles import ENTRIES, Tile, TileReader, bundle, parse_address, tiles, unbundle
from app.evidence.tree import fold, leaf, root
from tests.memory_log import ORGANISATION, MemoryLog, story


def test_a_log_of_70000_entries_has_the_files_of_the_specification() -> None:
    files = list(tiles(70_000))
    shape = {
        (tile.level, tile.width): sum(1 for other in files if (other.level, other.width) == (tile.level, tile.width))
        for tile in files
    }
    assert shape == {(-1, 256): 273, (-1, 112): 1, (0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}


def test_a_log_of_256_entries_has_a_full_tile_and_one_hash_above_it() -> None:
    assert [tile.address for tile in tiles(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles(0)) == []


@pytest.mark.parametrize(
    ("tile", "address"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(ENTRIES, 0, 44), "tile/entries/000.p/44"),
        (Tile(63, 999), "tile/63/999"),
        (Tile(1, 1000, 255), "tile/1/x001/000.p/255"),
    ],
)
def test_addresses_are_those_of_the_specification(tile: Tile, address: str) -> None:
    assert tile.address == address
    assert parse_address(address) == tile


@given(st.integers(-1, 63), st.integers(0, 10**15), st.integers(1, 256))
def test_every_address_is_read_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert parse_address(tile.address) == tile


@pytest.mark.parametrize(
    "address",
    [
        "", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000",
        "tile/entry/000", "tile/0/x000/000", "tile/0/001/000", "tile/0/x01/000", "tile/0/x001/x000", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/000/p/1", "/tile/0/000",
        "tile/0/000\n", "tile/0/\u0660\u0660\u0660", "tile/0/../000", "tile/0/" + "x001/" * 40 + "000",
    ],
)  # fmt: skip
def test_an_address_has_one_spelling(address: str) -> None:
    assert parse_address(address) is None


@given(st.text(max_size=40) | st.from_regex(r"tile/[0-9a-z]{1,3}/[x0-9/]{1,9}(\.p/[0-9]{1,3})?", fullmatch=True))
def test_text_of_any_kind_is_an_address_only_as_it_is_written(text: str) -> None:
    tile = parse_address(text)
    assert tile is None or tile.address == text


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_is_taken_apart_again(entries: list[bytes]) -> None:
    assert list(unbundle(bundle(entries))) == entries


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=5), st.integers(1, 400))
def test_a_bundle_that_was_cut_is_noticed(entries: list[bytes], cut: int) -> None:
    whole = bundle(entries)
    try:
        found = list(unbundle(whole[: max(len(whole) - cut, 0)]))
    except ValueError:
        return
    assert found == entries[: len(found)]
    assert len(found) < len(entries)


def test_tiles_hold_the_hashes_of_the_entries() -> None:
    log = MemoryLog(story(300))
    reader = TileReader(log)
    leaves = [leaf(data) for _, _, data, _ in log.rows]
    assert reader.read(ORGANISATION, Tile(0, 1)) == b"".join(leaves[256:512])
    assert reader.read(ORGANISATION, Tile(0, 2, 88)) == b"".join(leaves[512:])
    assert reader.read(ORGANISATION, Tile(1, 0, 2)) == root(fold(TreeHead(), leaves[:256])) + root(
        fold(TreeHead(), leaves[256:512])
    )
    assert list(unbundle(reader.read(ORGANISATION, Tile(ENTRIES, 2, 88)))) == [data for _, _, data, _ in log.rows[512:]]


def test_what_lies_beyond_the_log_is_not_there() -> None:
    reader = TileReader(MemoryLog(story(10)))
    for tile in (Tile(0, 0), Tile(0, 0, 21), Tile(ENTRIES, 1, 1), Tile(1, 0, 1)):
        with pytest.raises(ValueError, match="the log is too short"):
            reader.read(ORGANISATION, tile)


def test_a_tile_says_how_long_the_log_must_be() -> None:
    assert [tile.end for tile in (Tile(0, 0), Tile(ENTRIES, 2, 5), Tile(1, 0, 2), Tile(2, 1, 1))] == [
        256,
        517,
        512,
        257 * 65536,
    ]
