# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a policy officer reads: verdicts, faults with their places, cases."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import policies
from app.cli.policy import DENIED, policy
from app.domain.clock import SystemClock
from app.domain.decision import Profile
from app.main import load_policy
from app.settings import Settings

SHIPPED = Path(policies.__file__).parent
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def invoke(*words: str) -> Result:
        return CliRunner().invoke(policy, list(words), obj=Settings(home=tmp_path))

    return invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / "example", tmp_path / "own"))


def test_check_tells_that_the_folder_is_valid_and_what_is_denied(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "Valid: 1 organisation, 3 applications, " in result.output
    assert "denied   oude-tool/oude-samenvatting, today: ChatGPT" in result.output


def test_check_tells_every_fault_with_file_and_line(run: Run, folder: Path) -> None:
    contract = folder / "contracts" / "voorbeeld-2026-scaleway.yaml"
    contract.write_text(contract.read_text().replace("training: excluded", "training: no"))
    (folder / "notes.yaml").write_text("a: 1")
    result = run("check", "--policies", str(folder))
    assert result.exit_code == 1
    line = contract.read_text().split("training:")[0].count("\n") + 1
    assert f"own/contracts/voorbeeld-2026-scaleway.yaml:{line}: training: Input should be" in result.output
    assert "own/notes.yaml:1: nothing reads this file" in result.output
    assert "2 faults. Correct these places; nothing was loaded." in result.output


def test_check_holds_deployments_to_the_address_rule_of_the_way_out(run: Run, folder: Path) -> None:
    deployments = folder / "deployments.yaml"
    deployments.write_text(deployments.read_text().replace("host: api.scaleway.ai", "host: inference"))
    result = run("check", "--policies", str(folder))
    assert result.exit_code == 1
    assert "a name without a dot" in result.output


def test_check_looks_ahead(run: Run) -> None:
    lines = run("check", "--days", "3660").output.splitlines()
    denied = [line for line in lines if line.startswith("denied ")]
    assert f" {len(denied)} tasks," in lines[-2], "nothing in the example holds for ten years"


def test_explain_a_refusal(run: Run) -> None:
    result = run("explain", "oude-tool", "oude-samenvatting", "--date", "2026-11-23")
    assert result.exit_code == DENIED
    lines = result.output.splitlines()
    assert lines[0] == (
        "oude-tool/oude-samenvatting of gemeente-voorbeeld, on 2026-11-23: DENIED by the rule consumer-terms"
    )
    assert "  Wat nu       Gebruik een taak met een zakelijk contract." in lines
    assert "  Use instead  eigen-samenvatting" in lines
    assert [line.split()[-1] for line in lines if line.startswith("  DENIES ")] == ["consumer-terms"]
    assert [line.split()[-1] for line in lines if line.startswith("  also denies ")] == [
        "offering-denied",
        "no-contract",
    ]


@pytest.mark.parametrize(
    ("task", "sentences"),
    [
        (
            "balie-brief",
            [
                "permitted\n",
                "a visible label, 'correspondence', in nl",
                "held until a human has signed off (review class 'two')",
            ],
        ),
        ("balie-concept", ["an invisible mark in every sentence", "the proof, not the content, kept for 30 days"]),
        (
            "balie-antwoord",
            ["prompt and output kept for 3653 days", 'beside the content: "Deze tekst is gemaakt door AI."'],
        ),
    ],
)
def test_explain_a_permit_with_its_obligations_in_words(task: str, sentences: list[str], run: Run) -> None:
    result = run("explain", "balie", task, "--date", "2026-11-23")
    assert result.exit_code == 0, result.output
    for sentence in sentences:
        assert sentence in result.output


def test_explain_says_where_a_published_text_may_have_no_label(run: Run, folder: Path) -> None:
    application = folder / "applications" / "balie.yaml"
    text = application.read_text().replace("  balie-antwoord:\n", "  balie-antwoord:\n    structured: true\n")
    application.write_text(text)
    for policies_, said in ((str(folder), True), (str(SHIPPED / "example"), False)):
        result = run("explain", "balie", "balie-antwoord", "--date", "2026-11-23", "--policies", policies_)
        assert ("in nl; not on a text that begins as data" in result.output) is said


@pytest.mark.parametrize(
    ("task", "sentence", "unable"),
    [
        ("balie-chat", "first tell the person that this is AI, and how to reach a human: 14 000", "Notice"),
        ("balie-redactie", "compared with the input: at most 15 percent may be new", "CompareWithInput"),
    ],
)
def test_explain_a_permit_that_this_version_would_still_refuse(task: str, sentence: str, unable: str, run: Run) -> None:
    result = run("explain", "balie", task, "--date", "2026-11-23")
    assert result.exit_code == DENIED
    lines = result.output.splitlines()
    assert lines[0].endswith("permitted, but REFUSED by this version")
    assert f"  Refused      obligation-unsupported: this version cannot do {unable}" in lines
    assert "  What now     Use a task with another profile, or a newer version." in lines
    assert sentence in result.output


def test_explain_refuses_only_what_it_says(run: Run) -> None:
    """Every other task of the counter is served: a profile that is not answered says so here."""
    snapshot = load_policy(Settings(), SystemClock()).snapshot
    for alias, task in snapshot.applications["gemeente-voorbeeld", "balie"].tasks.items():
        answered = task.profile not in {Profile.CITIZEN_CHAT, Profile.ASSISTIVE}
        result = run("explain", "balie", alias, "--date", "2026-11-23")
        assert ("REFUSED" not in result.output) is answered, alias
        assert result.exit_code == (0 if answered else DENIED)


def test_explain_a_pilot(run: Run) -> None:
    result = run("explain", "proeftuin", "proeftuin-zoekvraag", "--date", "2026-11-23")
    assert "a pilot with fictitious data until 2027-04-30: a banner, and no publication" in result.output


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (["--language", "pap"], "no-native-reviewer"),
        (["--media", "image"], "media-not-listed"),
        (["--tool", "stuur-mail"], "tools-not-listed"),
        (["--structured"], "structured-not-listed"),
        (["--date", "2029-01-01"], "contract-expired"),
        (["--organisation", "gemeente-elders"], "unknown-application"),
    ],
)
def test_explain_what_is_asked(options: list[str], rule: str, run: Run) -> None:
    result = run("explain", "balie", "balie-antwoord", "--date", "2026-11-23", *options)
    assert result.exit_code == DENIED
    assert result.output.splitlines()[0].endswith(f"DENIED by the rule {rule}")


