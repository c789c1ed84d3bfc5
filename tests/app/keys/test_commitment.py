# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from app.domain.keys import CommitmentKey
from app.keys.commitment import DerivedCommitmentKey


def test_every_organisation_has_a_key_of_its_own_and_keeps_it() -> None:
    key: CommitmentKey = DerivedCommitmentKey(bytes(32))
    assert len(key.of("gemeente")) == 32
    assert key.of("gemeente") == DerivedCommitmentKey(bytes(32)).of("gemeente")
    assert key.of("gemeente") != key.of("provincie")
    assert key.of("gemeente") != DerivedCommitmentKey(bytes(31) + b"\x01").of("gemeente")
