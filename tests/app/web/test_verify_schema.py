# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The schema of a question takes what the counter takes, and refuses what it refuses."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.web.verify_schema import QUESTION, REPORT

SCHEMA: Any = QUESTION["requestBody"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    "question",
    [{"code": "K7Q2-9FXM-3TBW"}, {"code": " k7q29fxm3tbo"}, {"text": "a"}, {"text": "a", "manifest": "AAAA"}],
)
def test_a_question_is_one(question: dict[str, object]) -> None:
    assert Draft202012Validator(SCHEMA).is_valid(question)


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"code": ""},
        {"code": "U7Q2-9FXM-3TBW"},
        {"text": " \n"},
        {"manifest": "AAAA"},
        {"code": "K7Q2-9FXM-3TBW", "manifest": "AAAA"},
        {"text": "a", "manifest": ""},
        {"text": "a", "more": 1},
    ],
)
def test_another_is_none(question: dict[str, object]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(question)


def test_the_schemas_are_schemas() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(REPORT)
