# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commitments: they prove later what a text was, and say nothing about it now."""

import hmac

from app.domain.ledger import OutputReader


def commit(salt: bytes, *parts: str | bytes) -> str:
    """HMAC-SHA-256 under the salt of the exchange, as 64 hex characters.

    Every part goes in with its length before it, so that ("ab", "c") and ("a", "bc") differ. Once the salt is destroyed nobody can
    guess the text back, however short it is (EDPB Guidelines 02/2025: no personal data in what cannot be erased).
    """
    framed = bytearray()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        framed += len(raw).to_bytes(8)
        framed += raw
    return hmac.digest(salt, framed, "sha256").hex()


def of_place(salt: bytes, choice: int, place: str, text: str = "") -> hmac.HMAC:
    """Commitment to what stands at one place of one choice, open for what still comes; the log holds its hex digest."""
    return hmac.new(salt, f"{choice}\0{place}\0{text}".encode(), "sha256")


def keyed(organisation_key: bytes, field: str, value: str) -> str:
    """Commitment to a pseudonym that must be found again (GDPR 15, Awb 7:4): equal values give equal commitments, per field."""
    return commit(organisation_key, field, value)


class Commitments:
    """Commitments of one organisation for who has neither its key nor a salt in hand. Adapter of `app.review.records.Commitments`."""

    def __init__(self, organisation_key: bytes, outputs: OutputReader) -> None:
        self._key = organisation_key
        self._outputs = outputs

    def keyed(self, field: str, value: str) -> str:
        """Under the key of the organisation."""
        return keyed(self._key, field, value)

    def salted(self, exchange: str, *parts: str) -> str | None:
        """Under the salt of this exchange; None once it was erased. Raises `EvidenceUnavailable`."""
        salt = self._outputs.salt(exchange)
        return commit(salt, *parts) if salt else None
