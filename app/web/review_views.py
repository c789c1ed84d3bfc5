# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the desk show of holds: pure, from what the pipeline gives to what a template says."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from app.domain.decision import Profile
from app.domain.errors import ReviewConflict, SeparationRefused
from app.domain.review import OPEN, Act, Attestation, Hold, HoldState, Item, Reviewer, Role, follow
from app.domain.separation import require
from app.domain.text import LocalText
from app.web.safe_text import Framed, Kind, Piece, foreign, framed, pieces
from app.web.when import Moment, Term, moment, term
from watermark.text import remove

LEAST_ROLES: Final = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
TONES: Final[Mapping[HoldState, str]] = {
    HoldState.COLLECTING: "rest",
    HoldState.PENDING: "wait",
    HoldState.CLAIMED: "busy",
    HoldState.CHANGES_REQUESTED: "wait",
    HoldState.APPROVED: "good",
    HoldState.REJECTED: "bad",
    HoldState.EXPIRED: "rest",
    HoldState.WITHDRAWN: "rest",
    HoldState.UPSTREAM_FAILED: "rest",
}
"""Which colour and sign a state has; its word is in `words.py`."""
_PUBLISHED: Final = frozenset({Profile.PUBLICATION, Profile.CORRESPONDENCE})
_ENDS_BY_ITSELF: Final = {
    HoldState.EXPIRED: Act.EXPIRE.value,
    HoldState.WITHDRAWN: Act.WITHDRAW.value,
    HoldState.UPSTREAM_FAILED: Act.FAIL.value,
}
"""Ends that need no word of a person."""
_OF_THE_CLAIMANT: Final = frozenset({Act.LET_GO, Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES})


@dataclass(frozen=True, slots=True)
class Row:
    """One hold in a list."""

    hold: Hold
    state: HoldState
    tone: str
    term: Term
    asked: Moment
    closed: Moment | None
    fetched: Moment | None
    mine: bool
    who: str
    """Name of who is looking; empty: nobody."""
    until: Moment | None
    may_claim: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter."""

    name: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, as chosen."""

    rows: Sequence[Row]
    total: int
    states: Sequence[Chip]
    applications: Sequence[Chip]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, when, and how people are called."""

    reviewer: Reviewer
    now: datetime
    names: Mapping[str, str]
    """By id of the account."""

    def name(self, user: str | None) -> str:
        """Of an account; its id where it is not known any more."""
        return self.names.get(user or "", user or "")


_FILTERS: Final[Mapping[str, Callable[[Row], bool]]] = {
    "all": lambda _: True,
    "todo": lambda row: row.state is HoldState.PENDING,
    "mine": lambda row: row.mine,
    "others": lambda row: row.state is HoldState.CLAIMED and not row.mine,
    "changes": lambda row: row.state is HoldState.CHANGES_REQUESTED,
}


def row(hold: Hold, viewer: Viewer) -> Row:
    """One hold, as this person sees it in a list."""
    state = hold.status(viewer.now)
    claimed = state is HoldState.CLAIMED
    return Row(
        hold=hold,
        state=state,
        tone=TONES[state],
        term=term(hold.expires_at, viewer.now),
        asked=moment(hold.opened_at, viewer.now),
        closed=moment(hold.closed_at, viewer.now) if hold.closed_at else None,
        fetched=moment(hold.fetched_at, viewer.now) if hold.fetched_at else None,
        mine=claimed and hold.claimed_by == viewer.reviewer.id,
        who=viewer.name(hold.claimed_by) if claimed else "",
        until=moment(hold.claimed_until, viewer.now) if claimed and hold.claimed_until else None,
        may_claim=state is HoldState.PENDING and may_approve(hold, viewer.reviewer) is None,
    )


def queue(holds: Sequence[Hold], viewer: Viewer, *, state: str, application: str) -> Queue:
    """Rows that match the filters of the address; each filter counts what it would show beside the other one."""
    rows = [row(hold, viewer) for hold in holds if hold.status(viewer.now) in OPEN]
    state = state if state in _FILTERS else "all"
    names = sorted({each.hold.application for each in rows})
    of_application = [each for each in rows if application in ("", each.hold.application)]
    of_state = [each for each in rows if _FILTERS[state](each)]
    states = [
        Chip(name, sum(map(keep, of_application)), _address(name, application), name == state)
        for name, keep in _FILTERS.items()
    ]
    applications = [
        Chip(
            name,
            sum(name in ("", each.hold.application) for each in of_state),
            _address(state, name),
            name == application,
        )
        for name in ["", *names]
    ]
    shown = [each for each in of_application if each in of_state]
    return Queue(shown, len(rows), states, applications if len(names) > 1 else ())


def _address(state: str, application: str) -> str:
    chosen = {"state": state if state != "all" else "", "application": application}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"/review/?{query}" if query else "/review/"


def next_of(holds: Sequence[Hold], viewer: Viewer, done: str) -> Hold | None:
    """What this person could do after this one: the soonest that is free, or theirs already, and that they may approve."""
    for hold in holds:
        each = row(hold, viewer)
        if hold.id != done and (each.may_claim or each.mine):
            return hold
    return None


def may_approve(hold: Hold, reviewer: Reviewer) -> LocalText | None:
    """None, or why separation does not let this person approve it."""
    try:
        require(reviewer, hold, Act.APPROVE)
    except SeparationRefused as refused:
        return refused.reason
    return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of an item."""

    number: int
    code: str
    above: str
    body: Sequence[Piece]
    below: str
    text: str
    """For a field in which it is changed."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened with an item. What a person wrote is hostile text too."""

    name: str
    when: Moment
    who: str = ""
    reason: str = ""
    comment: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class ItemView:
    """A hold with its content, as this person sees it."""

    row: Row
    choices: Sequence[Choice]
    asked: Sequence[tuple[str, Sequence[Piece]]]
    """Role and text of each message."""
    history: Sequence[Event]
    changed: bool
    """Whether the text is another than the model gave."""
    marked: bool
    """Whether our invisible marks are shown in it."""
    bare: bool
    """Whether it is published without a line that says what it is, where people would expect one."""
    foreign: bool
    """Whether it holds characters that need a look of their own."""
    attestations: Sequence[Attestation]
    acts: frozenset[str]
    """What this person can do now: values of `Act`."""
    may_not: LocalText | None
    """Why this person may not approve it, whoever holds it."""
    requester: str
    """`you`, `known` or `unknown`."""
    editors: Sequence[str]
    """Names of who changed the text."""
    erased: bool
    """Whether its content is gone."""

    @property
    def hold(self) -> Hold:
        """What it is about."""
        return self.row.hold


