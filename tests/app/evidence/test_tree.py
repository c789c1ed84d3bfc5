# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pymerkle  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledger import TreeHead
from app.evidence.tree import EMPTY_ROOT, fold, leaf, root

# Test data of RFC 6962 logs (Certificate Transparency's own reference test): eight entries and the root of each prefix.
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root(TreeHead()) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_known_entries(size: int) -> None:
    head = fold(TreeHead(), [leaf(entry) for entry in ENTRIES[:size]])
    assert (head.size, root(head).hex()) == (size, ROOTS[size - 1])


@given(st.lists(st.binary(max_size=40), max_size=130), st.data())
def test_folding_in_pieces_is_folding_at_once(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf(entry) for entry in entries]
    cut = data.draw(st.integers(0, len(leaves)))
    assert fold(fold(TreeHead(), leaves[:cut]), leaves[cut:]) == fold(TreeHead(), leaves)


def test_every_root_up_to_300_is_the_root_that_pymerkle_computes() -> None:
    oracle, head = pymerkle.InmemoryTree(algorithm="sha256"), TreeHead()
    for number in range(300):
        entry = str(number).encode()
        oracle.append_entry(entry)
        head = fold(head, [leaf(entry)])
        assert root(head) == oracle.get_root()


def test_a_head_whose_frontier_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="a tree of 3 leaves has 2 frontier nodes, not 1"):
        fold(TreeHead(3, (bytes(32),)), [bytes(32)])
