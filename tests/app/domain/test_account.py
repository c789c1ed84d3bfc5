# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace

import pytest

from app.domain.account import actor_commitment
from app.domain.review import Role
from tests.storage_reviews import a_user


def test_no_digest_of_a_secret_is_told_by_accident() -> None:
    """Not in a traceback, not in a log line: what can be guessed offline is not shown."""
    told = repr(a_user(name="anna", password="$argon2id$secret", setup="e" * 64, roles=frozenset({Role.AUDITOR})))
    assert "argon2id" not in told
    assert "e" * 64 not in told
    assert "anna" in told


def said(field: str, value: str) -> str:
    return f"{field}:{value}"


def test_at_the_desk_a_person_is_known_by_the_actor_or_else_by_the_name() -> None:
    user = a_user(name="anna", uses=frozenset({"balie"}))
    reviewer = user.reviewer(said)
    assert (reviewer.id, reviewer.organisation, reviewer.name) == (user.id, user.organisation, "anna")
    assert (reviewer.roles, reviewer.uses, reviewer.actor) == (user.roles, user.uses, "actor:anna")
    assert replace(user, actor="P-4711").reviewer(said).actor == "actor:p-4711"


def test_who_is_shut_out_has_no_role() -> None:
    user = a_user()
    assert replace(user, disabled_at=user.created_at).reviewer(said).roles == frozenset()


@pytest.mark.parametrize(
    "spelled", ["j.jansen@voorbeeld.example", "J.Jansen@Voorbeeld.Example", " j.jansen@voorbeeld.example "]
)
def test_a_person_is_recognised_however_an_application_spells_the_name(spelled: str) -> None:
    assert actor_commitment(spelled, said) == "actor:j.jansen@voorbeeld.example"
