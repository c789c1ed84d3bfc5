# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What waits for a human, and what a human may do with it (AI Act 50(4); Guidelines C(2026) 5054, points 133 to 138).

                ┌──────────── let_go, lease over, approve (more sign-offs needed) ───────────┐
collecting ─► pending ─► claimed ─► approved ─► withdrawn                                    │
    │            ▲          ├─────► rejected                                                 │
    │            │          └─────► changes_requested ─► pending (edit: a new edition)       │
    └► upstream_failed      ▲                                                                │
                            └────────────────────────────────────────────────────────────────┘
every open state ─► expired | withdrawn
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from app.domain.errors import ReviewConflict
from app.domain.text import LocalText


class Role(StrEnum):
    """What a person may do here. Nobody is exempt from separation, administrators neither."""

    REVIEWER = "reviewer"
    POLICY_OFFICER = "policy-officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class HoldState(StrEnum):
    """Where a hold stands."""

    COLLECTING = "collecting"
    """The client has been told, and the model is still answering."""
    PENDING = "pending"
    CLAIMED = "claimed"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UPSTREAM_FAILED = "upstream_failed"


OPEN = frozenset({HoldState.COLLECTING, HoldState.PENDING, HoldState.CLAIMED, HoldState.CHANGES_REQUESTED})
"""States in which nothing was decided yet."""


class Act(StrEnum):
    """What can be done with a hold."""

    COLLECT = "collect"
    """The model has answered in full."""
    FAIL = "fail"
    """The model gave no usable answer."""
    CLAIM = "claim"
    LET_GO = "let_go"
    EDIT = "edit"
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


_TABLE: Mapping[tuple[HoldState, Act], HoldState] = MappingProxyType(
    {
        (HoldState.COLLECTING, Act.COLLECT): HoldState.PENDING,
        (HoldState.COLLECTING, Act.FAIL): HoldState.UPSTREAM_FAILED,
        (HoldState.COLLECTING, Act.WITHDRAW): HoldState.WITHDRAWN,
        (HoldState.COLLECTING, Act.EXPIRE): HoldState.EXPIRED,
        (HoldState.PENDING, Act.CLAIM): HoldState.CLAIMED,
        (HoldState.PENDING, Act.WITHDRAW): HoldState.WITHDRAWN,
        (HoldState.PENDING, Act.EXPIRE): HoldState.EXPIRED,
        (HoldState.CLAIMED, Act.CLAIM): HoldState.CLAIMED,
        (HoldState.CLAIMED, Act.LET_GO): HoldState.PENDING,
        (HoldState.CLAIMED, Act.EDIT): HoldState.CLAIMED,
        (HoldState.CLAIMED, Act.APPROVE): HoldState.APPROVED,
        (HoldState.CLAIMED, Act.REJECT): HoldState.REJECTED,
        (HoldState.CLAIMED, Act.REQUEST_CHANGES): HoldState.CHANGES_REQUESTED,
        (HoldState.CLAIMED, Act.WITHDRAW): HoldState.WITHDRAWN,
        (HoldState.CLAIMED, Act.EXPIRE): HoldState.EXPIRED,
        (HoldState.CHANGES_REQUESTED, Act.EDIT): HoldState.PENDING,
        (HoldState.CHANGES_REQUESTED, Act.WITHDRAW): HoldState.WITHDRAWN,
        (HoldState.CHANGES_REQUESTED, Act.EXPIRE): HoldState.EXPIRED,
        (HoldState.APPROVED, Act.WITHDRAW): HoldState.WITHDRAWN,
    }
)

