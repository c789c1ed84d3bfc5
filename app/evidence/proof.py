# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proofs over the tree (RFC 9162 2.1.3 and 2.1.4): that an entry is in it, and that it only grew."""

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


def consistency(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """Proof that the tree of the first `old` leaves is a prefix of this one. Raises `ValueError` unless 0 < old <= size."""
    if not 0 < old <= len(leaves):
        raise ValueError(f"there is no proof from size {old} to size {len(leaves)}")
    return _subproof(leaves, old, whole=True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether this leaf hash stands at `index` in the tree of `size` leaves with this root (RFC 9162 2.1.3.2)."""
    steps = _climb(index, size - 1, proof) if 0 <= index < size else None
    if steps is None:
        return False
    joined = leaf
    for step, on_the_left in steps:
        joined = node(step, joined) if on_the_left else node(joined, step)
    return joined == expected


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `old` leaves is a prefix of the tree of `new` leaves (RFC 9162 2.1.4.2)."""
    if not 0 < old <= new or old == new:
        return 0 < old == new and not proof and old_root == new_root
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    full = (old & -old).bit_length() - 1
    steps = _climb(old - 1 >> full, new - 1 >> full, path[1:]) if path else None
    if steps is None:
        return False
    from_old = from_new = path[0]
    for step, on_the_left in steps:
        if on_the_left:
            from_old = node(step, from_old)
        from_new = node(step, from_new) if on_the_left else node(from_new, step)
    return from_old == old_root and from_new == new_root


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


def _subproof(leaves: Sequence[bytes], old: int, *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [_root(leaves)]
    split = _split(len(leaves))
    if old <= split:
        return [*_subproof(leaves[:split], old, whole=whole), _root(leaves[split:])]
    return [*_subproof(leaves[split:], old - split, whole=False), _root(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    return root(fold(TreeHead(), leaves))
