# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signed notes (C2SP signed-note): text that people can read, with Ed25519 signatures under it."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.domain.keys import KeySigner, SignatureCheck

_ED25519 = b"\x01"
_LONGEST = 65_536
_MOST_SIGNATURES = 64
_KEY_LENGTH = 32
_ID_LENGTH = 4


class NoteInvalid(ValueError):
    """Not a note, or not signed by a key that is trusted. The message says which, in a sentence."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name: `name+0a1b2c3d+base64`, the form that C2SP tools read."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise NoteInvalid("a key name is not empty and has no spaces and no plus")
        if len(self.public_key) != _KEY_LENGTH:
            raise NoteInvalid("an Ed25519 public key is 32 bytes")

    @property
    def id(self) -> bytes:
        """4 bytes that recognise the key; they prove nothing."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:_ID_LENGTH]

    @property
    def text(self) -> str:
        """`name+0a1b2c3d+base64`."""
        return f"{self.name}+{self.id.hex()}+{_encode(_ED25519 + self.public_key)}"


def parse_key(text: str) -> VerifierKey:
    """Read `name+id+base64`. Raises `NoteInvalid`."""
    name, _, rest = text.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    raw = _decode(encoded)
    if raw[:1] != _ED25519:
        raise NoteInvalid("only Ed25519 keys (type 0x01) are known here")
    key = VerifierKey(name, raw[1:])
    if key.id.hex() != identity:
        raise NoteInvalid("the key does not belong to its name: the hash between them differs")
    return key


def sign_note(text: str, name: str, signer: KeySigner) -> str:
    """The text with a signature line under it. Raises `NoteInvalid` when it could not be read back."""
    if not text.endswith("\n") or _has_control(text):
        raise NoteInvalid("the text of a note ends in a newline and has no control characters")
    key = VerifierKey(name, signer.public_key)
    return f"{text}\n— {name} {_encode(key.id + signer.sign(text.encode()))}\n"


def open_note(note: str, keys: Sequence[VerifierKey], check: SignatureCheck) -> str:
    """The text, when at least one trusted key signed it and none of their signatures is wrong. Raises `NoteInvalid`."""
    text, signatures = _split(note)
    trusted = {(key.name, key.id): key for key in keys}
    signed = False
    for name, raw in signatures:
        key = trusted.get((name, raw[:_ID_LENGTH]))
        if key is None:
            continue
        if not check(key.public_key, text.encode(), raw[_ID_LENGTH:]):
            raise NoteInvalid(f"the signature of {name} is wrong: the note was altered")
        signed = True
    if not signed:
        raise NoteInvalid("the note is not signed by a trusted key")
    return text


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and signature lines: one reading only, so that no two readers see two notes."""
    if len(note) > _LONGEST or _has_control(note):
        raise NoteInvalid("a note is at most 65,536 characters, valid UTF-8 without control characters")
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteInvalid("a note is a text, an empty line and signature lines, each ended by a newline")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteInvalid(f"a note has at most {_MOST_SIGNATURES} signatures")
    return head + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _decode(encoded)
    if dash != "—" or not _is_name(name) or len(raw) <= _ID_LENGTH:
        raise NoteInvalid("a signature line is a dash, a key name and base64")
    return name, raw


def _has_control(text: str) -> bool:
    return any((letter < " " and letter != "\n") or "\ud800" <= letter <= "\udfff" for letter in text)


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name) and not _has_control(name)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    """Standard base64 in its one canonical spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or _encode(raw) != text:
        raise NoteInvalid("that is not base64")
    return raw
