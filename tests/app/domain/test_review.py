# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.domain.errors import ReviewConflict
from app.domain.review import MOST_RENEWALS, OPEN, Act, Hold, HoldState, ReviewClass, SignOff, change, follow

MOMENT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TERM = MOMENT + timedelta(days=30)
LEASE = timedelta(minutes=15)
ONE = ReviewClass("one", sign_offs=1, editor_may_approve=True, attestations=())
THREE = ReviewClass("three", sign_offs=3, editor_may_approve=False, attestations=())

COURSE = """
                   collect  fail     claim    let_go   edit     approve  reject   request  withdraw expire
collecting         pending  failed   -        -        -        -        -        -        withdr   expired
pending            -        -        claimed  -        -        -        -        -        withdr   expired
claimed            -        -        claimed  pending  claimed  approved rejected changes  withdr   expired
changes_requested  -        -        -        -        pending  -        -        -        withdr   expired
approved           -        -        -        -        -        -        -        -        withdr   -
rejected           -        -        -        -        -        -        -        -        -        -
expired            -        -        -        -        -        -        -        -        -        -
withdrawn          -        -        -        -        -        -        -        -        -        -
upstream_failed    -        -        -        -        -        -        -        -        -        -
"""
"""The whole course, as the architecture's section 6 tells it: a state, and what each act makes of it."""
SHORT = {
    "failed": "upstream_failed",
    "withdr": "withdrawn",
    "changes": "changes_requested",
    "request": "request_changes",
}


def course() -> Mapping[tuple[HoldState, Act], HoldState | None]:
    """The table above, read."""
    head, *rows = (line.split() for line in COURSE.strip().splitlines())
    acts = [Act(SHORT.get(name, name)) for name in head]
    return {
        (HoldState(state), act): None if cell == "-" else HoldState(SHORT.get(cell, cell))
        for state, *cells in rows
        for act, cell in zip(acts, cells, strict=True)
    }


def a_hold(**fields: Any) -> Hold:  # noqa: ANN401
    fresh = Hold(
        id="rev_1",
        exchange="exc_1",
        organisation="gemeente-voorbeeld",
        application="guus",
        task="guus-antwoord",
        profile="publication",
        review_class=ONE,
        policy="a" * 64,
        label="reviewed",
        language="nl",
        requester=None,
        state=HoldState.PENDING,
        opened_at=MOMENT,
        expires_at=TERM,
        codes={0: "K7Q2-9FXM-3TBW"},
        same="s",
        edition=1,
        binding="b" * 64,
    )
    return replace(fresh, **fields)


def claimed(**fields: Any) -> Hold:  # noqa: ANN401
    """By Anna, with a lease that is running."""
    return a_hold(**{"state": HoldState.CLAIMED, "claimed_by": "usr_anna", "claimed_until": MOMENT + LEASE, **fields})


def in_state(state: HoldState, **fields: Any) -> Hold:  # noqa: ANN401
    """As it would really be in this state."""
    if state is HoldState.CLAIMED:
        return claimed(**fields)
    return a_hold(state=state, closed_at=None if state in OPEN else MOMENT, **fields)


def signed(*people: str) -> tuple[SignOff, ...]:
    return tuple(SignOff(person, MOMENT, "b" * 64, ()) for person in people)


def when(act: Act) -> datetime:
    """A moment at which this act is in time."""
    return TERM if act is Act.EXPIRE else MOMENT


def test_the_table_is_about_everything_there_is() -> None:
    assert set(course()) == {(state, act) for state in HoldState for act in Act}


@pytest.mark.parametrize(("state", "act"), sorted(course()))
def test_each_act_in_each_state(state: HoldState, act: Act) -> None:
    wanted, hold = course()[state, act], in_state(state)
    if wanted is None:
        with pytest.raises(ReviewConflict):
            change(hold, act, when(act), "usr_anna")
        with pytest.raises(ReviewConflict, match=f"state {state}"):
            follow(state, act)
        return
    changed = change(hold, act, when(act), "usr_anna")
    assert changed.state is follow(state, act) is wanted
    assert changed.version == hold.version + 1
    assert changed.closed_at == (None if wanted in OPEN else when(act))
    assert (changed.claimed_by, changed.claimed_until) == (
        ("usr_anna", MOMENT + LEASE) if wanted is HoldState.CLAIMED else (None, None)
    )