def item(shown: Item, viewer: Viewer) -> ItemView:
    """Everything a page says about an item."""
    hold = shown.hold
    choices = [_choice(shown, number) for number in sorted({*shown.texts, *shown.release_form})]
    return ItemView(
        row=row(hold, viewer),
        choices=choices,
        asked=[(role if role in LEAST_ROLES else "other", pieces(text)) for role, text in shown.asked],
        history=_history(shown, viewer),
        changed=bool(shown.original) and dict(shown.texts) != dict(shown.original),
        marked=any(piece.kind is Kind.MARK for choice in choices for piece in choice.body),
        bare=hold.profile in _PUBLISHED
        and any(remove(form) == remove(shown.texts.get(number, "")) for number, form in shown.release_form.items()),
        foreign=any(foreign(choice.body) for choice in choices),
        attestations=hold.review_class.attestations,
        acts=frozenset(act.value for act in Act if _possible(act, hold, viewer)),
        may_not=may_approve(hold, viewer.reviewer),
        requester=_requester(hold, viewer.reviewer),
        editors=[viewer.name(user) for user in hold.editors],
        erased=shown.erased,
    )


def _choice(shown: Item, number: int) -> Choice:
    text = shown.texts.get(number, "")
    published = shown.release_form.get(number)
    frame = Framed("", text, "") if published is None else framed(published, text)
    codes: Collection[str] = tuple(shown.hold.codes.values())
    return Choice(
        number=number,
        code=shown.hold.codes.get(number, ""),
        above=frame.above,
        body=pieces(frame.body, codes),
        below=frame.below,
        text=editable(text),
    )


def editable(text: str) -> str:
    """As a field of a form can hold it: without what HTML cannot write."""
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")


def _possible(act: Act, hold: Hold, viewer: Viewer) -> bool:
    if Role.REVIEWER not in viewer.reviewer.roles:
        return False
    try:
        follow(hold.status(viewer.now), act)
    except ReviewConflict:
        return False
    others = hold.claimed_now(viewer.now) and hold.claimed_by != viewer.reviewer.id
    if others and act in _OF_THE_CLAIMANT | {Act.CLAIM}:
        return False
    return act is not Act.APPROVE or may_approve(hold, viewer.reviewer) is None


def _requester(hold: Hold, reviewer: Reviewer) -> str:
    if hold.requester is None:
        return "unknown"
    return "you" if hold.requester == reviewer.actor else "known"


def _history(shown: Item, viewer: Viewer) -> Sequence[Event]:
    """In order of time; an approval without a word is known from its sign-off only."""
    hold = shown.hold
    happened = [(hold.opened_at, Event("opened", moment(hold.opened_at, viewer.now)))]
    happened += [
        (
            note.moment,
            Event(
                note.act.value,
                moment(note.moment, viewer.now),
                viewer.name(note.by),
                note.reason,
                pieces(note.comment) if note.comment else (),
            ),
        )
        for note in shown.notes
    ]
    told = {(note.by, note.moment) for note in shown.notes}
    happened += [
        (signed.moment, Event("approve", moment(signed.moment, viewer.now), viewer.name(signed.reviewer)))
        for signed in hold.sign_offs
        if (signed.reviewer, signed.moment) not in told
    ]
    ended = _ENDS_BY_ITSELF.get(hold.state)
    if hold.closed_at and ended and ended not in {note.act.value for note in shown.notes}:
        happened.append((hold.closed_at, Event(ended, moment(hold.closed_at, viewer.now))))
    if hold.fetched_at:
        happened.append((hold.fetched_at, Event("fetched", moment(hold.fetched_at, viewer.now))))
    return [event for _, event in sorted(happened, key=lambda each: each[0])]
