# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The evidence log as a port: work and its records become durable together, or not at all."""

from collections.abc import Callable, Collection, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar

from app.domain.access import AccessSnapshot, ApiKey, Stop, StopKind
from app.domain.account import Session, User
from app.domain.decision import Deployment
from app.domain.output import Message, Output, Released
from app.domain.record import Record
from app.domain.review import Hold
from app.domain.subject import Subject

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TreeHead:
    """An RFC 9162 Merkle tree, as far as appending needs it."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()
    """Roots of the perfect subtrees, largest first: the frontier."""


@dataclass(frozen=True, slots=True)
class OpenExchange:
    """An exchange that has begun: what a later worker needs to close it, and the salt of its commitments."""

    id: str
    organisation: str
    application: str
    task: str
    record: str
    """Id of its `exchange:opened` record."""
    salt: bytes = field(repr=False)
    erase_after: date


@dataclass(frozen=True, slots=True)
class SealedContent:
    """Prompt or output, encrypted under a key of its own, which is wrapped under the content key."""

    exchange: str
    kind: str
    """`prompt` or `output`."""
    wrapped_key: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)


class Unit(Protocol):
    """What a piece of work may change. Everything in it happens in one transaction, with its records."""

    def admit(self, subject: Subject, deployment: Deployment) -> None:
        """Look again, inside the transaction, whether this key and this use are still in force.

        Raises `NotAuthenticated` or `Stopped`. This makes a revocation hold at once on every worker, whatever a worker remembers.
        """
        ...

    def open_exchange(self, exchange: OpenExchange) -> None:
        """Note that it runs on this worker."""
        ...

    def close_exchange(self, exchange: str) -> None:
        """Note that it has ended. Raises `EvidenceUnavailable` when it was closed before (a worker thought dead)."""
        ...

    def keep(self, content: SealedContent) -> None:
        """Store encrypted content beside the log."""
        ...

    def orphans(self, running: Container[str] | None = None) -> Sequence[OpenExchange]:
        """Close, and return, open exchanges of workers that no longer show a sign of life, and of this one if not in `running`.

        `running` is looked at on the writer's thread, so it must be the living table, not a copy: an exchange is in it from
        before its opening is committed until after its end is. None: nothing of this worker is lost. At most 500 at a time.
        """
        ...

    def erase(self, before: date) -> Sequence[OpenExchange]:
        """Destroy content, item keys and salts of closed exchanges whose term ended before this date; return what was erased.

        At most 500 at a time; the salts of what is returned are empty.
        """
        ...

    def add_key(self, key: ApiKey) -> None:
        """Let a key in."""
        ...

    def revoke_key(self, key: str, moment: datetime) -> ApiKey:
        """Withdraw a key. Raises `UnknownName` when there is no such key in force."""
        ...

    def stop(self, stop: Stop) -> None:
        """Order that something is used no longer; the same order twice is one order."""
        ...

    def start(self, kind: StopKind, name: str) -> Stop:
        """Lift a stop. Raises `UnknownName` when there is none."""
        ...

    def issue(self, outputs: Sequence[Output]) -> None:
        """Note outputs that leave under their codes. Append-only, so it is cheap."""
        ...

    def release(self, released: Sequence[Released], outputs: Sequence[Output]) -> None:
        """Note outputs of an approved hold, with what verify needs to find them by text."""
        ...

    def withdraw_outputs(self, hold: str) -> None:
        """What verify says of a hold's outputs from now on: withdrawn."""
        ...

    def add_hold(self, hold: Hold) -> None:
        """A new hold. Raises `ReviewConflict` when an open one has the same `same` in this organisation and application."""
        ...

    def hold(self, hold: str) -> Hold:
        """As it is now, and locked until the transaction ends. Raises `UnknownName`."""
        ...

    def put_hold(self, hold: Hold) -> None:
        """In place of the version before it. Raises `ReviewConflict` when that is not what is stored."""
        ...

    def stale_holds(self, moment: datetime) -> Sequence[Hold]:
        """Open holds whose term is over at this moment, and those collected in an exchange that has ended. At most 500, locked."""
        ...

    def add_user(self, user: User) -> None:
        """A new account. Raises `ReviewConflict` when the name is taken."""
        ...

    def user(self, name: str) -> User:
        """By sign-in name or id, as it is now, locked. Raises `UnknownName`."""
        ...

    def put_user(self, user: User) -> None:
        """In place of the version before it. Raises `ReviewConflict` when that is not what is stored."""
        ...

    def open_session(self, session: Session) -> None:
        """A new sign-in."""
        ...

    def touch_session(self, digest: str, moment: datetime) -> None:
        """It was used at this moment; nothing when it is gone."""
        ...

    def close_sessions(self, *, digest: str = "", user: str = "", unseen_since: datetime | None = None) -> int:
        """Sign out one browser, one user everywhere, or whoever was not seen since; return how many. Exactly one is named."""
        ...

    def enqueue(self, message: Message) -> None:
        """Something to tell, in the same step as what it tells."""
        ...

    def due_messages(self, moment: datetime, passing_over: Collection[str] = ()) -> Sequence[Message]:
        """At most 20 that are due at this moment, the oldest first, but for those of these kinds."""
        ...

    def postpone(self, message: str, due: datetime) -> None:
        """Try it again at this moment; one more attempt is counted."""
        ...

    def dismiss(self, message: str) -> None:
        """It was told, or will never be."""
        ...