def test_open_is_what_can_still_expire() -> None:
    assert {state for (state, act), after in course().items() if act is Act.EXPIRE and after} == OPEN


@pytest.mark.parametrize(("state", "act"), [key for key, after in sorted(course().items()) if after])
def test_an_act_touches_nothing_else(state: HoldState, act: Act) -> None:
    hold = in_state(state, sign_offs=(), editors=("usr_cor",), reason="facts", attributes={"contact": "loket"})
    changed = change(hold, act, when(act), "usr_anna")
    course_of_it = {"state", "version", "claimed_by", "claimed_until", "closed_at"}
    of_this_act = {Act.EDIT: {"edition", "editors", "binding"}, Act.CLAIM: {"renewals"}}.get(act, set())
    assert {
        name for name in Hold.__slots__ if getattr(changed, name) != getattr(hold, name)
    } <= course_of_it | of_this_act


@pytest.mark.parametrize("act", [Act.CLAIM, Act.LET_GO, Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES])
def test_while_one_looks_nobody_else_acts(act: Act) -> None:
    last = MOMENT + LEASE - timedelta(microseconds=1)
    with pytest.raises(ReviewConflict, match="colleague"):
        change(claimed(), act, last, "usr_bea")
    assert change(claimed(), act, last, "usr_anna").version == 2


@pytest.mark.parametrize("act", [Act.LET_GO, Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES])
@pytest.mark.parametrize("person", ["usr_anna", "usr_bea"])
def test_after_the_lease_it_is_claimed_again_first(act: Act, person: str) -> None:
    with pytest.raises(ReviewConflict, match="state pending"):
        change(claimed(), act, MOMENT + LEASE, person)
    again = change(claimed(), Act.CLAIM, MOMENT + LEASE, person)
    assert (again.claimed_by, again.claimed_until) == (person, MOMENT + 2 * LEASE)
    assert change(again, act, MOMENT + LEASE, person).version == 3


def test_who_claims_again_has_a_new_lease() -> None:
    later = MOMENT + timedelta(minutes=10)
    assert change(claimed(), Act.CLAIM, later, "usr_anna").claimed_until == later + LEASE


def test_nobody_renews_a_lease_for_ever() -> None:
    hold = change(a_hold(), Act.CLAIM, MOMENT, "usr_anna")
    for number in range(1, MOST_RENEWALS + 1):
        hold = change(hold, Act.CLAIM, MOMENT, "usr_anna")
        assert hold.renewals == number
    with pytest.raises(ReviewConflict, match="for long"):
        change(hold, Act.CLAIM, MOMENT, "usr_anna")
    assert change(hold, Act.CLAIM, MOMENT + LEASE, "usr_bea").renewals == 0
    assert change(change(hold, Act.LET_GO, MOMENT, "usr_anna"), Act.CLAIM, MOMENT, "usr_anna").renewals == 0


def test_the_lease_is_that_of_the_review_class() -> None:
    hold = a_hold(review_class=replace(ONE, lease_minutes=90))
    assert change(hold, Act.CLAIM, MOMENT, "usr_anna").claimed_until == MOMENT + timedelta(minutes=90)


@pytest.mark.parametrize("by", [None, ""])
@pytest.mark.parametrize("act", [Act.CLAIM, Act.LET_GO, Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES])
def test_an_act_of_a_person_names_the_person(act: Act, by: str | None) -> None:
    hold = a_hold() if act is Act.CLAIM else claimed(claimed_by=by)
    with pytest.raises(ValueError, match="of a person"):
        change(hold, act, MOMENT, by)


