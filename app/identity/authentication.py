# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who calls: an API key is looked up by its digest, in memory; no key is ever stored or compared as itself."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from app.domain.access import AccessSnapshot, ApiKey
from app.domain.call import Call
from app.domain.errors import NotAuthenticated, NotPermitted
from app.domain.ledger import AccessStore
from app.domain.subject import Scope, Subject
from app.domain.text import LocalText
from app.identity.context import HEADER, parse

_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{16,128})", re.IGNORECASE)
_PREFIX = "wmk_"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the one moment that it can be read."""

    secret: str
    digest: str


def make_key() -> NewKey:
    """A fresh key of 256 random bits, `wmk_…`. Its prefix lets secret scanners find one that leaked."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    return NewKey(secret, digest(secret))


def digest(secret: str) -> str:
    """SHA-256, lower-case hex. No slow hash: there are no guesses to slow down over 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Identity:
    """Remembers who may come in; `refresh` asks the store again."""

    def __init__(self, store: AccessStore) -> None:
        self._store = store
        self.access = AccessSnapshot()

    async def refresh(self) -> AccessSnapshot:
        """Load keys and stops again when they changed; return what is in force."""
        if await self._store.version() != self.access.version:
            self.access = await self._store.load()
        return self.access

    async def authenticate(self, call: Call, scope: Scope) -> Subject:
        """The caller. Raises `NotAuthenticated`, `NotPermitted`, and `InvalidRequest` for a context that cannot be read."""
        key = self.access.keys.get(digest(_secret(call)))
        if key is None:
            raise NotAuthenticated
        return _subject(key, call, scope, self.access.version)


def _secret(call: Call) -> str:
    match = _BEARER.fullmatch(call.headers.get("authorization", ""))
    if match is None:
        raise NotAuthenticated
    return match[1]


def _subject(key: ApiKey, call: Call, scope: Scope, version: int) -> Subject:
    if scope not in key.scopes:
        raise NotPermitted(
            LocalText(nl=f"Deze sleutel heeft het recht {scope} niet.", en=f"This key lacks the scope {scope}.")
        )
    return Subject(
        key=key.id,
        organisation=key.organisation,
        application=key.application,
        scopes=key.scopes,
        context=parse(call.headers.get(HEADER)),
        access=version,
    )
