# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the page for policy officers says is so: its files load, its verdicts follow, its tables name every field."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

import policies
from app.cli.policy import policy
from app.domain.decision import Effect
from app.policy.application import Application, Task
from app.policy.cases import run_case
from app.policy.catalogue import VISIBLE, Offering
from app.policy.document import read_document
from app.policy.loader import load_policy
from app.policy.organisation import Contract, DeploymentEntry, Organisation
from app.policy.rule import Case
from app.policy.snapshot import PolicySnapshot
from app.settings import Settings

FOLDER = Path(policies.__file__).parent
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL))
SESSIONS = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
MISSING = re.findall(r"^\| `(\w+\.[^`]+)` \| `([a-z-]+)` \|$", PAGE, re.MULTILINE)
TABLES: dict[str, type[BaseModel]] = {
    "organisations/*.yaml": Organisation,
    "contracts/*.yaml": Contract,
    "deployments.yaml": DeploymentEntry,
    "applications/*.yaml": Application,
    "a task": Task,
    "cases.yaml": Case,
    "Reading the catalogue": Offering,
}


def _write(folder: Path) -> Path:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> PolicySnapshot:
    return load_policy(FOLDER / "baseline", _write(tmp_path_factory.mktemp("organisation")))


def test_the_worked_example_is_a_whole_folder_and_reaches_its_verdicts(snapshot: PolicySnapshot) -> None:
    assert {Path(name).parts[0] for name in FILES} == {
        "organisations",
        "contracts",
        "deployments.yaml",
        "applications",
        "cases.yaml",
        "rules.yaml",
    }
    outcomes = [run_case(snapshot, case) for case in snapshot.cases]
    assert {outcome.case.expect.effect for outcome in outcomes} == {Effect.PERMIT, Effect.DENY}
    assert [outcome.failures for outcome in outcomes if outcome.failures] == []


@pytest.mark.parametrize(("fact", "rule"), MISSING)
def test_what_is_missing_is_refused_by_the_rule_that_the_page_names(
    snapshot: PolicySnapshot, fact: str, rule: str
) -> None:
    path, _, value = fact.partition(": ")
    tree = read_document("README.md", f"value: {value}".encode()).tree
    assert isinstance(tree, dict)
    permitted = next(case for case in snapshot.cases if case.expect.effect is Effect.PERMIT)
    expect = {"effect": "deny", "rule": rule}
    denied = permitted.model_dump(mode="json") | {"set": {path: tree["value"]}, "expect": expect}
    outcome = run_case(snapshot, Case.model_validate_json(json.dumps(denied)))
    assert outcome.decision is not None, outcome.failures
    assert (outcome.decision.effect, outcome.decision.rule) == (Effect.DENY, rule)


def test_the_table_of_what_is_missing_was_found() -> None:
    assert len(MISSING) >= 16


def test_an_observed_rule_casts_a_shadow_and_stops_nobody(snapshot: PolicySnapshot) -> None:
    ((_, rule),) = snapshot.observed
    permitted = next(case for case in snapshot.cases if case.expect.effect is Effect.PERMIT)
    observed = permitted.model_dump(mode="json") | {"set": {"application.public_value": ""}}
    observed["expect"] |= {"shadow": [rule]}
    assert run_case(snapshot, Case.model_validate_json(json.dumps(observed))).failures == ()
    enforced = observed | {"today": "2027-04-01", "expect": {"effect": "deny", "rule": rule}}
    enforced["set"] |= {"contract.advice.date": "2027-03-01"}
    assert run_case(snapshot, Case.model_validate_json(json.dumps(enforced))).failures == ()


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.splitlines()[0])
def test_the_commands_say_what_the_page_shows(session: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _write(tmp_path / "gemeente-voorbeeld")
    monkeypatch.chdir(tmp_path)
    command, *shown = session.strip().splitlines()
    command, _, mistake = command.partition("   # with ")
    if mistake:
        contract = folder / "contracts" / "voorbeeld-2026-mistral.yaml"
        contract.write_text(contract.read_text().replace("training: excluded", mistake.strip("`")))
    said = CliRunner().invoke(policy, command.split()[3:], obj=Settings()).output
    position = 0
    for line in filter(lambda each: each.strip() not in {"", "…"}, shown):
        found = re.compile(f"^{re.escape(line).replace('…', '.*')}$", re.MULTILINE).search(said, position)
        assert found, f"{line!r} is not said, or not in this place, by:\n{said}"
        position = found.end()


def test_check_explain_and_test_are_all_shown() -> None:
    assert {session.split()[3] for session in SESSIONS} == {"check", "explain", "test"}


@pytest.mark.parametrize(("heading", "model"), TABLES.items())
def test_every_field_stands_in_its_table_and_no_other(heading: str, model: type[BaseModel]) -> None:
    section = re.split(r"^#{2,3} ", PAGE.split(f"## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `(\w+)`(\*?) \|", section, re.MULTILINE)
    assert [name for name, _ in rows] == list(model.model_fields)
    if model is not Offering:
        assert {name for name, star in rows if star} == {
            name for name, field in model.model_fields.items() if field.is_required()
        }


def test_the_requirements_that_are_checked_are_the_ones_named() -> None:
    named = re.search(r"for itself, it checks: (.*?)\. The rest", PAGE, re.DOTALL)
    assert named is not None
    assert set(re.findall(r"`([a-z-]+)`", named[1])) == {str(requirement) for requirement in VISIBLE}
