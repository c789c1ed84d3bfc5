# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest

from app.domain.errors import KeyUnusable
from app.keys.secret import BANNER, read_secret, write_secret


def test_a_secret_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, b"s3cret", development=False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(path) == (b"s3cret", False)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_secret_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    write_secret(path, b"s3cret", development=False)
    path.chmod(mode)
    with pytest.raises(KeyUnusable, match="can be read by others"):
        read_secret(path)


def test_a_secret_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, b"first", development=False)
    with pytest.raises(KeyUnusable, match="exists already"):
        write_secret(path, b"second", development=False)
    assert read_secret(path)[0] == b"first"


def test_a_link_is_not_followed_when_a_secret_is_written(tmp_path: Path) -> None:
    (tmp_path / "secret").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyUnusable):
        write_secret(tmp_path / "secret", b"s3cret", development=False)
    assert not (tmp_path / "elsewhere").exists()


def test_a_development_secret_says_so_in_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, b"s3cret", development=True)
    assert path.read_bytes().startswith(BANNER)
    assert read_secret(path) == (b"s3cret", True)


def test_no_error_tells_what_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, b"s3cret", development=False)
    path.chmod(0o644)
    with pytest.raises(KeyUnusable) as caught:
        read_secret(path)
    assert "s3cret" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match=r"nowhere\.key cannot be read"):
        read_secret(tmp_path / "nowhere.key")
