# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signed notes, keys, checkpoints, addresses of tiles, bundles: what is accepted has one spelling."""

from contextlib import suppress
from typing import Final

from app.evidence.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from app.evidence.note import NoteInvalid, VerifierKey, open_note, parse_key, sign_note
from app.evidence.tiles import bundle, parse_address, unbundle
from tests.fuzz.pieces import text


class _Signer:
    """Port: `KeySigner`. A signature is a hash, so that it can be found by changing bytes."""

    public_key = b"p" * 32
    development = True

    def sign(self, message: bytes) -> bytes:
        return _signature(message)


def _signature(message: bytes) -> bytes:
    return len(message).to_bytes(2) + bytes([sum(message) % 256])


def _check(_: bytes, message: bytes, signature: bytes) -> bool:
    return signature == _signature(message)


_KEY: Final = VerifierKey("waarmerk.example/gemeente", _Signer.public_key)
_NOTE: Final = Checkpoint(_KEY.name, 12, b"r" * 32).sign(_Signer())
SEEDS: Final = (
    _NOTE.encode(),
    sign_note("één\n\ntwee\n", _KEY.name, _Signer()).encode(),
    (_NOTE + "— witness.example AAAAAAAAAAAA\n").encode(),
    Checkpoint("a", 0, b"r" * 32).text.encode(),
    "a\n\u0661\u0662\ncnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=\n".encode(),
    _KEY.text.encode(),
    b"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    b"tile/0/x001/x234/067",
    b"tile/entries/000.p/44",
    bundle([b"een", b"", b"twee"]),
)


def run(data: bytes) -> None:
    """The same bytes as each of the things that are read."""
    said = text(data)
    _open(said)
    with suppress(NoteInvalid):
        assert parse_checkpoint(said).text == said, "a checkpoint in another spelling"
    with suppress(NoteInvalid):
        assert parse_key(said).text == said.strip(), "a key in another spelling"
    tile = parse_address(said)
    assert tile is None or tile.address == said, "an address in another spelling"
    with suppress(ValueError):
        assert bundle(list(unbundle(data))) == data, "a bundle in another spelling"


def _open(said: str) -> None:
    try:
        signed = open_note(said, [_KEY], _check)
    except NoteInvalid:
        return
    assert said.startswith(f"{signed}\n— "), "a text beside what was signed"
    assert signed.endswith("\n")
    try:
        checkpoint = open_checkpoint(said, [_KEY], _check)
    except NoteInvalid:
        return
    assert checkpoint.text == signed