def test_as_many_sign_offs_as_the_class_asks() -> None:
    hold = claimed(review_class=THREE)
    for person in ("usr_anna", "usr_bea"):
        given_back = change(hold, Act.APPROVE, MOMENT, person)
        assert given_back.state is HoldState.PENDING
        assert (given_back.claimed_by, given_back.claimed_until, given_back.closed_at) == (None, None, None)
        hold = replace(given_back, sign_offs=(*given_back.sign_offs, *signed(person)))
        hold = change(hold, Act.CLAIM, MOMENT, "usr_bea" if person == "usr_anna" else "usr_cor")
    done = change(hold, Act.APPROVE, MOMENT, "usr_cor")
    assert (done.state, done.closed_at, done.sign_offs) == (HoldState.APPROVED, MOMENT, signed("usr_anna", "usr_bea"))


@pytest.mark.parametrize("state", [HoldState.CLAIMED, HoldState.CHANGES_REQUESTED])
def test_an_edit_makes_an_edition_and_voids_what_was_signed(state: HoldState) -> None:
    hold = in_state(state, review_class=THREE, sign_offs=signed("usr_bea", "usr_cor"), edition=2, editors=("usr_bea",))
    edited = change(hold, Act.EDIT, MOMENT, "usr_anna")
    assert (edited.edition, edited.editors, edited.sign_offs) == (3, ("usr_bea", "usr_anna"), ())
    assert edited.binding == "", "what was bound is not what is there now"
    once_more = change(replace(edited, state=HoldState.CHANGES_REQUESTED), Act.EDIT, MOMENT, "usr_bea")
    assert (once_more.edition, once_more.editors) == (4, ("usr_bea", "usr_anna"))


def test_other_acts_leave_the_sign_offs() -> None:
    hold = claimed(review_class=THREE, sign_offs=signed("usr_bea"))
    for act in (Act.CLAIM, Act.LET_GO, Act.REJECT, Act.REQUEST_CHANGES, Act.APPROVE, Act.WITHDRAW):
        assert change(hold, act, MOMENT, "usr_anna").sign_offs == signed("usr_bea")


@pytest.mark.parametrize("state", sorted(OPEN))
@pytest.mark.parametrize("act", sorted(Act))
def test_after_the_term_nothing_is_possible_but_to_expire(state: HoldState, act: Act) -> None:
    hold = in_state(state, **({"claimed_until": TERM + LEASE} if state is HoldState.CLAIMED else {}))
    assert hold.status(TERM) is HoldState.EXPIRED
    if act is Act.EXPIRE:
        assert change(hold, act, TERM).state is HoldState.EXPIRED
    else:
        with pytest.raises(ReviewConflict):
            change(hold, act, TERM, "usr_anna")


@pytest.mark.parametrize("state", sorted(HoldState))
def test_nothing_expires_before_its_term(state: HoldState) -> None:
    with pytest.raises(ReviewConflict):
        change(in_state(state), Act.EXPIRE, TERM - timedelta(microseconds=1))


@pytest.mark.parametrize("state", sorted(frozenset(HoldState) - OPEN))
def test_what_was_decided_does_not_expire(state: HoldState) -> None:
    assert in_state(state).status(TERM) is state


def test_the_status_tells_of_a_lease_that_is_over() -> None:
    assert claimed().status(MOMENT) is HoldState.CLAIMED
    assert claimed().status(MOMENT + LEASE) is HoldState.PENDING
    assert claimed(claimed_until=None).status(MOMENT) is HoldState.PENDING
    assert not a_hold(claimed_until=MOMENT + LEASE).claimed_now(MOMENT)


def test_a_vendor_retrieves_it_under_its_own_prefix() -> None:
    assert a_hold().completion == "chatcmpl-rev_1"


PEOPLE = ("usr_anna", "usr_bea", "usr_cor", "usr_dirk")


