# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest

from app.domain.errors import KeyUnusable
from app.keys.secret import write_secret
from app.keys.symmetric import create_symmetric, read_symmetric


def test_a_key_is_256_random_bits(tmp_path: Path) -> None:
    create_symmetric(tmp_path / "a.key", development=False)
    create_symmetric(tmp_path / "b.key", development=True)
    first, second = read_symmetric(tmp_path / "a.key"), read_symmetric(tmp_path / "b.key")
    assert (len(first[0]), first[1]) == (32, False)
    assert (len(second[0]), second[1]) == (32, True)
    assert first[0] != second[0]


@pytest.mark.parametrize("content", [b"", b"ab" * 31, b"ab" * 33, b"zz" * 32, "é".encode() * 32])
def test_what_is_not_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    write_secret(tmp_path / "a.key", content, development=False)
    with pytest.raises(KeyUnusable, match="64 hex digits"):
        read_symmetric(tmp_path / "a.key")
