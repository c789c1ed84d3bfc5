# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from app.domain.review import Role
from tests.storage_reviews import a_user


def test_no_digest_of_a_secret_is_told_by_accident() -> None:
    """Not in a traceback, not in a log line: what can be guessed offline is not shown."""
    told = repr(a_user(name="anna", password="$argon2id$secret", setup="e" * 64, roles=frozenset({Role.AUDITOR})))
    assert "argon2id" not in told
    assert "e" * 64 not in told
    assert "anna" in told
