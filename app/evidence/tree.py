# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Merkle tree of the log (RFC 9162 2.1): appending needs the frontier only, never the leaves before it."""

from collections.abc import Sequence
from hashlib import sha256

from app.domain.ledger import TreeHead

EMPTY_ROOT = sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """Hash of one entry: 32 bytes. The prefix keeps a leaf from passing for a node (RFC 9162 2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees: 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def fold(head: TreeHead, leaves: Sequence[bytes]) -> TreeHead:
    """The head after these leaf hashes. Pure; about two hashes per leaf. Raises `ValueError` on a head that cannot be."""
    if len(head.nodes) != head.size.bit_count():
        raise ValueError(
            f"a tree of {head.size} leaves has {head.size.bit_count()} frontier nodes, not {len(head.nodes)}"
        )
    size, nodes = head.size, list(head.nodes)
    for fresh in leaves:
        size += 1
        joined, bits = fresh, size
        while not bits & 1:
            joined = node(nodes.pop(), joined)
            bits >>= 1
        nodes.append(joined)
    return TreeHead(size, tuple(nodes))


def root(head: TreeHead) -> bytes:
    """Root hash: 32 bytes; of an empty tree the hash of nothing."""
    if not head.nodes:
        return EMPTY_ROOT
    joined = head.nodes[-1]
    for left in head.nodes[-2::-1]:
        joined = node(left, joined)
    return joined
