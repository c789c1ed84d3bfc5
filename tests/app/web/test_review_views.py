# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the desk shows of holds, without a page around it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.review import Act, Hold, HoldState, Item, Note, Reviewer, Role, SignOff
from app.web.review_views import TONES, Viewer, editable, item, may_approve, next_of, queue, row
from tests.paper_desk import TWO, PaperPipeline
from tests.people import ORGANISATION, HandClock

ANNA = Reviewer("usr_anna", ORGANISATION, "anna", frozenset({Role.REVIEWER}), actor="anna-actor")
CLOCK = HandClock()
NOW = CLOCK.now()
VIEWER = Viewer(ANNA, NOW, {"usr_anna": "anna", "usr_bram": "bram"})
LEASE: dict[str, Any] = {"state": HoldState.CLAIMED, "claimed_until": NOW + timedelta(minutes=5)}


def hold(**changes: Any) -> Hold:  # noqa: ANN401  fields of the hold
    return PaperPipeline(CLOCK).add(**changes)


def acts(shown: Hold, viewer: Viewer = VIEWER) -> frozenset[str]:
    return item(Item(shown, texts={0: "Een tekst."}), viewer).acts


@pytest.mark.parametrize(
    ("changes", "form", "bare"),
    [
        ({}, {0: '{"a": 1}'}, True),
        ({}, {0: "AI.\n\nEen tekst.\n\n\u2014\nCode", 1: '{"a": 1}'}, True),
        ({"profile": "correspondence"}, {0: '{"a": 1}'}, True),
        ({"profile": "assistive"}, {0: '{"a": 1}'}, False),
        ({}, {0: 'AI.\n\n{"a": 1}\n\n\u2014\nCode'}, False),
        ({}, {}, False),
    ],
)
def test_a_text_that_is_published_without_lines_is_warned_of(
    changes: dict[str, str], form: dict[int, str], bare: bool
) -> None:
    texts = {0: "Een tekst." if len(form) > 1 else '{"a": 1}', 1: '{"a": 1}'}
    assert item(Item(hold(**changes), texts=texts, release_form=form), VIEWER).bare is bare


def test_every_state_has_a_tone() -> None:
    assert set(TONES) == set(HoldState)


def test_a_lease_that_is_over_is_free_again_and_a_term_that_is_over_is_over() -> None:
    over = row(hold(state=HoldState.CLAIMED, claimed_by="usr_bram", claimed_until=NOW), VIEWER)
    assert (over.state, over.who, over.may_claim) == (HoldState.PENDING, "", True)
    assert row(hold(expires_at=NOW), VIEWER).state is HoldState.EXPIRED
    assert queue([hold(expires_at=NOW)], VIEWER, state="all", application="").rows == []


def test_filters_count_what_they_would_show() -> None:
    holds = [
        hold(),
        hold(application="wmo"),
        hold(claimed_by="usr_anna", **LEASE),
        hold(claimed_by="usr_bram", **LEASE),
    ]
    shown = queue(holds, VIEWER, state="todo", application="balie")
    assert {chip.name: chip.count for chip in shown.states} == {
        "all": 3,
        "todo": 1,
        "mine": 1,
        "others": 1,
        "changes": 0,
    }
    assert {chip.name: chip.count for chip in shown.applications} == {"": 2, "balie": 1, "wmo": 1}
    assert [chip.name for chip in shown.states if chip.current] == ["todo"]
    assert (len(shown.rows), shown.total) == (1, 4)


def test_an_unknown_filter_shows_everything_and_one_application_needs_no_filter() -> None:
    shown = queue([hold(), hold()], VIEWER, state="nonsense", application="")
    assert (len(shown.rows), shown.applications) == (2, ())


def test_the_next_one_is_free_and_mine_to_approve() -> None:
    done, forbidden, busy, free = hold(), hold(requester=ANNA.actor), hold(claimed_by="usr_bram", **LEASE), hold()
    assert next_of([done, forbidden, busy, free], VIEWER, done.id) == free
    assert next_of([done, forbidden, busy], VIEWER, done.id) is None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (hold(), {"claim", "withdraw"}),
        (hold(claimed_by="usr_bram", **LEASE), {"withdraw"}),
        (
            hold(claimed_by="usr_anna", **LEASE),
            {"claim", "let_go", "edit", "approve", "reject", "request_changes", "withdraw"},
        ),
        (
            hold(claimed_by="usr_anna", requester=ANNA.actor, **LEASE),
            {"claim", "let_go", "edit", "reject", "request_changes", "withdraw"},
        ),
        (hold(state=HoldState.CHANGES_REQUESTED), {"edit", "withdraw"}),
        (hold(state=HoldState.APPROVED), {"withdraw"}),
        (hold(state=HoldState.REJECTED), set()),
        (hold(expires_at=NOW), set()),
    ],
)
def test_what_can_be_done_is_what_the_domain_allows(shown: Hold, expected: set[str]) -> None:
    people = acts(shown) - {"collect", "fail", "expire"}
    assert people == expected


def test_an_auditor_can_do_nothing() -> None:
    auditor = replace(ANNA, roles=frozenset({Role.AUDITOR}))
    assert acts(hold(), Viewer(auditor, NOW, {})) == frozenset()


def test_who_may_not_approve_is_told_why() -> None:
    assert may_approve(hold(), ANNA) is None
    edited = hold(review_class=TWO, editors=(ANNA.id,))
    reason = may_approve(edited, ANNA)
    assert reason is not None
    assert "You changed this text." in reason.en


def test_history_is_in_order_and_tells_nothing_twice() -> None:
    signed = SignOff("usr_bram", NOW, "b", ())
    note = Note("usr_bram", NOW, Act.APPROVE, "", "Goed.")
    silent = SignOff("usr_anna", NOW - timedelta(minutes=5), "b", ())
    approved = hold(state=HoldState.APPROVED, closed_at=NOW, fetched_at=NOW + timedelta(1), sign_offs=(silent, signed))
    told = item(Item(approved, texts={0: "x"}, notes=[note]), VIEWER).history
    assert [(event.name, event.who) for event in told] == [
        ("opened", ""),
        ("approve", "anna"),
        ("approve", "bram"),
        ("fetched", ""),
    ]


@pytest.mark.parametrize(
    ("state", "name"),
    [(HoldState.EXPIRED, "expire"), (HoldState.WITHDRAWN, "withdraw"), (HoldState.UPSTREAM_FAILED, "fail")],
)
def test_an_end_without_a_word_is_told(state: HoldState, name: str) -> None:
    assert item(Item(hold(state=state, closed_at=NOW)), VIEWER).history[-1].name == name


def test_of_an_item_it_says_whether_it_was_erased() -> None:
    assert item(Item(hold(), erased=True), VIEWER).erased
    assert not item(Item(hold()), VIEWER).erased


def test_an_item_without_content_has_no_choices() -> None:
    assert item(Item(hold(state=HoldState.COLLECTING)), VIEWER).choices == []


def test_a_field_holds_only_what_html_can_write() -> None:
    assert editable("a\x00b\ud800c") == "a\ufffdb?c"
