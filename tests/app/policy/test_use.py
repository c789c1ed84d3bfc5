# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.policy.facts import Asked, Facts
from app.policy.predicates import MONTHS, PLAIN

DRAFT, WEB, LETTER, CHAT, PILOT = (
    "balie-concept",
    "balie-antwoord",
    "balie-brief",
    "balie-chat",
    "proeftuin-samenvatting",
)
RECORD = {"kinds": ["image"], "decision": {"reason": "x", "owner": "y", "date": "2026-11-01"}}
A, R = {"role": "a", "duty": "A"}, {"role": "r", "duty": "R"}
IMAGE: dict[str, Any] = {"media": frozenset({"image"})}
FOUND: dict[str, Any] = {"personal_data": frozenset({"bsn"})}


def tools(*names: str) -> dict[str, Any]:
    return {"tools": frozenset(names)}


# Predicate, task, what is changed, what is asked, whether it holds.
TABLE: list[tuple[str, str, dict[str, Any], dict[str, Any], bool]] = [
    ("application-unknown", DRAFT, {}, {}, False),
    ("task-unknown", DRAFT, {}, {}, False),
    ("purpose-missing", DRAFT, {}, {}, False),
    ("purpose-missing", DRAFT, {"application.purpose": "\t "}, {}, True),
    ("public-value-missing", DRAFT, {}, {}, False),
    ("public-value-missing", DRAFT, {"application.public_value": ""}, {}, True),
    ("risk-analysis-missing", DRAFT, {}, {}, False),
    ("risk-analysis-missing", DRAFT, {"application.risk_analysis": None}, {}, True),
    ("risk-analysis-missing", PILOT, {}, {}, False),
    ("dpia-missing", DRAFT, {}, {}, False),
    ("dpia-missing", DRAFT, {"application.dpia": None}, {}, True),
    ("dpia-missing", DRAFT, {"application.dpia": None, "application.personal_data": False}, {}, False),
    ("evaluation-unplanned", DRAFT, {}, {}, False),
    ("evaluation-unplanned", DRAFT, {"application.evaluation_date": None}, {}, True),
    ("evaluation-passed", DRAFT, {"application.evaluation_date": None}, {}, False),
    ("evaluation-passed", DRAFT, {"application.evaluation_date": "2026-11-23"}, {}, False),
    ("evaluation-passed", DRAFT, {"application.evaluation_date": "2026-11-22"}, {}, True),
    ("decision-autonomous", DRAFT, {"application.decision_making": "none"}, {}, False),
    ("decision-autonomous", DRAFT, {"application.decision_making": "supporting"}, {}, False),
    ("decision-autonomous", DRAFT, {"application.decision_making": "autonomous"}, {}, True),
    ("practice-excluded", DRAFT, {}, {}, False),
    ("practice-excluded", DRAFT, {"application.practices": ["emotion-recognition"]}, {}, True),
    ("practice-excluded", DRAFT, {"application.practices": ["biometric-categorisation"]}, {}, True),
    ("raci-incomplete", DRAFT, {"application.raci": [A, R]}, {}, False),
    ("raci-incomplete", DRAFT, {"application.raci": [A, R, R]}, {}, False),
    ("raci-incomplete", DRAFT, {"application.raci": []}, {}, True),
    ("raci-incomplete", DRAFT, {"application.raci": [A]}, {}, True),
    ("raci-incomplete", DRAFT, {"application.raci": [R]}, {}, True),
    ("raci-incomplete", DRAFT, {"application.raci": [A, A, R]}, {}, True),
    ("editor-missing", DRAFT, {}, {}, False),
    ("editor-missing", DRAFT, {"application.editorially_responsible": " "}, {}, True),
    ("contact-missing", DRAFT, {}, {}, False),
    ("contact-missing", DRAFT, {"organisation.contact": {}}, {}, True),
    ("contact-missing", DRAFT, {"organisation.contact": {}, "application.contact": {"url": "x"}}, {}, False),
    ("contact-missing", DRAFT, {"organisation.contact": {}, "application.citizen_facing": False}, {}, False),
    ("contact-missing", WEB, {"organisation.contact": {}, "application.citizen_facing": False}, {}, True),
    ("contact-missing", LETTER, {"organisation.contact": {}, "application.citizen_facing": False}, {}, True),
    ("contact-missing", CHAT, {"organisation.contact": {}, "application.citizen_facing": False}, {}, True),
    ("sandbox-data-unnamed", PILOT, {}, {}, False),
    ("sandbox-data-unnamed", PILOT, {"application.sandbox.data_set": " "}, {}, True),
    ("sandbox-data-unnamed", DRAFT, {}, {}, False),
    ("sandbox-outside-term", PILOT, {"application.sandbox.starts": "2026-11-23"}, {}, False),
    ("sandbox-outside-term", PILOT, {"application.sandbox.starts": "2026-11-24"}, {}, True),
    ("sandbox-outside-term", PILOT, {"application.sandbox.until": "2026-11-23"}, {}, False),
    ("sandbox-outside-term", PILOT, {"application.sandbox.until": "2026-11-22"}, {}, True),
    ("sandbox-publishes", PILOT, {}, {}, False),
    ("sandbox-publishes", PILOT, {"task.profile": "publication"}, {}, True),
    ("sandbox-publishes", PILOT, {"task.profile": "correspondence"}, {}, True),
    ("sandbox-publishes", WEB, {}, {}, False),
    ("sandbox-holds-personal-data", PILOT, {}, {}, False),
    ("sandbox-holds-personal-data", PILOT, {}, FOUND, True),
    ("sandbox-holds-personal-data", DRAFT, {}, FOUND, False),
    ("sandbox-refuses-personal-data", PILOT, {}, {}, False),
    ("sandbox-refuses-personal-data", PILOT, {}, FOUND, True),
    ("sandbox-refuses-personal-data", PILOT, {"application.sandbox.personal_data": "warn"}, FOUND, False),
    ("media-asked", DRAFT, {}, {}, False),
    ("media-asked", DRAFT, {}, IMAGE, True),
    ("media-unlisted", DRAFT, {}, {}, False),
    ("media-unlisted", DRAFT, {}, IMAGE, True),
    ("media-unlisted", DRAFT, {"task.media": ["image"]}, IMAGE, False),
    ("media-unlisted", DRAFT, {"task.media": ["audio"]}, IMAGE, True),
    ("media-unlisted", DRAFT, {"task.media": ["image"]}, {"media": frozenset({"hologram"})}, True),
    ("media-unrecorded", DRAFT, {}, {}, False),
    ("media-unrecorded", DRAFT, {}, IMAGE, True),
    ("media-unrecorded", DRAFT, {"task.media": ["image"]}, {}, True),
    ("media-unrecorded", DRAFT, {"task.media": ["image"], "application.media_record": RECORD}, IMAGE, False),
    ("media-unrecorded", DRAFT, {"task.media": ["video"], "application.media_record": RECORD}, {}, True),
    ("language-unlisted", DRAFT, {}, {}, False),
    ("language-unlisted", DRAFT, {}, {"languages": ("en",)}, False),
    ("language-unlisted", DRAFT, {}, {"languages": ("fy",)}, True),
    ("native-reviewer-missing", WEB, {}, {}, False),
    ("native-reviewer-missing", WEB, {}, {"languages": ("fy",)}, False),
    ("native-reviewer-missing", WEB, {}, {"languages": ("pap",)}, True),
    ("native-reviewer-missing", WEB, {"organisation.native_reviewers": []}, {"languages": ("fy",)}, True),
    ("native-reviewer-missing", WEB, {"application.development": True}, {"languages": ("pap",)}, False),
    ("native-reviewer-missing", DRAFT, {"task.languages": ["pap"]}, {}, True),
    ("tools-unlisted", WEB, {}, {}, False),
    ("tools-unlisted", WEB, {}, tools("zoek-kennisbank"), False),
    ("tools-unlisted", WEB, {}, tools("zoek-kennisbank", "stuur-mail"), True),
    ("tools-unlisted", WEB, {"task.tools": None}, tools("zoek-kennisbank"), True),
    ("tools-unlisted", DRAFT, {}, tools("rekenen"), False),
    ("tools-unlisted", DRAFT, {"task.tools": []}, tools("rekenen"), True),
    ("structured-unlisted", DRAFT, {}, {}, False),
    ("structured-unlisted", DRAFT, {}, {"structured": True}, True),
    ("structured-unlisted", DRAFT, {"task.structured": True}, {"structured": True}, False),
    ("chat-undecided", DRAFT, {}, {}, False),
    ("chat-undecided", CHAT, {}, {}, False),
    ("chat-undecided", CHAT, {"task.chat": None}, {}, True),
    ("chat-undecided", CHAT, {"task.chat.review_by": "2026-11-23"}, {}, False),
    ("chat-undecided", CHAT, {"task.chat.review_by": "2026-11-22"}, {}, True),
    ("chat-undecided", CHAT, {"task.chat.decided_on": "2026-11-24"}, {}, True),
    ("retention-unsettled", DRAFT, {"task.keep": None}, {}, False),
    ("retention-unsettled", WEB, {}, {}, False),
    ("retention-unsettled", WEB, {"task.keep": None}, {}, True),
    ("retention-unsettled", WEB, {"task.keep.content": False}, {}, True),
    ("retention-unsettled", LETTER, {"task.keep.selection_list": " "}, {}, True),
]


