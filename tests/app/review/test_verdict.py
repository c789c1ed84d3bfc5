# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A verdict says all it must, and is about exactly what was shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import InvalidRequest, ReviewConflict
from app.domain.review import INVISIBLE_CHARACTERS, REASONS, Act, HoldState, SignOff, Verdict
from app.review.binding import binding_of
from app.review.verdict import (
    LONGEST_COMMENT,
    LONGEST_TEXT,
    edition,
    is_last,
    judged,
    require_complete,
    require_declared,
    require_shown,
)
from tests.app.review.holds import HOLD, NOW, TEXTS, TWO

CLAIMED = replace(
    HOLD, state=HoldState.CLAIMED, claimed_by="usr_1", claimed_until=NOW + timedelta(minutes=5), version=2
)
APPROVAL = Verdict(Act.APPROVE, 2, HOLD.binding, ("facts", "tone"))


def test_what_is_complete_and_as_shown_passes() -> None:
    require_complete(APPROVAL, TEXTS)
    require_shown(CLAIMED, APPROVAL)
    for reason in REASONS:
        require_complete(Verdict(Act.REJECT, 2, reason=reason), TEXTS)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 1},
        {"version": 3},
        {"binding": ""},
        {"binding": "0" * 64},
    ],
)
def test_an_approval_of_anything_else_is_a_conflict(changes: dict[str, Any]) -> None:
    with pytest.raises(ReviewConflict):
        require_shown(CLAIMED, replace(APPROVAL, **changes))


@pytest.mark.parametrize("declared", [("facts",), (), ("facts", "tone", "more")])
def test_an_approval_declares_all_that_is_asked_and_nothing_unknown(declared: tuple[str, ...]) -> None:
    require_declared(CLAIMED, APPROVAL, TEXTS)
    require_declared(CLAIMED, Verdict(Act.CLAIM, 2), TEXTS)
    with pytest.raises(ReviewConflict):
        require_declared(CLAIMED, replace(APPROVAL, attestations=declared), TEXTS)


@pytest.mark.parametrize("hidden", ["Een\u200b.", "Een\u202e.", "Een\U000e0041."])
def test_who_approves_characters_that_eyes_miss_says_to_have_looked_at_them(hidden: str) -> None:
    texts = {**TEXTS, 1: hidden}
    with pytest.raises(ReviewConflict):
        require_declared(CLAIMED, APPROVAL, texts)
    looked = replace(APPROVAL, attestations=("facts", "tone", INVISIBLE_CHARACTERS))
    require_declared(CLAIMED, looked, texts)
    signed = judged(CLAIMED, looked, NOW, "usr_1", texts).sign_offs[-1]
    assert signed.attestations == ("facts", INVISIBLE_CHARACTERS, "tone")


def test_nothing_is_approved_that_has_no_content_yet() -> None:
    with pytest.raises(ReviewConflict):
        require_shown(replace(CLAIMED, binding=""), replace(APPROVAL, binding=""))


def test_every_act_is_about_one_version() -> None:
    with pytest.raises(ReviewConflict):
        require_shown(HOLD, Verdict(Act.CLAIM, 2))


@pytest.mark.parametrize(
    ("verdict", "place"),
    [
        (Verdict(Act.REJECT, 2), "/reason"),
        (Verdict(Act.REQUEST_CHANGES, 2, reason="lelijk"), "/reason"),
        (Verdict(Act.LET_GO, 2, comment="x" * (LONGEST_COMMENT + 1)), "/comment"),
        (Verdict(Act.LET_GO, 2, comment="\ud800"), "/comment"),
        (Verdict(Act.EDIT, 2), "/texts"),
        (Verdict(Act.EDIT, 2, texts={0: "Een."}), "/texts"),
        (Verdict(Act.EDIT, 2, texts={2: "Drie."}), "/texts/2"),
        (Verdict(Act.EDIT, 2, texts={0: " \n"}), "/texts/0"),
        (Verdict(Act.EDIT, 2, texts={0: "a\0b"}), "/texts/0"),
        (Verdict(Act.EDIT, 2, texts={0: "x" * (LONGEST_TEXT + 1)}), "/texts/0"),
    ],
)
def test_what_is_missing_or_cannot_be_is_named(verdict: Verdict, place: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        require_complete(verdict, TEXTS)
    assert [fault.pointer for fault in caught.value.faults] == [place]


def test_an_edit_names_what_it_changes_and_leaves_the_rest() -> None:
    assert edition(Verdict(Act.EDIT, 2, texts={1: "Twee\r\nregels."}), TEXTS) == {0: "Een.", 1: "Twee\nregels."}


def test_an_edit_binds_the_new_text_and_voids_what_was_signed() -> None:
    signed = replace(CLAIMED, sign_offs=(SignOff("usr_2", NOW, HOLD.binding, ("facts", "tone")),))
    texts = {0: "Anders.", 1: "Twee."}
    changed = judged(signed, Verdict(Act.EDIT, 2, texts={0: "Anders."}), NOW, "usr_1", texts)
    assert changed.binding == binding_of(texts, label="reviewed", language="nl", policy="0" * 64)
    assert (changed.sign_offs, changed.edition, changed.editors) == ((), 2, ("usr_1",))


def test_an_approval_is_kept_with_what_it_bound_and_declared() -> None:
    changed = judged(CLAIMED, APPROVAL, NOW, "usr_1", TEXTS)
    assert changed.state is HoldState.APPROVED
    assert changed.sign_offs == (SignOff("usr_1", NOW, HOLD.binding, ("facts", "tone")),)


def test_of_two_sign_offs_the_first_gives_the_hold_back() -> None:
    twice = replace(CLAIMED, review_class=TWO)
    assert not is_last(twice)
    once = judged(twice, APPROVAL, NOW, "usr_1", TEXTS)
    assert (once.state, once.claimed_by) == (HoldState.PENDING, None)
    assert is_last(once)


def test_a_rejection_keeps_its_reason() -> None:
    changed = judged(CLAIMED, Verdict(Act.REJECT, 2, reason="law"), NOW, "usr_1", TEXTS)
    assert (changed.state, changed.reason, changed.closed_at) == (HoldState.REJECTED, "law", NOW)


def test_after_its_term_nothing_can_be_done() -> None:
    for act in (Act.CLAIM, Act.APPROVE, Act.EDIT, Act.REJECT):
        with pytest.raises(ReviewConflict):
            judged(CLAIMED, replace(APPROVAL, act=act), HOLD.expires_at, "usr_1", TEXTS)
