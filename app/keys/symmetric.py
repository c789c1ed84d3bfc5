# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys of 256 random bits in a file, as hex: the content key and the commitment key."""

import os
from pathlib import Path

from app.keys.secret import read_secret, unusable, write_secret

LENGTH = 32


def create_symmetric(path: Path, *, development: bool) -> None:
    """Make a key. Raises `KeyUnusable` when the file is there already."""
    write_secret(path, os.urandom(LENGTH).hex().encode() + b"\n", development=development)


def read_symmetric(path: Path) -> tuple[bytes, bool]:
    """32 bytes, and whether they are for development. Raises `KeyUnusable`."""
    text, development = read_secret(path)
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != LENGTH:
        raise unusable(path, "bevat geen sleutel van 64 hexadecimale tekens", "does not hold a key of 64 hex digits")
    return key, development