MOST_RENEWALS = 8
"""Of one lease, without letting go."""
_OF_THE_CLAIMANT = frozenset({Act.CLAIM, Act.LET_GO, Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES})
"""While somebody's lease is running nobody else does these."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """One thing a reviewer declares to have done, stored word for word with the sign-off."""

    id: str
    text: LocalText


@dataclass(frozen=True, slots=True)
class ReviewClass:
    """How many people look, and which of them may be the same (`review.yaml`)."""

    id: str
    sign_offs: int
    """How many different people must approve."""
    editor_may_approve: bool
    """Whether who changed the text may approve it."""
    attestations: tuple[Attestation, ...]
    """All of them are needed for each sign-off."""
    lease_minutes: int = 15
    expires_days: int = 30


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who is signed in at the desk."""

    id: str
    """`usr_…`."""
    organisation: str
    name: str
    roles: frozenset[Role]
    actor: str
    """Keyed commitment to the name under which applications vouch for this person (`Waarmerk-Context: actor`)."""
    uses: frozenset[str] = frozenset()
    """Applications this person works with: of these an unknown requester may be this person."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """One approval: by whom, when, of exactly what, declaring what."""

    reviewer: str
    moment: datetime
    binding: str
    attestations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """One answer that waits. Its content is kept apart, encrypted, per edition (`ContentReader`, kind `edition-1`, …)."""

    id: str
    """`rev_…`."""
    exchange: str
    organisation: str
    application: str
    task: str
    profile: str
    review_class: ReviewClass
    policy: str
    """SHA-256 of the policy snapshot it was held under."""
    label: str
    """Variant of the visible label it will carry."""
    language: str
    requester: str | None
    """Keyed commitment to the actor; None: unknown."""
    state: HoldState
    opened_at: datetime
    expires_at: datetime
    codes: Mapping[int, str]
    """Code of each choice."""
    same: str
    """What makes a second call the same call: equal for a retry."""
    version: int = 1
    """Rises with every change."""
    edition: int = 0
    """Of the content: 0 while it is collected, 1 as the model gave it, one more for every edit."""
    binding: str = ""
    """What an approval binds: SHA-256 over the unmarked content of every choice, the label variant and the policy."""
    record: str | None = None
    """Id of the last record about it."""
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    renewals: int = 0
    """How often the lease that is running was renewed."""
    editors: tuple[str, ...] = ()
    """Who changed the content, ever."""
    sign_offs: tuple[SignOff, ...] = ()
    """Of the current edition."""
    reason: str = ""
    """Code of the reason of the last rejection or request for changes; its free text is kept as content."""
    closed_at: datetime | None = None
    fetched_at: datetime | None = None
    """When the application first had the approved text."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What verify may say of it: `responsible`, `contact`."""

    @property
    def completion(self) -> str:
        """Id under which a vendor's SDK retrieves it."""
        return f"chatcmpl-{self.id}"

    def claimed_now(self, moment: datetime) -> bool:
        """Whether somebody's lease is running."""
        return self.state is HoldState.CLAIMED and self.claimed_until is not None and self.claimed_until > moment

    def status(self, moment: datetime) -> HoldState:
        """The state at this moment: a term or a lease that is over is over, whether somebody wrote it down or not."""
        if self.state in OPEN and self.expires_at <= moment:
            return HoldState.EXPIRED
        if self.state is HoldState.CLAIMED and not self.claimed_now(moment):
            return HoldState.PENDING
        return self.state


INVISIBLE_CHARACTERS = "invisible_characters"
"""Declared beside what the review class asks: of a text with characters that eyes would miss, that they were looked at."""

