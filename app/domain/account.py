# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""People who sign in: accounts and sessions, as they are kept. Secrets are kept as digests only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.normal import canonical_name
from app.domain.review import Reviewer, Role


@dataclass(frozen=True, slots=True)
class User:
    """An account. It has a password, or a setup link that was not used yet."""

    id: str
    """`usr_…`."""
    organisation: str
    name: str
    """With which one signs in; unique in the organisation, lower case."""
    roles: frozenset[Role]
    created_at: datetime
    actor: str = ""
    """Name under which applications vouch for this person; the sign-in name where it is empty."""
    uses: frozenset[str] = frozenset()
    """Applications this person works with."""
    password: str = field(default="", repr=False)
    """Argon2id, PHC string; empty until the setup link was used."""
    setup: str = field(default="", repr=False)
    """SHA-256 of the secret of the setup link, hex; empty once used."""
    setup_until: datetime | None = None
    failures: int = 0
    """Wrong passwords since the last right one."""
    locked_until: datetime | None = None
    disabled_at: datetime | None = None
    version: int = 1

    def reviewer(self, commit: Callable[[str, str], str]) -> Reviewer:
        """As the desk knows this person; once disabled, without a role. `commit(field, value)`: under the organisation's key."""
        return Reviewer(
            id=self.id,
            organisation=self.organisation,
            name=self.name,
            roles=frozenset() if self.disabled_at is not None else self.roles,
            actor=actor_commitment(self.actor or self.name, commit),
            uses=self.uses,
        )


def actor_commitment(name: str, commit: Callable[[str, str], str]) -> str:
    """Under which a person is recognised, whether an account or an application names them: equal for every spelling of a name."""
    return commit("actor", canonical_name(name))


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one browser, server-side."""

    digest: str
    """SHA-256 of the cookie, hex."""
    user: str
    organisation: str
    created_at: datetime
    seen_at: datetime
