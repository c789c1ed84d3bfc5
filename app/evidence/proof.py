# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proofs over the tree (RFC 9162 2.1.3): that an entry is in it."""

from collections.abc import Sequence

from app.domain.ledger import TreeHead
from app.evidence.tree import fold, node, root


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of leaf `index`, lowest first. Raises `ValueError` when there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion(leaves[:split], index), _root(leaves[split:])]
    return [*inclusion(leaves[split:], index - split), _root(leaves[:split])]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether this leaf hash stands at `index` in the tree of `size` leaves with this root (RFC 9162 2.1.3.2)."""
    steps = _climb(index, size - 1, proof) if 0 <= index < size else None
    if steps is None:
        return False
    joined = leaf
    for step, on_the_left in steps:
        joined = node(step, joined) if on_the_left else node(joined, step)
    return joined == expected


def _climb(place: int, last: int, proof: Sequence[bytes]) -> list[tuple[bytes, bool]] | None:
    """Each step of a proof with the side it joins on; None when the proof is not as long as the way to the root."""
    steps: list[tuple[bytes, bool]] = []
    for step in proof:
        if last == 0:
            return None
        on_the_left = bool(place & 1) or place == last
        while on_the_left and not place & 1 and place:
            place, last = place >> 1, last >> 1
        steps.append((step, on_the_left))
        place, last = place >> 1, last >> 1
    return steps if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    return root(fold(TreeHead(), leaves))
