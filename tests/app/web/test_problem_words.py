# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nothing is left to explain, and nothing is explained that does not exist."""

from app.web.edge import EDGE_PROBLEMS
from app.web.problem_pages import CATALOGUE
from app.web.problem_words import CAUSES, EDGE


def test_every_problem_has_a_cause_and_every_cause_a_problem() -> None:
    assert sorted(CAUSES) == sorted([*CATALOGUE, *EDGE_PROBLEMS])


def test_what_the_edge_refuses_is_told_in_dutch_too() -> None:
    assert sorted(EDGE) == sorted(EDGE_PROBLEMS)


def test_a_cause_is_a_sentence_and_no_two_are_the_same() -> None:
    for language in ("nl", "en"):
        said = [getattr(cause, language) for cause in CAUSES.values()]
        assert [sentence for sentence in said if not (sentence[0].isupper() and sentence.endswith("."))] == []
        assert len(set(said)) == len(said)
