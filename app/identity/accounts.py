# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""People who may sign in: made, changed and shut out by an operator, each with its record in the same step.

An operator never knows a password: he hands over a setup link, which works once and for three days.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from app.domain.account import User
from app.domain.clock import Clock
from app.domain.errors import Fault, FormRefused, InvalidRequest, ReviewConflict, UnknownName
from app.domain.ids import new_id
from app.domain.json import Json
from app.domain.ledger import AccountReader, Ledger, Unit
from app.domain.record import Record, RecordType
from app.domain.review import Role
from app.domain.text import LocalText
from app.domain.threads import look
from app.identity.authentication import digest
from app.identity.passwords import Passwords, check_choice

Commit = Callable[[str, str], str]
"""`(field, value) -> commitment` under the key of the organisation."""

SETUP_TERM: Final = timedelta(hours=72)
_ID: Final = "usr"
_NAME: Final = re.compile(rf"(?!{_ID}_)[a-z0-9][a-z0-9._@+-]{{0,63}}")
_ACTOR: Final = re.compile(r"[ -~]{0,256}")
"""What `Waarmerk-Context` can say: another name would never be found equal, and separate nobody."""
_VOID: Final = LocalText(
    nl="Deze code werkt niet: hij is al gebruikt, verlopen of vervangen.",
    en="This code does not work: it was used, is too old or was replaced.",
)
_ASK: Final = LocalText(nl="Vraag uw beheerder om een nieuwe link.", en="Ask your operator for a new link.")
_OTHER: Final = LocalText(
    nl="Kies een andere naam. `waarmerk user list` toont de namen die er zijn.",
    en="Choose another name. `waarmerk user list` shows those there are.",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an operator changes about a person; None leaves it as it is."""

    roles: frozenset[Role] | None = None
    actor: str | None = None
    uses: frozenset[str] | None = None


class Accounts:
    """The people of one organisation. `by` is the commitment to whoever gives the order."""

    def __init__(
        self,
        ledger: Ledger,
        reader: AccountReader,
        clock: Clock,
        organisation: str,
        *,
        commit: Commit,
        passwords: Passwords,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._clock = clock
        self._organisation = organisation
        self._commit = commit
        self._passwords = passwords

    async def users(self) -> Sequence[User]:
        """All of them, by name. Raises `EvidenceUnavailable`."""
        return await look(self._reader.users)

    async def create(
        self, name: str, roles: Iterable[Role], *, by: str, actor: str = "", uses: Iterable[str] = ()
    ) -> tuple[User, str]:
        """A new account and the secret of its setup link, which is nowhere kept.

        Raises `InvalidRequest` for a name or an actor that is none or an account without a role, `ReviewConflict` for a name that is taken.
        """
        moment = self._clock.now()
        user = User(
            id=new_id(_ID, moment),
            organisation=self._organisation,
            name=_checked_name(name),
            roles=_checked_roles(roles),
            created_at=moment,
            actor=_checked_actor(actor),
            uses=frozenset(uses),
        )
        secret = _new_secret(user)
        user = replace(user, setup=digest(secret), setup_until=moment + SETUP_TERM)
        said: dict[str, Json] = {**self._standing(user), "by": by}
        record = self._record(RecordType.USER_CREATED, user, said)
        try:
            await self._ledger.commit(lambda unit: unit.add_user(user), lambda _: (record,))
        except ReviewConflict as taken:
            raise ReviewConflict(taken.reason, remedy=_OTHER) from None
        return user, secret

    async def renew_link(self, name: str, *, by: str) -> str:
        """The secret of a new setup link. The password is void from now on, every session ends and a lock is lifted.

        Raises `UnknownName`, and `ReviewConflict` for an account that was disabled.
        """
        return await self._invite(name, by, enable=False)

    async def enable(self, name: str, *, by: str) -> str:
        """Let somebody in again who was disabled, by a new setup link. Raises `UnknownName`."""
        return await self._invite(name, by, enable=True)

    async def disable(self, name: str, *, by: str) -> User:
        """Shut somebody out, at once on every worker. Raises `UnknownName`."""
        moment = self._clock.now()

        def work(unit: Unit) -> User:
            return _put(unit, replace(unit.user(name), disabled_at=moment, password="", setup="", setup_until=None))

        return await self._change(work, "disabled", by)

    async def change(self, name: str, changes: Changes, *, by: str) -> User:
        """Other roles, another name at applications, other applications: sessions end, so nobody keeps what he had.

        Raises `UnknownName`, and `InvalidRequest` when no role is left or the actor is none.
        """
        roles = None if changes.roles is None else _checked_roles(changes.roles)
        actor = None if changes.actor is None else _checked_actor(changes.actor)

        def work(unit: Unit) -> User:
            user = unit.user(name)
            changed = replace(
                user,
                roles=user.roles if roles is None else roles,
                actor=user.actor if actor is None else actor,
                uses=user.uses if changes.uses is None else changes.uses,
            )
            return _put(unit, changed)

        return await self._change(work, "standing", by)

    async def set_password(self, secret: str, password: str) -> User:
        """Use a setup link: once, in its term. Raises `FormRefused`, also for a password that is too easy to guess."""
        name = secret.partition(".")[0]
        user = await look(self._reader.user, name)
        self._require_link(user, secret)
        check_choice(password, "" if user is None else user.name, self._organisation)
        kept = await self._passwords.hash(password)

        def work(unit: Unit) -> User:
            try:
                found = unit.user(name)
            except UnknownName:
                raise _void() from None
            self._require_link(found, secret)
            return _put(unit, replace(_unlocked(found), password=kept, setup="", setup_until=None))

        return await self._change(work, "password", None)

    async def _invite(self, name: str, by: str, *, enable: bool) -> str:
        known = await look(self._reader.user, name)
        if known is None:
            raise UnknownName
        secret, moment = _new_secret(known), self._clock.now()

        def work(unit: Unit) -> User:
            user = unit.user(known.id)
            if user.disabled_at is not None and not enable:
                raise ReviewConflict(
                    LocalText(nl="Dit account is uitgezet.", en="This account is disabled."),
                    remedy=LocalText(
                        nl="Zet het weer aan met `waarmerk user enable`.", en="Enable it with `waarmerk user enable`."
                    ),
                )
            invited = replace(_unlocked(user), password="", disabled_at=None)
            return _put(unit, replace(invited, setup=digest(secret), setup_until=moment + SETUP_TERM))

        await self._change(work, "enabled" if enable else "link", by)
        return secret

    async def _change(self, work: Callable[[Unit], User], what: str, by: str | None) -> User:
        """Without an operator the person did it himself."""

        def said(user: User) -> Sequence[Record]:
            body: dict[str, Json] = {**self._standing(user), "changed": what}
            return (
                self._record(RecordType.USER_CHANGED, user, {**body, "by": by or self._commit("reviewer", user.id)}),
            )

        return await self._ledger.commit(work, said)

    def _require_link(self, user: User | None, secret: str) -> None:
        fits = user is not None and bool(user.setup) and hmac.compare_digest(user.setup, digest(secret))
        if user is None or not fits or user.setup_until is None:
            raise _void()
        if user.setup_until <= self._clock.now():
            raise _void()

    def _standing(self, user: User) -> dict[str, Json]:
        return {"roles": sorted(role.value for role in user.roles), "uses": sorted(user.uses)}

    def _record(self, kind: RecordType, user: User, body: dict[str, Json]) -> Record:
        moment = self._clock.now()
        said: dict[str, Json] = {"user": self._commit("reviewer", user.id), **body}
        return Record(kind, new_id("rec", moment), moment, self._organisation, body=said)


def _put(unit: Unit, user: User) -> User:
    """In place of the version before it; whoever is signed in as this person is so no longer."""
    changed = replace(user, version=user.version + 1)
    unit.put_user(changed)
    unit.close_sessions(user=user.id)
    return changed


def _unlocked(user: User) -> User:
    return replace(user, failures=0, locked_until=None)


def _new_secret(user: User) -> str:
    """256 random bits behind the id of the account, by which it is found; only its digest is kept."""
    return f"{user.id}.{secrets.token_urlsafe(32)}"


def _void() -> FormRefused:
    return FormRefused(_VOID, remedy=_ASK)


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidRequest(
            Fault("/name", "must be 1 to 64 of a-z, 0-9 and . _ @ + -, beginning with a letter or a digit")
        )
    return name


def _checked_actor(actor: str) -> str:
    if not _ACTOR.fullmatch(actor):
        raise InvalidRequest(
            Fault("/actor", "must be at most 256 printable ASCII characters, as Waarmerk-Context carries")
        )
    return actor


def _checked_roles(roles: Iterable[Role]) -> frozenset[Role]:
    given = frozenset(roles)
    if not given:
        raise InvalidRequest(Fault("/roles", "must name at least one role"))
    return given
