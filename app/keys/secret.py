# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A secret in a file: made once, readable by the service only, with a banner when it is for development."""

import os
import stat
from pathlib import Path

from app.domain.errors import KeyUnusable
from app.domain.text import LocalText

BANNER = b"# DEVELOPMENT KEY: never for real data. Made by `waarmerk init`.\n"
_OTHERS = 0o077


def write_secret(path: Path, secret: bytes, *, development: bool) -> None:
    """Make the file, mode 600, on the disk when this returns. Raises `KeyUnusable` when it is there already."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise unusable(path, "kan niet worden gemaakt of bestaat al", "cannot be made, or exists already") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write((BANNER if development else b"") + secret)
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> tuple[bytes, bool]:
    """The secret, and whether it is for development. Raises `KeyUnusable` when others than the owner may read it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except OSError as error:
        raise unusable(path, "is niet te lezen", "cannot be read") from error
    if not stat.S_ISREG(mode) or mode & _OTHERS:
        raise unusable(path, "is ook voor anderen leesbaar", "can be read by others too")
    development = content.startswith(BANNER)
    return content.removeprefix(BANNER), development


def unusable(path: Path, nl: str, en: str) -> KeyUnusable:
    """The error that names the file and never what is in it."""
    return KeyUnusable(LocalText(nl=f"Sleutelbestand {path} {nl}.", en=f"Key file {path} {en}."))
