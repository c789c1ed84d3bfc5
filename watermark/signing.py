# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who signs a claim: a private key that may be anywhere, and the certificates that say whose it is."""

from typing import Protocol


class ClaimSigner(Protocol):
    """ES256 (RFC 7518 3.4): ECDSA on P-256 with SHA-256."""

    @property
    def chain(self) -> str:
        """PEM: the certificate of the key first, then those above it; the root may be left out."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes, r and s side by side as COSE wants them (RFC 9053 2.1). May be called from any thread."""
        ...
