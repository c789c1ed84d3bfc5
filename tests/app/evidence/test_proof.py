# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pymerkle  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledger import TreeHead
from app.evidence.proof import inclusion, verify_inclusion
from app.evidence.tree import fold, leaf, root

LARGEST = 130
LEAVES = [leaf(str(number).encode()) for number in range(LARGEST)]
ROOTS = [root(fold(TreeHead(), LEAVES[:size])) for size in range(LARGEST + 1)]


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_leaf_of_every_tree_has_its_proof_and_no_other(size: int) -> None:
    for index in range(size):
        proof = inclusion(LEAVES[:size], index)
        assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
        assert not verify_inclusion(LEAVES[(index + 1) % LARGEST], index, size, proof, ROOTS[size])
        assert not verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size - 1])
        assert not verify_inclusion(LEAVES[index], index, size, [*proof, bytes(32)], ROOTS[size])
        assert not (proof and verify_inclusion(LEAVES[index], index, size, proof[:-1], ROOTS[size]))


def test_proofs_are_those_of_pymerkle() -> None:
    oracle = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(LARGEST):
        oracle.append_entry(str(number).encode())
    for size in (1, 2, 3, 7, 8, 9, 64, 65, 100, 129, 130):
        for index in range(size):
            theirs = oracle.prove_inclusion(index + 1, size)
            assert _added(theirs) == inclusion(LEAVES[:size], index)
        pymerkle.verify_inclusion(LEAVES[0], ROOTS[size], oracle.prove_inclusion(1, size))


def _added(proof: pymerkle.MerkleProof) -> list[bytes]:
    """The path of pymerkle starts with the leaf itself."""
    return [bytes(step) for step in proof.path[1:]]


@given(st.integers(0, 200), st.integers(0, 200), st.lists(st.binary(min_size=32, max_size=32), max_size=9))
def test_made_up_proofs_are_not_accepted(first: int, second: int, proof: list[bytes]) -> None:
    assert not verify_inclusion(bytes(32), first, second, proof, bytes(32))


def test_of_a_leaf_that_is_not_there_there_is_no_proof() -> None:
    with pytest.raises(ValueError, match="there is no leaf 4"):
        inclusion(LEAVES[:4], 4)
