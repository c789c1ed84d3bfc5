# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Checkpoints (C2SP tlog-checkpoint): how large the log is and what its root is, in three lines and a signature."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.keys import KeySigner, SignatureCheck
from app.evidence.note import NoteInvalid, VerifierKey, open_note, sign_note

_HASH_LENGTH = 32
_LARGEST = 2**63


def origin_of(host: str, organisation: str) -> str:
    """The name of a log, and of its key: `waarmerk.example.nl/gemeente`."""
    return f"{host}/{organisation}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size."""

    origin: str
    size: int
    root: bytes
    """32 bytes."""

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def sign(self, signer: KeySigner) -> str:
        """The checkpoint as a signed note, under the log's own name."""
        return sign_note(self.text, self.origin, signer)


def open_checkpoint(note: str, keys: Sequence[VerifierKey], check: SignatureCheck) -> Checkpoint:
    """Read and verify. Raises `NoteInvalid`: one spelling only, no extension lines, signed by a trusted key of that log."""
    return parse_checkpoint(open_note(note, keys, check))


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the three lines. Raises `NoteInvalid`."""
    lines = text.split("\n")
    try:
        origin, size, encoded, rest = lines
        checkpoint = Checkpoint(origin, int(size[:20]), base64.b64decode(encoded, validate=True))
    except (ValueError, binascii.Error):
        checkpoint, rest = Checkpoint("", 0, b""), ""
    if (
        not checkpoint.origin
        or rest
        or len(checkpoint.root) != _HASH_LENGTH
        or not 0 <= checkpoint.size < _LARGEST
        or checkpoint.text != text
    ):
        raise NoteInvalid("a checkpoint is three lines: the log's name, its size and its root")
    return checkpoint
