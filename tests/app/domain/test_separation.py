# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from itertools import combinations, product

import pytest

from app.domain.errors import SeparationRefused, UnknownName, WaarmerkError
from app.domain.review import Act, Hold, HoldState, ReviewClass, Reviewer, Role, SignOff
from app.domain.separation import require, require_sight
from tests.storage_reviews import a_hold
from tests.storage_units import MOMENT

OF_A_REVIEWER = {Act.CLAIM, Act.LET_GO, Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES, Act.WITHDRAW}
MINE, OTHERS = "commitment to anna", "commitment to bea"


def anna(
    *roles: Role, organisation: str = "gemeente-voorbeeld", uses: frozenset[str] = frozenset(), actor: str = MINE
) -> Reviewer:
    return Reviewer("usr_anna", organisation, "Anna", frozenset(roles or {Role.REVIEWER}), actor, uses)


def refused(reviewer: Reviewer, hold: Hold, act: Act) -> str | None:
    """None where it is allowed; else the reason."""
    try:
        require(reviewer, hold, act)
    except WaarmerkError as error:
        return type(error).__name__ + ": " + error.reason.en
    return None


CASES = list(product((None, MINE, OTHERS), *[(False, True)] * 4))
"""Requester, whether she uses the application, has edited, is let approve what she edited, has signed already."""


@pytest.mark.parametrize(("requester", "uses", "edited", "editor_may", "signed"), CASES)
def test_who_may_approve(requester: str | None, uses: bool, edited: bool, editor_may: bool, signed: bool) -> None:
    reviewer = anna(uses=frozenset({"guus"} if uses else {"hans"}))
    hold = a_hold(
        state=HoldState.CLAIMED,
        requester=requester,
        editors=("usr_cor", "usr_anna") if edited else ("usr_cor",),
        review_class=ReviewClass("two", 2, editor_may, ()),
        sign_offs=tuple(SignOff(name, MOMENT, "b", ()) for name in ("usr_dirk", *(["usr_anna"] if signed else []))),
    )
    may = not (requester == MINE or (requester is None and uses) or (edited and not editor_may) or signed)
    assert (refused(reviewer, hold, Act.APPROVE) is None) == may
    for act in OF_A_REVIEWER - {Act.APPROVE}:
        assert refused(reviewer, hold, act) is None, "whoever asked, changed or signed may still help, and say no"


@pytest.mark.parametrize(
    ("hold", "reviewer", "reason"),
    [
        (a_hold(requester=MINE), anna(), "asked for this text yourself"),
        (a_hold(requester=None), anna(uses=frozenset({"guus"})), "Nobody knows who asked"),
        (a_hold(editors=("usr_anna",), review_class=ReviewClass("two", 2, False, ())), anna(), "changed this text"),
        (a_hold(sign_offs=(SignOff("usr_anna", MOMENT, "b", ()),)), anna(), "approved this text already"),
    ],
)
def test_each_refusal_says_why(hold: Hold, reviewer: Reviewer, reason: str) -> None:
    with pytest.raises(SeparationRefused, match=reason):
        require(reviewer, hold, Act.APPROVE)


@pytest.mark.parametrize("roles", [set(roles) for count in range(5) for roles in combinations(Role, count)])
@pytest.mark.parametrize("act", sorted(Act))
def test_only_a_reviewer_acts_whatever_else_they_are(roles: set[Role], act: Act) -> None:
    """Administrators and policy officers too: no role opens what this one does not."""
    reviewer = Reviewer("usr_anna", "gemeente-voorbeeld", "Anna", frozenset(roles), MINE)
    may = Role.REVIEWER in roles and act in OF_A_REVIEWER
    assert (refused(reviewer, a_hold(), act) is None) == may
    assert may or (refused(reviewer, a_hold(), act) or "").startswith("SeparationRefused")


@pytest.mark.parametrize("role", list(Role))
def test_reviewers_and_auditors_see_content(role: Role) -> None:
    if role in {Role.REVIEWER, Role.AUDITOR}:
        require_sight(anna(role), a_hold())
        return
    with pytest.raises(SeparationRefused, match="see content"):
        require_sight(anna(role), a_hold())


@pytest.mark.parametrize("act", sorted(Act))
@pytest.mark.parametrize("roles", [(), tuple(Role)])
def test_what_is_of_another_organisation_does_not_exist(act: Act, roles: tuple[Role, ...]) -> None:
    """Whoever they are: a refusal would tell that it is there."""
    stranger = Reviewer("usr_anna", "ministerie-voorbeeld", "Anna", frozenset(roles), MINE)
    with pytest.raises(UnknownName):
        require(stranger, a_hold(requester=MINE), act)
    with pytest.raises(UnknownName):
        require_sight(stranger, a_hold())


def test_an_administrator_who_reviews_is_bound_as_everybody() -> None:
    with pytest.raises(SeparationRefused, match="yourself"):
        require(anna(*Role), a_hold(requester=MINE), Act.APPROVE)


def test_a_known_requester_frees_the_other_users_of_the_application() -> None:
    require(anna(uses=frozenset({"guus"})), a_hold(requester=OTHERS), Act.APPROVE)
