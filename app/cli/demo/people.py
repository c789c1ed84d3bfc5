# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The people of the demo: one for each role, each with a password that was made for this demo only."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.domain.review import Role
from app.main import House

REQUESTER = "requester"
REVIEWER = "reviewer"
_ROLES: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        REQUESTER: frozenset({Role.REVIEWER}),
        REVIEWER: frozenset({Role.REVIEWER}),
        "second-reviewer": frozenset({Role.REVIEWER}),
        "policy-officer": frozenset({Role.POLICY_OFFICER}),
        "auditor": frozenset({Role.AUDITOR}),
        "administrator": frozenset({Role.ADMINISTRATOR}),
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    name: str
    password: str = field(repr=False)


async def invite(house: House) -> Mapping[str, Person]:
    """An account for each of them, its setup link used at once. By name, which tells the role."""
    accounts = house.accounts
    people: dict[str, Person] = {}
    for name, roles in _ROLES.items():
        password = f"demo-{secrets.token_urlsafe(12)}"
        _, secret = await accounts.create(name, roles, by=house.operator)
        await accounts.set_password(secret, password)
        people[name] = Person(name, password)
    return MappingProxyType(people)