class Desk(RuleBasedStateMachine):
    """Anybody tries anything at any time. Beside the hold stand notes of our own: what must be true follows from these only."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MOMENT
        self.hold = a_hold(state=HoldState.COLLECTING, edition=0, binding="", review_class=THREE)
        self.edition = 0
        self.approvals: list[str] = []
        self.looking: tuple[str, datetime] | None = None
        self.end: HoldState | None = None

    @rule(minutes=st.integers(0, 20) | st.just(60 * 24 * 16))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(act=st.sampled_from(sorted(Act)), person=st.sampled_from(PEOPLE))
    def anything(self, act: Act, person: str) -> None:
        """Whatever it is, it either follows the rules or changes nothing."""
        before = self.hold
        allowed = self._allowed(act, person)
        try:
            changed = change(before, act, self.now, person)
        except ReviewConflict:
            assert not allowed
            return
        assert allowed
        assert changed.version == before.version + 1
        self._note(act, person)
        self.hold = replace(changed, edition=self.edition, sign_offs=signed(*self.approvals))

    @precondition(lambda self: self.hold.state is HoldState.PENDING)
    @rule(person=st.sampled_from(PEOPLE))
    def look(self, person: str) -> None:
        """Often, else a course would hardly ever come to its end."""
        self.anything(Act.CLAIM, person)

    @precondition(lambda self: self.hold.state is HoldState.CLAIMED)
    @rule(act=st.sampled_from([Act.APPROVE, Act.APPROVE, Act.EDIT, Act.REQUEST_CHANGES]))
    def decide(self, act: Act) -> None:
        self.anything(act, self.hold.claimed_by or "")

    @invariant()
    def nothing_is_published_without_its_sign_offs(self) -> None:
        if self.hold.state is HoldState.APPROVED:
            assert len(self.approvals) == 3
        assert self.hold.closed_at is None or self.hold.state not in OPEN

    @invariant()
    def what_ended_stays_ended(self) -> None:
        assert self.end is None or self.hold.status(self.now) is self.end

    @invariant()
    def one_person_looks_at_a_time(self) -> None:
        busy = self.looking is not None and self.now < self.looking[1] and self.now < TERM
        assert (self.hold.status(self.now) is HoldState.CLAIMED) == busy
        assert not busy or self.hold.claimed_by == (self.looking or ("", self.now))[0]

    def _allowed(self, act: Act, person: str) -> bool:
        over = self.now >= TERM
        if act is Act.EXPIRE:
            return over and self.end is None
        if act is Act.WITHDRAW:
            return self.end is HoldState.APPROVED or (self.end is None and not over)
        if self.end is not None or over:
            return False
        who = self.looking[0] if self.looking is not None and self.now < self.looking[1] else None
        if act in {Act.COLLECT, Act.FAIL}:
            return self.edition == 0
        if act is Act.CLAIM:
            return self.edition > 0 and not self._sent_back() and who in {None, person}
        return who == person or (act is Act.EDIT and self._sent_back())

    def _sent_back(self) -> bool:
        return self.hold.state is HoldState.CHANGES_REQUESTED

    def _note(self, act: Act, person: str) -> None:
        if act is Act.CLAIM:
            self.looking = (person, self.now + LEASE)
        elif act is not Act.EDIT:
            self.looking = None
        if act in {Act.COLLECT, Act.EDIT}:
            self.edition, self.approvals = self.edition + 1, []
        if act is Act.APPROVE:
            self.approvals.append(person)
        done = act is not Act.APPROVE or len(self.approvals) == 3
        self.end = course_ends().get(act, self.end) if done else self.end


def course_ends() -> Mapping[Act, HoldState]:
    """Where the acts lead that end it."""
    return {act: after for (_, act), after in course().items() if after is not None and after not in OPEN}


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=200, stateful_step_count=50, deadline=None, database=None)


@given(st.lists(st.sampled_from(sorted(Act)), max_size=30), st.sampled_from(PEOPLE))
def test_the_version_counts_every_change(acts: list[Act], person: str) -> None:
    hold, changes = a_hold(), 0
    for act in acts:
        try:
            hold = change(hold, act, MOMENT, person)
        except ReviewConflict:
            continue
        changes += 1
    assert hold.version == 1 + changes