@pytest.mark.parametrize(("predicate", "task", "changes", "asked", "expected"), TABLE)
def test_truth(
    predicate: str,
    task: str,
    changes: dict[str, Any],
    asked: dict[str, Any],
    expected: bool,
    facts_with: Callable[..., Facts],
) -> None:
    assert PLAIN[predicate](facts_with(task, changes, **asked)) is expected


def test_the_table_shows_every_predicate_of_this_file_both_ways() -> None:
    own = {name for name, predicate in PLAIN.items() if predicate.__module__ == "app.policy.use"}
    both = {(name, outcome) for name in own for outcome in (True, False)}
    assert both - {(row[0], row[4]) for row in TABLE} == {("application-unknown", True), ("task-unknown", True)}


def test_an_application_or_organisation_that_is_not_there_is_unknown(facts_with: Callable[..., Facts]) -> None:
    nothing = Facts(date(2026, 11, 23), Asked("-", "-", "-"))
    application = facts_with(DRAFT).application
    assert PLAIN["application-unknown"](nothing)
    assert PLAIN["application-unknown"](Facts(nothing.today, nothing.asked, application=application))
    assert not PLAIN["task-unknown"](nothing)
    assert PLAIN["task-unknown"](Facts(nothing.today, nothing.asked, application=application))


@pytest.mark.parametrize(("until", "expected"), [("2027-05-01", False), ("2027-05-02", True)])
def test_a_pilot_of_six_months_from_the_first_of_november(
    until: str, expected: bool, facts_with: Callable[..., Facts]
) -> None:
    assert MONTHS["sandbox-longer-than"](facts_with(PILOT, {"application.sandbox.until": until}), 6) is expected


def test_nothing_else_holds_where_nothing_is_known() -> None:
    nothing = Facts(date(2026, 11, 23), Asked("-", "-", "-"))
    own = {name for name, predicate in PLAIN.items() if predicate.__module__ == "app.policy.use"}
    assert [name for name in own if PLAIN[name](nothing)] == ["application-unknown"]
    assert not MONTHS["sandbox-longer-than"](nothing, 1)
