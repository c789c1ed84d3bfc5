# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio

import pytest
from argon2 import PasswordHasher
from typing_extensions import override

from app.domain.errors import FormRefused, TooManyAttempts
from app.identity.passwords import LONGEST, Passwords, check_choice
from tests.people import CHEAP, PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "geen enkel hoofdletter of cijfer",
        "x7#Kp2!mQz9$Lw4",
        "wachtwoorden zijn vervelende dingen",
        "ﬁets ﬂuit öüé" + " kaas",
        "a b c d e f g h " * 16,
    ],
)
def test_a_password_needs_length_and_nothing_else(password: str) -> None:
    check_choice(password, "anna", "gemeente-voorbeeld")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "x7#Kp2!mQz9$Lw",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "123456789012345",
        "wachtwoordwachtwoord",
        "WelkomWachtwoord2026",
        "gemeente-voorbeeld-1",
        "anna.de.vries@anna.de.vries",
        "anna.de.vries-2026",
        "x7#Kp2!mQz9$Lw4" * 18,
        "ﬁ" * (LONGEST + 1),
    ],
)
def test_what_is_short_endless_or_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(FormRefused):
        check_choice(password, "anna.de.vries", "gemeente-voorbeeld")


async def test_only_the_right_password_fits() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash(PASSWORD)
    assert PASSWORD not in kept
    assert await passwords.verify(kept, PASSWORD)
    for wrong in ("", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], PASSWORD * 40):
        assert not await passwords.verify(kept, wrong)


async def test_where_nothing_is_kept_nothing_fits_not_even_the_stand_in() -> None:
    passwords = Passwords(CHEAP)
    for kept in ("", "not a hash"):
        for password in ("", PASSWORD, "nobody has this password"):
            assert not await passwords.verify(kept, password)


async def test_one_letter_in_two_spellings_is_one_letter() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash("café op de hoek, elke dag")
    assert await passwords.verify(kept, "cafe\u0301 op de hoek, elke dag")


async def test_a_longest_password_fits_and_what_follows_it_counts() -> None:
    passwords = Passwords(CHEAP)
    longest = ("twaalf bomen " * 30)[:LONGEST]
    kept = await passwords.hash(longest)
    assert await passwords.verify(kept, longest)
    assert not await passwords.verify(kept, longest + "x")


async def test_it_is_argon2id_as_rfc_9106_recommends() -> None:
    passwords = Passwords()
    kept = await passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not passwords.outdated(kept)
    assert passwords.outdated(CHEAP.hash(PASSWORD))


class CountingHasher(PasswordHasher):
    """Says how many run together at most."""

    def __init__(self) -> None:
        super().__init__(time_cost=4, memory_cost=8192, parallelism=1)
        self.running = self.most = 0

    @override
    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            return super().hash(password, salt=salt)
        finally:
            self.running -= 1


async def test_few_run_at_once_and_few_wait() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    done = await asyncio.gather(*(passwords.hash(PASSWORD) for _ in range(40)), return_exceptions=True)
    refused = [result for result in done if isinstance(result, TooManyAttempts)]
    assert hasher.most <= 2
    assert 0 < len(refused) < 40
    assert len(refused) + sum(isinstance(result, str) for result in done) == 40
    assert await passwords.hash(PASSWORD)
