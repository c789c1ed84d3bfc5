# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys as ports: who signs the log, what encrypts kept content, what blinds a pseudonym. Never the same key twice."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeAlias

from app.domain.ledger import SealedContent

SignatureCheck: TypeAlias = Callable[[bytes, bytes, bytes], bool]
"""`(public key, message, signature) -> bool` for Ed25519 (RFC 8032): 32-byte key, 64-byte signature. Never raises on bytes."""


class KeySigner(Protocol):
    """An Ed25519 key that signs checkpoints."""

    @property
    def public_key(self) -> bytes:
        """32 bytes (RFC 8032)."""
        ...

    @property
    def development(self) -> bool:
        """True: anybody who knows the example could have this key, and every page says so."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        ...


class ClaimSigner(Protocol):
    """An ES256 key with certificates, that signs the claims of manifests (C2PA). Never the log's key."""

    @property
    def chain(self) -> str:
        """PEM: its own certificate first, then those above it."""
        ...

    def require_valid(self, moment: datetime) -> None:
        """Raises `KeyUnusable` when its certificates are not valid at this moment."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes, r and s side by side (RFC 9053 2.1). May be called from any thread."""
        ...


class ContentCipher(Protocol):
    """Encrypts kept content under a key per item, so that destroying that key destroys the content in every backup."""

    def seal(self, exchange: str, kind: str, plaintext: bytes) -> SealedContent:
        """Encrypt under a fresh key, bound to this exchange and this kind."""
        ...

    def open(self, sealed: SealedContent) -> bytes:
        """The plaintext. Raises `KeyUnusable` when the content key is not here or the content was altered."""
        ...


class CommitmentKey(Protocol):
    """Blinds what `Waarmerk-Context` carries: without this key a pseudonym in the log cannot be guessed."""

    def of(self, organisation: str) -> bytes:
        """32 bytes, another for every organisation."""
        ...
