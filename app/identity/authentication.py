# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who calls: an API key is looked up by its digest, in memory; no key is ever stored or compared as itself."""

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.domain.access import AccessSnapshot
from app.domain.call import Call
from app.domain.control import Control, Controls, Declared
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

    controls: Controls = MappingProxyType({Control.AUTHENTICATION: Declared(), Control.AUTHORISATION: Declared()})

    def __init__(self, store: AccessStore) -> None:
        self._store = store
        self.access = AccessSnapshot()

    async def refresh(self) -> AccessSnapshot:
        """Load keys and stops again when they changed; return what is in force."""
        if await self._store.version() != self.access.version:
            self.access = await self._store.load()
        return self.access

    def authenticate(self, call: Call) -> Subject:
        """Whose key this is. Raises `NotAuthenticated`."""
        key = self.access.keys.get(digest(_secret(call)))
        if key is None:
            raise NotAuthenticated
        return Subject(key.id, key.organisation, key.application, key.scopes, access=self.access.version)

    def authorise(self, subject: Subject, call: Call, scope: Scope) -> Subject:
        """The same caller with the context of this call. Raises `NotPermitted`, and `InvalidRequest` for a context that is none."""
        if scope not in subject.scopes:
            raise NotPermitted(
                LocalText(nl=f"Deze sleutel heeft het recht {scope} niet.", en=f"This key lacks the scope {scope}.")
            )
        return replace(subject, context=parse(call.headers.get(HEADER)))


def _secret(call: Call) -> str:
    match = _BEARER.fullmatch(call.headers.get("authorization", ""))
    if match is None:
        raise NotAuthenticated
    return match[1]