class Ledger(Protocol):
    """The one way to change anything that matters."""

    async def commit(self, work: Callable[[Unit], T], records: Callable[[T], Sequence[Record]]) -> T:
        """Do the work and append its records in one durable step; return what the work returned.

        An exception from the work rolls back this unit alone and comes out here. Raises `EvidenceUnavailable` when nothing can be
        written; then nothing has changed. May be awaited by a task that is being cancelled: a unit that was begun is finished.
        Both callables run on the writer's thread, and once more when their transaction was overtaken: they change nothing but
        the unit.
        """
        ...


class Workers(Protocol):
    """The processes that serve, to one another."""

    async def beat(self) -> None:
        """Give a sign of life, once a second; after five of another's without one of ours, ours are its orphans.

        Raises `EvidenceUnavailable`.
        """
        ...


class ContentReader(Protocol):
    """Kept content, still encrypted."""

    def sealed(self, exchange: str) -> Sequence[SealedContent]:
        """What is kept of an exchange, by kind; nothing after erasure. Raises `EvidenceUnavailable`."""
        ...


class HoldReader(Protocol):
    """Holds as the desk and the doors see them. Each raises `EvidenceUnavailable` when storage does not answer."""

    def hold(self, hold: str) -> Hold | None:
        """By id; of this organisation only."""
        ...

    def hold_of(self, exchange: str) -> Hold | None:
        """By exchange."""
        ...

    def same(self, application: str, same: str) -> Hold | None:
        """The newest hold of the same call, open or closed."""
        ...

    def waiting(self, application: str) -> int:
        """How many holds of this application nobody has decided about."""
        ...

    def holds(self, *, open_only: bool = True, limit: int = 200) -> Sequence[Hold]:
        """Open ones by term, the soonest first, of each application so many; else those closed, the newest first."""
        ...


class AccountReader(Protocol):
    """People and their sessions. Each raises `EvidenceUnavailable` when storage does not answer."""

    def user(self, name: str) -> User | None:
        """By sign-in name or id."""
        ...

    def users(self) -> Sequence[User]:
        """All of this organisation, by name."""
        ...

    def session(self, digest: str) -> tuple[Session, User] | None:
        """A session and whose it is."""
        ...


class OutputReader(Protocol):
    """What left, for verify. Each raises `EvidenceUnavailable` when storage does not answer."""

    def output(self, code: str) -> Output | None:
        """By code, in its canonical form."""
        ...

    def published(self, digests: Sequence[str]) -> Sequence[Output]:
        """Approved and withdrawn outputs under any of these keyed digests."""
        ...

    def manifest(self, code: str) -> bytes | None:
        """The C2PA manifest store of an approved output."""
        ...

    def salt(self, exchange: str) -> bytes | None:
        """Of the commitments of an exchange; None once it was erased."""
        ...


class AccessStore(Protocol):
    """Who may come in, as stored."""

    async def version(self) -> int:
        """Rises with every change of keys or stops: one cheap look."""
        ...

    async def load(self) -> AccessSnapshot:
        """Keys and stops in force."""
        ...


class LogReader(Protocol):
    """The log as an auditor reads it: without the code that wrote it."""

    def organisations(self) -> Sequence[str]:
        """Organisations that have a log."""
        ...

    def head(self, organisation: str) -> TreeHead:
        """The head as stored."""
        ...

    def entries(self, organisation: str, start: int = 0) -> Iterator[tuple[int, str, bytes]]:
        """Index, record id and canonical bytes of each entry, in order of index."""
        ...

    def entry(self, organisation: str, record: str) -> tuple[int, bytes] | None:
        """Index and canonical bytes of one entry, by the id of its record."""
        ...


class Checkpoints(Protocol):
    """Signed checkpoints as published, one per size: two notes for one size would be two logs (C2SP tlog-checkpoint)."""

    def put(self, organisation: str, size: int, note: str) -> str:
        """Keep this note unless one of its size is kept already; return the note that is kept now, durably.

        Raises `EvidenceUnavailable` when nothing can be written.
        """
        ...

    def latest(self, organisation: str) -> str | None:
        """The note of the largest size."""
        ...

    def published(self, organisation: str) -> Iterator[tuple[int, str]]:
        """Size and note of each, smallest first."""
        ...


class Anchor(Protocol):
    """Where the last signed checkpoint is remembered outside the database, so that an older database is noticed."""

    def latest(self, organisation: str) -> str | None:
        """The last note that was signed, as far as this place knows."""
        ...

    def put(self, organisation: str, note: str) -> None:
        """Remember this note, durably, before anybody is shown it."""
        ...
