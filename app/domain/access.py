# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be withdrawn at once: API keys, and the stops of a supervisor (Q20, Q35, Q41)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.subject import Scope


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: the SHA-256 of its 256 random bits, which no list of guesses can reach."""

    id: str
    organisation: str
    application: str
    digest: str
    """SHA-256 of the key, lower-case hex."""
    scopes: frozenset[Scope]
    created_at: datetime
    label: str = ""
    revoked_at: datetime | None = None


class StopKind(StrEnum):
    """What a stop can name."""

    APPLICATION = "application"
    DEPLOYMENT = "deployment"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Stop:
    """An order to use something no longer, in force until `start`."""

    kind: StopKind
    name: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class AccessSnapshot:
    """Keys in force and stops in force, of one organisation, as of one `version` (it rises with every change)."""

    version: int = 0
    keys: Mapping[str, ApiKey] = field(default_factory=dict)
    """By digest; revoked keys are not in it."""
    stops: tuple[Stop, ...] = ()

    def stop_of(self, *, application: str, deployment: str, provider: str) -> Stop | None:
        """The stop that covers this use, if any."""
        names = {StopKind.APPLICATION: application, StopKind.DEPLOYMENT: deployment, StopKind.PROVIDER: provider}
        return next((stop for stop in self.stops if names[stop.kind] == stop.name), None)
