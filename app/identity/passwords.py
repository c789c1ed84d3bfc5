# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Passwords: which may be chosen, and how they are kept (NIST SP 800-63B-4 section 3.1.1.2; Argon2id, RFC 9106)."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from app.domain.errors import FormRefused, TooManyAttempts
from app.domain.text import LocalText

SHORTEST: Final = 15
"""Characters: what a password needs where it is the only factor."""
LONGEST: Final = 256
_FEWEST_KINDS: Final = 5
_LEAST_OF_ONES_OWN: Final = 6
_GUESSED: Final = (
    *("waarmerk", "wachtwoord", "password", "welkom", "welcome", "geheim", "secret", "gemeente", "nederland"),
    *("letmein", "admin", "qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm", "azerty", "1234567890", "12345", "abcdef"),
)
"""What is tried first. Words that long passwords are padded with; a list of leaked ones hardly has any of 15 characters."""
_AT_ONCE: Final = 2
_MOST_WAITING: Final = 16


def check_choice(password: str, *expected: str) -> None:
    """Raise `FormRefused` for a password that is too short, too long or the first to be guessed.

    `expected`: what belongs to this person and this service: the sign-in name, the organisation. No rule says which kinds of
    characters there must be, and none how old a password may become: both make people choose worse ones (3.1.1.2).
    """
    normal = _normal(password)
    if len(normal) < SHORTEST or len(password) > LONGEST:
        raise FormRefused(
            LocalText(
                nl=f"Een wachtwoord heeft {SHORTEST} tot {LONGEST} tekens.",
                en=f"A password has {SHORTEST} to {LONGEST} characters.",
            )
        )
    if len(set(normal)) < _FEWEST_KINDS or len(_without(normal, expected)) < _LEAST_OF_ONES_OWN:
        raise FormRefused(
            LocalText(
                nl="Dit wachtwoord raadt een ander meteen.", en="This password is the first that others would guess."
            ),
            remedy=LocalText(
                nl="Kies een paar woorden die niets met u of deze dienst te maken hebben.",
                en="Choose a few words that have nothing to do with you or this service.",
            ),
        )


class Passwords:
    """Hashes and verifies beside the loop, few at once: each takes 64 MiB, and nobody's attempts may starve the calls."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """A PHC string. Raises `TooManyAttempts` when too many wait."""
        async with self._place():
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def verify(self, kept: str, password: str) -> bool:
        """Whether this is the password. It takes as long where nothing is kept ("": no such account, or no password yet).

        Raises `TooManyAttempts` when too many wait.
        """
        possible = kept if len(password) <= LONGEST else ""
        async with self._place():
            right = await asyncio.to_thread(self._matches, possible, _normal(password[:LONGEST]))
        return right and bool(possible)

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobodys(self) -> str:
        """Made when it is first needed, on the thread that needs it: most commands never do."""
        return self._hasher.hash("nobody has this password")

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._waiting >= _MOST_WAITING:
            raise TooManyAttempts
        self._waiting += 1
        try:
            async with self._places:
                yield
        finally:
            self._waiting -= 1


def _normal(password: str) -> str:
    """Two keyboards may spell one letter in two ways (3.1.1.2: NFKC before hashing)."""
    return unicodedata.normalize("NFKC", password)


def _without(password: str, expected: Iterable[str]) -> str:
    """What is left when everything that is guessed first is taken out."""
    words = {word.casefold() for word in (*expected, *_GUESSED) if len(word) > 2}
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(pattern, "", password.casefold())
