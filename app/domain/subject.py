# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who calls. XACML's Subject: a key says which application, `Waarmerk-Context` may say which person."""

from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """Permissions of an API key, `scope:resource:action`."""

    CREATE_GENERATION = "app:generation:create"
    LIST_MODELS = "app:model:list"
    READ_EVIDENCE = "org:evidence:read"


@dataclass(frozen=True, slots=True)
class Context:
    """What `Waarmerk-Context` carries: stored as keyed commitments, never forwarded, never logged."""

    actor: str | None = field(default=None, repr=False)
    case: str | None = field(default=None, repr=False)
    data_subject: str | None = field(default=None, repr=False)
    conversation: str | None = field(default=None, repr=False)
    work_item: str | None = field(default=None, repr=False)
    language: str | None = None
    """BCP 47 tag of the text that is asked for; None leaves it to the application's policy."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An authenticated caller."""

    key: str
    """Id of the API key (`key_…`), never the key."""
    organisation: str
    application: str
    scopes: frozenset[Scope]
    context: Context = Context()
    access: int = 0
    """Version of the `AccessSnapshot` that let this caller in; `Unit.admit` looks again at an older one."""
