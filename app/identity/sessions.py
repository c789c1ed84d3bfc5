# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sign-in: from a name and a password to a session, from a cookie to a reviewer. Sessions live on the server and end there.

Every attempt is counted before it is judged, so that a thousand at once are a thousand; what is refused takes the same time and
is told in the same words, whoever was named.
"""

import asyncio
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.account import Session, User
from app.domain.clock import Clock
from app.domain.errors import NotSignedIn, TooManyAttempts
from app.domain.ids import new_id
from app.domain.json import Json
from app.domain.ledger import AccountReader, Ledger, Unit
from app.domain.record import Record, RecordType
from app.domain.review import Reviewer
from app.domain.text import LocalText
from app.domain.threads import look
from app.identity.accounts import Commit
from app.identity.attempts import Peers, Strangers, lock, require_unlocked
from app.identity.authentication import digest
from app.identity.passwords import Passwords

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=10)
_TOUCH: Final = timedelta(minutes=1)
_SLOWEST: Final = 0.5
"""Seconds that a refusal takes at least: longer than whatever differs between one who exists and one who does not."""
_REFUSALS_A_MINUTE: Final = 6
_WRONG: Final = LocalText(nl="Naam of wachtwoord klopt niet.", en="Name or password is not right.")
_AGAIN: Final = LocalText(
    nl="Probeer het opnieuw. Na vijf keer fout moet u een kwartier wachten.",
    en="Try again. After five wrong attempts you have to wait a quarter of an hour.",
)


class Sessions:
    """The sign-ins of one organisation."""

    def __init__(
        self,
        ledger: Ledger,
        reader: AccountReader,
        clock: Clock,
        organisation: str,
        *,
        commit: Commit,
        passwords: Passwords,
        slowest: float = _SLOWEST,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._clock = clock
        self._organisation = organisation
        self._commit = commit
        self._passwords = passwords
        self._slowest = slowest
        self._peers = Peers()
        self._strangers = Strangers()
        self._minute: datetime | None = None
        self._refusals = 0

    async def sign_in(self, name: str, password: str, peer: str, *, previous: str = "") -> tuple[str, Session]:
        """The secret of the cookie, kept nowhere, and the session. `previous`: the cookie so far, whose session ends.

        Raises `NotSignedIn`, `TooManyAttempts`, `EvidenceUnavailable`.
        """
        self._peers.attempt(peer, self._clock.now())
        loop = asyncio.get_running_loop()
        earliest = loop.time() + self._slowest
        try:
            user = await self._recognise(name.strip().lower(), password)
            opened = await self._open(user, password, previous)
        except (NotSignedIn, TooManyAttempts):
            await asyncio.sleep(earliest - loop.time())
            raise
        self._peers.forgive(peer)
        return opened

    async def reviewer(self, cookie: str) -> Reviewer:
        """Whose cookie this is. Raises `NotSignedIn`, also when the session is over; `EvidenceUnavailable`."""
        found = await look(self._reader.session, digest(cookie))
        if found is None:
            raise NotSignedIn
        session, user = found
        moment = self._clock.now()
        if user.disabled_at is not None or user.organisation != self._organisation:
            raise NotSignedIn
        if moment >= session.seen_at + IDLE or moment >= session.created_at + ABSOLUTE:
            raise NotSignedIn
        if moment >= session.seen_at + _TOUCH:
            await self._ledger.commit(lambda unit: unit.touch_session(session.digest, moment), _nothing)
        return user.reviewer(self._commit)

    async def sign_out(self, cookie: str) -> None:
        """Sign this browser out; nothing when there is none. Raises `EvidenceUnavailable`."""
        ended = digest(cookie)
        await self._ledger.commit(
            lambda unit: unit.close_sessions(digest=ended), lambda count: self._closed(ended, "signed-out", count)
        )

    async def sweep(self) -> int:
        """End every session that was idle too long; return how many. Raises `EvidenceUnavailable`."""
        since = self._clock.now() - IDLE

        def said(count: int) -> Sequence[Record]:
            return (self._record(RecordType.SESSION_CLOSED, {"cause": "idle", "count": count}),) if count else ()

        return await self._ledger.commit(lambda unit: unit.close_sessions(unseen_since=since), said)

    async def _recognise(self, name: str, password: str) -> User:
        known = await look(self._reader.user, name)
        if known is None or known.name != name:  # the reader also takes ids, and nobody signs in by one
            self._strangers.attempt(name, self._clock.now())
            await self._passwords.verify("", password)
            raise _wrong()
        try:
            user = await self._ledger.commit(lambda unit: self._count(unit, known.id), _nothing)
        except TooManyAttempts:
            await self._refuse(known, "locked")
            raise
        right = await self._passwords.verify(user.password, password)
        if not right or user.disabled_at is not None:
            await self._refuse(user, "disabled" if right else "password")
            raise _wrong()
        return user

    def _count(self, unit: Unit, user: str) -> User:
        """One attempt more, or `TooManyAttempts`: in the transaction, so that no other worker counts beside us."""
        found, moment = unit.user(user), self._clock.now()
        require_unlocked(found.failures, found.locked_until, moment)
        failures = found.failures + 1
        counted = replace(found, failures=failures, locked_until=lock(failures, moment), version=found.version + 1)
        unit.put_user(counted)
        return counted

    async def _open(self, user: User, password: str, previous: str) -> tuple[str, Session]:
        secret, moment = secrets.token_urlsafe(32), self._clock.now()
        session = Session(digest(secret), user.id, user.organisation, moment, moment)
        replaced = digest(previous) if previous else ""
        kept = await self._passwords.hash(password) if self._passwords.outdated(user.password) else user.password

        def work(unit: Unit) -> int:
            found = unit.user(user.id)
            if found.password != user.password or found.disabled_at is not None:  # changed while we looked
                raise _wrong()
            unit.put_user(
                replace(found, password=kept, failures=0, locked_until=None, version=found.version + 1),
            )
            unit.open_session(session)
            return unit.close_sessions(digest=replaced) if replaced else 0

        def said(count: int) -> Sequence[Record]:
            body: dict[str, Json] = {"user": self._of(user), "session": self._commit("session", session.digest)}
            opened = self._record(RecordType.SESSION_OPENED, body)
            return (*self._closed(replaced, "replaced", count), opened)

        await self._ledger.commit(work, said)
        return secret, session

    async def _refuse(self, user: User, cause: str) -> None:
        """A record, of accounts that exist and a few each minute: anybody can cause these, and the log is for ever."""
        minute = self._clock.now().replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._refusals = minute, 0
        if self._refusals >= _REFUSALS_A_MINUTE:
            return
        self._refusals += 1
        record = self._record(RecordType.SESSION_REFUSED, {"user": self._of(user), "cause": cause})
        await self._ledger.commit(lambda _: None, lambda _: (record,))

    def _closed(self, ended: str, cause: str, count: int) -> Sequence[Record]:
        body: dict[str, Json] = {"session": self._commit("session", ended), "cause": cause, "count": count}
        return (self._record(RecordType.SESSION_CLOSED, body),) if count else ()

    def _of(self, user: User) -> str:
        return self._commit("reviewer", user.id)

    def _record(self, kind: RecordType, body: dict[str, Json]) -> Record:
        moment = self._clock.now()
        return Record(kind, new_id("rec", moment), moment, self._organisation, body=body)


def csrf(secret: str) -> str:
    """What a form carries to show that a page of ours made it: HMAC-SHA-256 under the secret of the cookie, 64 hex characters."""
    return hmac.digest(secret.encode(), b"csrf", "sha256").hex()


def _wrong() -> NotSignedIn:
    return NotSignedIn(_WRONG, remedy=_AGAIN)


def _nothing(_: object) -> Sequence[Record]:
    return ()
