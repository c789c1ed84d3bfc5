# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contracted credential: read when a call leaves, put in one header, and in nothing else."""

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.domain.decision import Deployment

_HEADERS: Final[Mapping[str, tuple[str, str]]] = {
    "openai": ("authorization", "Bearer "),
    "ollama": ("authorization", "Bearer "),
    "azure": ("api-key", ""),
    "anthropic": ("x-api-key", ""),
    "gemini": ("x-goog-api-key", ""),
}
"""How each vendor wants to be shown it; a dialect that is not here gets no credential."""

_REFERENCE: Final = re.compile(r"file:/[^\x00-\x1f]+|env:[A-Za-z_][A-Za-z0-9_]*")
_VALUE: Final = re.compile(rb"[\x21-\x7e]+")
"""One token of visible ASCII: no CR, LF or NUL can end the header early."""
_LONGEST: Final = 8192
_FORBIDDEN_MODE: Final = stat.S_IRWXO | stat.S_IWGRP
"""Others may do nothing and the group may not write; a group may read, since that is how an orchestrator hands secrets out."""


class CredentialUnusable(Exception):
    """Says why, never what: neither the secret nor where it is kept is in it."""


class Credentials:
    """Reads `file:/path` and `env:NAME`. Holds secrets, shows none: nothing of it has a repr."""

    __slots__ = ("_environment", "_files")

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._files: dict[Path, tuple[tuple[int, int, int, int], str]] = {}

    def header(self, deployment: Deployment) -> tuple[str, str] | None:
        """Lower-case name and value, or None where the deployment has no credential. Raises `CredentialUnusable`."""
        if deployment.credential is None:
            return None
        try:
            check_credential(deployment)
        except ValueError as error:
            raise CredentialUnusable(str(error)) from None
        name, prefix = _HEADERS[deployment.dialect]
        return name, prefix + self._secret(deployment.credential)

    def secret(self, reference: str) -> str:
        """What a reference of policy points at. Raises `CredentialUnusable`."""
        if not _REFERENCE.fullmatch(reference):
            raise CredentialUnusable("its reference is not file:/absolute/path or env:NAME")
        return self._secret(reference)

    def _secret(self, reference: str) -> str:
        kind, _, place = reference.partition(":")
        if kind == "file":
            return self._from_file(Path(place))
        if place not in self._environment:
            raise CredentialUnusable("it is not in the environment")
        return _checked(self._environment[place].encode("utf-8", "surrogateescape"))

    def _from_file(self, path: Path) -> str:
        """The whole file, stripped; read again when it is another file or was changed. A link is followed: secrets are mounted so."""
        try:
            status = path.stat()
        except OSError:
            raise CredentialUnusable("its file cannot be read") from None
        if not stat.S_ISREG(status.st_mode) or status.st_mode & _FORBIDDEN_MODE:
            raise CredentialUnusable(
                "its file must be a plain file that others cannot read and the group cannot write (chmod 600)"
            )
        version = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)
        known = self._files.get(path)
        if known is None or known[0] != version:
            known = self._files[path] = (version, _checked(_read(path)))
        return known[1]


def check_credential(deployment: Deployment) -> None:
    """Whether the reference is one, and its vendor's header known; reads nothing. Raises `ValueError`."""
    if deployment.credential is None:
        return
    if not _REFERENCE.fullmatch(deployment.credential):
        raise ValueError("file:/absolute/path or env:NAME; never the secret itself")
    if deployment.dialect not in _HEADERS:
        raise ValueError(f"no header is known for a credential of dialect {deployment.dialect!r}")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST + 1)
    except OSError:
        raise CredentialUnusable("its file cannot be read") from None


def _checked(value: bytes) -> str:
    secret = value.strip()
    if len(secret) > _LONGEST or not _VALUE.fullmatch(secret):
        raise CredentialUnusable("it must be one line of at most 8192 visible ASCII characters")
    return secret.decode("ascii")
