# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ed25519 (RFC 8032): the signature under a checkpoint."""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.keys.secret import read_secret, unusable, write_secret


class FileKeySigner:
    """The log key in a PEM file (PKCS#8). Adapter of `app.domain.keys.KeySigner`."""

    def __init__(self, path: Path) -> None:
        pem, self.development = read_secret(path)
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise unusable(path, "bevat geen sleutel", "does not hold a key") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise unusable(path, "bevat geen Ed25519-sleutel", "does not hold an Ed25519 key")
        self._key = key
        self.public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def create(cls, path: Path, *, development: bool) -> "FileKeySigner":
        """Make a key, in a file of its own. Raises `KeyUnusable` when the file is there already."""
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_secret(path, pem, development=development)
        return cls(path)

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)


def check_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed this message. Never raises on bytes: what is not a key signed nothing."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
