# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json

import pytest
from pydantic import ValidationError

from app.policy.rule import Case, Rule

TEXT = {"nl": "x", "en": "x"}
RULE = {"id": "r", "effect": "deny", "when": "w", "reason": TEXT, "remedy": TEXT, "source": "s"}
CASE = {
    "name": "n",
    "organisation": "o",
    "application": "a",
    "task": "t",
    "today": "2026-01-01",
    "expect": {"effect": "deny"},
}


def test_a_rule_is_enforced_unless_it_says_otherwise() -> None:
    assert Rule.model_validate_json(json.dumps(RULE)).observable is False


@pytest.mark.parametrize(
    "more",
    [
        {"effect": "permit"},
        {"months": 0},
        {"months": 25},
        {"countries": ["cn"]},
        {"reason": {"nl": "x"}},
        {"source": ""},
        {"unless": "w"},
    ],
)
def test_a_rule_only_takes_away_and_says_why(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate_json(json.dumps(RULE | more))


def test_a_case_takes_changes_of_any_kind() -> None:
    changes: dict[str, object] = {
        "contract.valid_to": "2026-01-01",
        "application.raci": [],
        "deployment.contract": None,
    }
    case = Case.model_validate_json(json.dumps(CASE | {"set": changes}))
    assert case.set == changes


@pytest.mark.parametrize(
    "more", [{"expect": {}}, {"expect": {"effect": "maybe"}}, {"today": "today"}, {"request": {"media": ["x"]}}]
)
def test_a_case_expects_something_of_a_day(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Case.model_validate_json(json.dumps(CASE | more))
