# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The key that blinds `Waarmerk-Context`: who holds the log and not this key cannot guess a pseudonym from it."""

import hmac


class DerivedCommitmentKey:
    """One key per organisation, derived from one secret of 32 bytes. Adapter of `app.domain.keys.CommitmentKey`."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, organisation: str) -> bytes:
        """32 bytes: equal pseudonyms of two organisations give two commitments."""
        return hmac.digest(self._secret, b"waarmerk commitment key\n" + organisation.encode(), "sha256")
