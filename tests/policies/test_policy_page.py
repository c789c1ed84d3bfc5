# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for the security team shows the rules, the profiles and the numbers as they are."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

import policies
from app.domain.decision import Obligation, Profile, Sandbox
from app.evidence.exchange import Evidence
from app.marking.room import Marking
from app.policy.disclosure import SHOWN
from app.policy.facts import Asked
from app.policy.judge import judge
from app.policy.loader import load_policy
from app.policy.obligations import COMMITMENT_DAYS, LABELS
from app.policy.room import MOST_LETTERS, MOST_VERDICTS
from app.policy.rule import Rule
from app.policy.snapshot import PolicySnapshot
from app.review.submit import Review
from watermark.label import LONGEST

FOLDER = Path(policies.__file__).parent
PAGE = (FOLDER.parent / "docs" / "policy.md").read_text(encoding="utf-8")
ABLE = Marking.fulfils | Review.fulfils | Evidence.fulfils


@pytest.fixture(scope="module")
def snapshot() -> PolicySnapshot:
    return load_policy(FOLDER / "baseline", FOLDER / "example")


def test_the_table_of_rules_is_the_rules(tmp_path: Path) -> None:
    """Of the baseline, beside an organisation that adds none."""
    rows = [_rule(bound.rule) for bound in load_policy(FOLDER / "baseline", tmp_path).rules]
    expected = ["| rule | effect | denied when | source | observable |", "|---|---|---|---|---|", *rows]
    assert _table("The rules", 0) == expected, "paste this into docs/policy.md:\n" + "\n".join(expected)


def test_the_table_of_profiles_is_what_a_permit_carries(snapshot: PolicySnapshot) -> None:
    rows = [_profile(profile, _obligations(snapshot, profile)) for profile in Profile]
    expected = ["| profile | obligations | answered by this version |", "|---|---|---|", *rows]
    assert _table("Profiles and their obligations", 0) == expected, "paste this into docs/policy.md:\n" + "\n".join(
        expected
    )


def test_every_obligation_is_explained_and_no_other() -> None:
    explained = [row.split(" | ")[0].removeprefix("| ") for row in _table("Profiles and their obligations", 1)[2:]]
    assert sorted(explained) == sorted(kind.__name__ for kind in get_args(Obligation))


def test_the_table_of_review_classes_is_what_is_shipped(snapshot: PolicySnapshot) -> None:
    rows = [
        f"| `{each.id}` | {each.sign_offs} | {'yes' if each.editor_may_approve else 'no'} "
        f"| {each.lease_minutes} minutes | {each.expires_days} days |"
        for each in snapshot.review_classes.values()
    ]
    assert _table("Who looks at what is held", 0)[2:] == rows


def test_each_class_asks_for_what_the_page_says_a_reviewer_declares(snapshot: PolicySnapshot) -> None:
    rows = _table("Who looks at what is held", 1)[2:]
    for each in snapshot.review_classes.values():
        assert rows == [f"| `{said.id}` | {said.text.en} |" for said in each.attestations]


def test_the_table_of_labels_is_what_a_permit_carries(snapshot: PolicySnapshot) -> None:
    rows = [f"| `{profile}` | `{variant}` | {SHOWN[variant]} |" for profile, variant in LABELS.items()]
    assert _table("Which label, in which language", 0)[2:] == rows
    assert f"one line of {LONGEST} characters" in PAGE


def test_a_sandbox_asks_for_nothing_this_version_cannot_do() -> None:
    assert Sandbox in ABLE


@pytest.mark.parametrize(
    "sentence",
    [
        f"Keep is {COMMITMENT_DAYS} days of proof",
        f"per day (UTC), {MOST_VERDICTS} at most",
        f"A question of more than {MOST_LETTERS}\n  characters",
    ],
)
def test_the_numbers_are_those_of_the_code(sentence: str) -> None:
    assert sentence in PAGE


def _table(heading: str, which: int) -> list[str]:
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    tables: list[str] = re.findall(r"(?:^\|.*\n?)+", section, re.MULTILINE)
    return tables[which].strip().splitlines()


def _rule(rule: Rule) -> str:
    observable = "yes" if rule.observable else ""
    return f"| `{rule.id}` | {rule.effect} | {rule.reason.en} | {rule.source} | {observable} |".replace("|  |", "| |")


def _profile(profile: Profile, obligations: Iterable[Obligation]) -> str:
    kinds = [type(obligation) for obligation in obligations]
    answered = "yes" if ABLE.issuperset(kinds) else "no"
    return f"| `{profile}` | {', '.join(kind.__name__ for kind in kinds)} | {answered} |"


def _obligations(snapshot: PolicySnapshot, profile: Profile) -> tuple[Obligation, ...]:
    """Of the task of the example organisation that has this profile and takes nothing away."""
    application = snapshot.applications["gemeente-voorbeeld", "balie"]
    alias = next(alias for alias, task in application.tasks.items() if task.profile is profile and not task.plain)
    asked = Asked("gemeente-voorbeeld", "balie", alias)
    return judge(snapshot, asked, date(2026, 11, 23)).obligations
