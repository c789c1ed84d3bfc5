# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A control runs, unless a reason says otherwise."""

from dataclasses import replace

import pytest

from app.domain.control import (
    NO_TEXT,
    Case,
    Control,
    Declared,
    Door,
    Form,
    Kind,
    Says,
    Why,
    fulfilled_by,
    waits,
)
from app.domain.decision import Envelope, HoldForReview, Keep, Label

DOOR = Door("POST", "/v1/chat/completions", Kind.GENERATION, "openai.chat.completions")
CASE = Case(DOOR, "balie", "balie-concept", "internal-draft", frozenset({Envelope, Keep}))
HELD = replace(CASE, obligations=frozenset({Envelope, HoldForReview}))


def at(kind: Kind, case: Case = HELD) -> Case:
    return replace(case, door=replace(DOOR, kind=kind))


@pytest.mark.parametrize("kind", Kind)
def test_what_says_nothing_runs_everywhere(kind: Kind) -> None:
    assert Declared().excuse(at(kind)) is None


def test_the_door_comes_first_then_policy_then_the_form() -> None:
    declared = Declared(Label, NO_TEXT, lambda _: Why.NO_PROSE)
    assert declared.excuse(at(Kind.MODELS)) is Why.NO_TEXT
    assert declared.excuse(CASE) is Why.NOT_ASKED
    assert declared.excuse(replace(CASE, obligations=frozenset({Label}))) is Why.NO_PROSE
    assert Declared(Envelope).excuse(CASE) is None


def test_only_calls_of_tools_do_not_wait_for_a_human() -> None:
    assert waits(HELD) is waits(at(Kind.PUBLICATION)) is Why.WAITS
    assert waits(replace(HELD, form=Form(says=Says.BOTH))) is Why.WAITS
    assert waits(replace(HELD, form=Form(says=Says.CALLS))) is None
    assert waits(CASE) is waits(at(Kind.RETRIEVAL)) is None


def test_what_can_be_done_is_what_is_declared() -> None:
    assert fulfilled_by({Control.ENVELOPE: Declared(Envelope), Control.STOP: Declared()}) == {Envelope}


def test_programs_get_a_name_without_spaces() -> None:
    assert Control.SENTENCE_IDS.slug == "sentence-ids"