REASONS = ("facts", "sources", "tone", "bias", "personal_data", "law", "other")
"""Why something is rejected or sent back: a closed list, so that it can be counted. Free text is kept as content."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person does with a hold, and with exactly which version of it."""

    act: Act
    version: int
    """Of the hold as it was shown: whoever acts on an older one is told to look again."""
    binding: str = ""
    """Of what was shown; needed to approve."""
    attestations: tuple[str, ...] = ()
    """Ids of what this person declares; to approve: all that the review class names, and where needed `INVISIBLE_CHARACTERS`."""
    texts: Mapping[int, str] = field(default_factory=dict, repr=False)
    """To edit: the whole text of each choice that changed, without our marks."""
    reason: str = ""
    """To reject or send back: one of `REASONS`."""
    comment: str = field(default="", repr=False)
    """Free text, kept as content, never recorded."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a person said with an act."""

    by: str
    """Id of the account, `usr_…`."""
    moment: datetime
    act: Act
    reason: str
    comment: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """A hold with its content, as a reviewer sees it. Texts are by choice."""

    hold: Hold
    asked: Sequence[tuple[str, str]] = field(default=(), repr=False)
    """What was asked: role and text of each message, in order."""
    texts: Mapping[int, str] = field(default_factory=dict, repr=False)
    """The current edition, without our marks: what is edited, and what the binding binds."""
    original: Mapping[int, str] = field(default_factory=dict, repr=False)
    """As the model gave it."""
    release_form: Mapping[int, str] = field(default_factory=dict, repr=False)
    """As it would be published today, label and marks included."""
    notes: Sequence[Note] = field(default=(), repr=False)
    erased: bool = False
    """Whether all that was kept of it is gone: its term is over."""


def follow(state: HoldState, act: Act) -> HoldState:
    """The state after an act; raises `ReviewConflict` when the act is not possible now."""
    try:
        return _TABLE[state, act]
    except KeyError:
        raise ReviewConflict(
            LocalText(nl=f"Dit kan niet in de toestand {state}.", en=f"This cannot be done in state {state}.")
        ) from None


def change(hold: Hold, act: Act, moment: datetime, by: str | None = None) -> Hold:
    """The hold after an act of its own course, one version later; raises `ReviewConflict`. `by`: whose act it is, `usr_…`.

    Sign-offs are counted here: an approval that is not the last one gives the hold back to the queue. An edit voids all of
    them, and what they bound: an approval is of one content only (Guidelines, point 136). Nothing expires before its term.
    """
    _require_free(hold, act, moment, by)
    state = follow(_before(hold, act, moment), act)
    if act is Act.APPROVE and len(hold.sign_offs) + 1 < hold.review_class.sign_offs:
        state = HoldState.PENDING
    changed = replace(hold, state=state, version=hold.version + 1)
    if act is Act.EDIT:
        editors = hold.editors if by in hold.editors else (*hold.editors, str(by))
        changed = replace(changed, edition=hold.edition + 1, editors=editors, binding="", sign_offs=())
    if act is Act.CLAIM:
        changed = _claimed(changed, moment, by, renewals=hold.renewals + 1 if hold.claimed_now(moment) else 0)
    if state is not HoldState.CLAIMED:
        changed = replace(changed, claimed_by=None, claimed_until=None, renewals=0)
    return changed if state in OPEN else replace(changed, closed_at=moment)


def _claimed(hold: Hold, moment: datetime, by: str | None, *, renewals: int) -> Hold:
    """Nobody keeps it from colleagues for ever: once a lease was renewed so often, it has to be let go or run out."""
    if renewals > MOST_RENEWALS:
        raise ReviewConflict(
            LocalText(
                nl="U hebt deze tekst al lang. Beslis erover, of geef hem terug.",
                en="You have had this text for long. Decide about it, or let it go.",
            )
        )
    lease = timedelta(minutes=hold.review_class.lease_minutes)
    return replace(hold, claimed_by=by, claimed_until=moment + lease, renewals=renewals)


def _before(hold: Hold, act: Act, moment: datetime) -> HoldState:
    """The state an act begins in. To expire it begins in the state that was written down: by its status it has expired."""
    if act is not Act.EXPIRE:
        return hold.status(moment)
    if hold.state in OPEN and moment < hold.expires_at:
        raise ReviewConflict(LocalText(nl="De termijn is nog niet om.", en="The term is not over yet."))
    return hold.state


def _require_free(hold: Hold, act: Act, moment: datetime, by: str | None) -> None:
    if act not in _OF_THE_CLAIMANT:
        return
    if not by:
        raise ValueError(f"{act} is an act of a person")
    if hold.claimed_now(moment) and hold.claimed_by != by:
        raise ReviewConflict(LocalText(nl="Een collega bekijkt dit al.", en="A colleague is looking at this already."))