def test_explain_marks_what_warns_and_what_is_only_observed(run: Run, folder: Path) -> None:
    application = folder / "applications" / "balie.yaml"
    text = application.read_text().replace("public_value: ", "algorithm_register: x\n# public_value: ")
    application.write_text(text.replace("algorithm_register: https", "# algorithm_register: https"))
    observe = {
        "rule": "no-public-value",
        "organisation": "gemeente-voorbeeld",
        "owner": "CIO",
        "reason": "x",
        "until": "2027-12-31",
    }
    (folder / "rules.yaml").write_text(json.dumps({"observe": [observe]}))
    result = run("explain", "balie", "balie-concept-eu", "--date", "2027-06-01", "--policies", str(folder))
    assert result.exit_code == 0, result.output
    assert "  would deny (observed)  no-public-value" in result.output
    assert "  WARNS                  supplier-advice-ageing" in result.output


def test_the_cases_pass(run: Run) -> None:
    result = run("test")
    assert result.exit_code == 0
    assert result.output.endswith("cases, 0 failed.\n")


def test_a_case_that_fails_says_expected_and_got(run: Run, folder: Path) -> None:
    cases = folder / "cases.yaml"
    cases.write_text(cases.read_text().replace("rule: consumer-terms", "rule: no-contract", 1))
    result = run("test", "--policies", str(folder))
    assert result.exit_code == 1
    assert "FAILED  a consumer account\n        rule: expected no-contract, got consumer-terms" in result.output


def test_no_cases_is_no_success(run: Run, folder: Path) -> None:
    (folder / "cases.yaml").unlink()
    result = run("test", "--policies", str(folder))
    assert result.exit_code == 1
    assert "There is no case to run" in result.output


def test_schema_writes_what_is_checked_in(run: Run, tmp_path: Path) -> None:
    assert run("schema", "--output", str(tmp_path / "schema")).exit_code == 0
    written = {path.name: path.read_text() for path in (tmp_path / "schema").iterdir()}
    assert written == {path.name: path.read_text() for path in (SHIPPED / "schema").iterdir()}
