# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The audit of a log: reads every entry again and trusts nothing that the writer computed.

Tree, canonical form and record rules are written here a second time, so that one mistake cannot hide itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import merge
from itertools import repeat

from app.domain.keys import SignatureCheck
from app.domain.ledger import LogReader, TreeHead
from app.evidence.chains import Chains
from app.evidence.checkpoint import Checkpoint, open_checkpoint
from app.evidence.note import NoteInvalid, VerifierKey
from app.evidence.reading import read_record

MOST = 20
"""Discrepancies a report lists; the first is the one that matters."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something that is not as it was signed."""

    index: int | None
    """First entry concerned, counted from 0; None when it is not about one entry."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the audit of one log found."""

    organisation: str
    entries: int
    root: str
    """Hex."""
    checkpoints: int
    """Checkpoints whose signature and root are right."""
    signed: int
    """How many entries the largest of those covers."""
    open_exchanges: int
    discrepancies: tuple[Discrepancy, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as it was signed."""
        return not self.discrepancies


@dataclass(frozen=True, slots=True)
class Trust:
    """What the auditor brings along: the name of the log, its public keys, and how a signature is checked."""

    origin: str
    keys: Sequence[VerifierKey]
    check: SignatureCheck = field(repr=False)


def verify_log(
    reader: LogReader,
    organisation: str,
    notes: Iterable[tuple[int, str]],
    trust: Trust,
    *,
    kept: Iterable[str] = (),
    leaves: Iterable[bytes] | None = None,
) -> Report:
    """Audit the log as stored against its own checkpoints, and against those `kept` elsewhere.

    `leaves` are the leaf hashes that the writer noted beside the entries: with them an altered entry is named exactly, without them
    it is found between two checkpoints. The signed root decides, never they.
    """
    with closing(Audit(organisation, notes, trust, kept)) as audit:
        noted: Iterator[bytes | None] = iter(leaves) if leaves is not None else repeat(None)
        for index, record, data in reader.entries(organisation):
            audit.entry(index, _raw(data), record=record, noted=next(noted, None))
        audit.compare_head(reader.head(organisation))
        return audit.finish()


class Audit:
    """One pass over one log. Feed every entry in order, then `finish`."""

    def __init__(
        self, organisation: str, notes: Iterable[tuple[int, str]], trust: Trust, kept: Iterable[str] = ()
    ) -> None:
        self._organisation = organisation
        self._trust = trust
        self._tree = _Tree()
        self._chains = Chains()
        self._discrepancies: list[Discrepancy] = []
        self._checkpoints = self._trusted(notes, kept)
        self._next = next(self._checkpoints, None)
        self._expected = self._passed = self._signed = 0
        self._parted = False
        self._meet()

    def close(self) -> None:
        """Let go of what the audit holds on disk."""
        self._chains.close()

    def note(self, index: int | None, sentence: str) -> None:
        """Add a discrepancy."""
        if len(self._discrepancies) < MOST:
            self._discrepancies.append(Discrepancy(index, sentence))

    def entry(self, index: int, data: bytes, *, record: str | None = None, noted: bytes | None = None) -> bytes:
        """Judge one entry; return its leaf hash."""
        self._place(index)
        try:
            fault = self._chains.feed(index, read_record(data, self._organisation, record))
        except ValueError as error:
            fault = str(error)
        leaf = self._tree.add(data)
        if noted is not None and noted != leaf:
            self.note(index, f"Entry {index} was altered: its bytes no longer give the hash that was noted with them.")
        if fault:
            self.note(index, f"Entry {index}: {fault}.")
        self._meet()
        return leaf

    def compare_head(self, head: TreeHead) -> None:
        """The head as the writer keeps it must be the head of these entries."""
        size = self._tree.size
        if head.size != size:
            self.note(
                min(size, head.size),
                f"The head of the log counts {head.size} entries, and there are {size}: {_lost(head.size - size)}.",
            )
        elif head.nodes != self._tree.nodes:
            self.note(None, "The head of the log is not the head of these entries.")

    def finish(self) -> Report:
        """The verdict, once every entry was fed."""
        size = self._tree.size
        while self._next is not None:
            self.note(
                size,
                f"A checkpoint of {self._next.size} entries was signed, and there are {size}: the log was cut off at entry {size},"
                " or entries were taken out.",
            )
            self._next = next(self._checkpoints, None)
        return Report(
            organisation=self._organisation,
            entries=size,
            root=self._tree.root().hex(),
            checkpoints=self._passed,
            signed=self._signed,
            open_exchanges=self._chains.open,
            discrepancies=tuple(self._discrepancies),
        )

    def _place(self, index: int) -> None:
        if index > self._expected:
            gone = (
                f"Entry {self._expected} is"
                if index == self._expected + 1
                else f"Entries {self._expected} to {index - 1} are"
            )
            self.note(self._expected, f"{gone} missing.")
        elif index < self._expected:
            self.note(index, f"Entry {index} is there twice, or stands in the wrong place.")
        self._expected = index + 1

    def _meet(self) -> None:
        """Compare with every checkpoint of this size."""
        while self._next is not None and self._next.size <= self._tree.size:
            if self._next.size == self._tree.size and self._next.root == self._tree.root():
                self._passed += self._passed == 0 or self._next.size > self._signed
                self._signed = self._next.size
            elif not self._parted:
                self._parted = True
                self._part(self._next)
            self._next = next(self._checkpoints, None)

    def _part(self, checkpoint: Checkpoint) -> None:
        if self._signed == checkpoint.size:
            self.note(
                None,
                f"Two checkpoints of {checkpoint.size} entries were signed with different roots: there are two histories.",
            )
            return
        self.note(
            self._signed,
            f"Entries {self._signed} to {checkpoint.size - 1} are not what was signed: among them one was altered, taken out, put in or"
            f" moved. The checkpoint of {self._signed} entries is right, that of {checkpoint.size} is not.",
        )

    def _trusted(self, notes: Iterable[tuple[int, str]], kept: Iterable[str]) -> Iterator[Checkpoint]:
        """Checkpoints that are signed, smallest first; what is not is noted."""
        stored = (self._read(note, size) for size, note in notes)
        brought = [self._read(note, None) for note in kept]
        inner: list[Iterable[Checkpoint]] = [
            (checkpoint for checkpoint in stored if checkpoint),
            sorted((checkpoint for checkpoint in brought if checkpoint), key=_size),
        ]
        return merge(*inner, key=_size)

    def _read(self, note: str, size: int | None) -> Checkpoint | None:
        name = "A checkpoint that was kept" if size is None else f"The checkpoint of {size} entries"
        try:
            checkpoint = open_checkpoint(note, self._trust.keys, self._trust.check)
        except NoteInvalid as error:
            self.note(None, f"{name} cannot be trusted: {error}.")
            return None
        if checkpoint.origin != self._trust.origin or size not in (None, checkpoint.size):
            self.note(None, f"{name} belongs to another log or another size.")
            return None
        return checkpoint


class _Tree:
    """RFC 9162 2.1 as a stack of perfect subtrees, each with its height."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[tuple[int, bytes]] = []

    @property
    def nodes(self) -> tuple[bytes, ...]:
        return tuple(digest for _, digest in self._stack)

    def add(self, data: bytes) -> bytes:
        leaf = sha256(bytes(1) + data).digest()
        self.size += 1
        self._stack.append((0, leaf))
        while len(self._stack) > 1 and self._stack[-1][0] == self._stack[-2][0]:
            (height, right), (_, left) = self._stack.pop(), self._stack.pop()
            self._stack.append((height + 1, _pair(left, right)))
        return leaf

    def root(self) -> bytes:
        digests = [digest for _, digest in self._stack]
        while len(digests) > 1:
            right, left = digests.pop(), digests.pop()
            digests.append(_pair(left, right))
        return digests[0] if digests else sha256().digest()


def _pair(left: bytes, right: bytes) -> bytes:
    return sha256(bytes([1]) + left + right).digest()


def _raw(data: object) -> bytes:
    """A column of bytes in SQLite holds whatever somebody put there; what is not bytes was not put there by us."""
    return data if isinstance(data, bytes) else b""


def _lost(gone: int) -> str:
    return f"{gone} were taken out" if gone > 0 else f"{-gone} were put in"


def _size(checkpoint: Checkpoint) -> int:
    return checkpoint.size
