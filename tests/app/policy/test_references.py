# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import shutil
from pathlib import Path

import pytest

from app.domain.errors import PolicyInvalid
from app.policy.loader import load_policy

RULE = """
rules:
  - id: {id}
    effect: deny
    when: {when}
    observable: true
    reason: {{nl: "{reason}", en: "No."}}
    remedy: {{nl: "Stop.", en: "Stop."}}
    source: own choice
"""
OBSERVE = """
observe:
  - {{rule: {rule}, organisation: {organisation}, owner: CIO, reason: Invoering, until: 2027-01-01}}
"""


def faults(baseline: Path, folder: Path) -> str:
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(baseline, folder)
    return "\n".join(f"{fault.pointer} {fault.detail}" for fault in caught.value.faults)


def rule(name: str = "own-rule", when: str = "media-asked", reason: str = "Nee.") -> str:
    return RULE.format(id=name, when=when, reason=reason)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        (rule(name="consumer-terms"), "rule 'consumer-terms' exists already"),
        (rule(name="permitted"), "the name of the house's own verdict"),
        (rule(name="deny-by-default"), "the name of the house's own verdict"),
        (rule(when="full-moon"), "'full-moon' is no predicate"),
        (rule(when="terms-consumer"), "can never be observed"),
        (rule(when="advice-older-than"), "takes months, not nothing"),
        (rule(reason="{secret}"), "uses {secret}"),
        (rule(reason="{contract:>9999}"), "uses {contract"),
        (rule(reason="{contract"), "loose brace"),
        (OBSERVE.format(rule="consumer-terms", organisation="gemeente-voorbeeld"), "is always enforced"),
        (OBSERVE.format(rule="geen-regel", organisation="gemeente-voorbeeld"), "rule 'geen-regel' does not exist"),
        (OBSERVE.format(rule="no-public-value", organisation="elders"), "organisation 'elders' does not exist"),
    ],
)
def test_own_rules_only_narrow(text: str, detail: str, baseline: Path, folder: Path) -> None:
    (folder / "rules.yaml").write_text(text)
    found = faults(baseline, folder)
    assert detail in found
    assert "example/rules.yaml:" in found


def test_an_own_rule_and_an_observed_rule_load(baseline: Path, folder: Path) -> None:
    (folder / "rules.yaml").write_text(
        rule() + OBSERVE.format(rule="no-public-value", organisation="gemeente-voorbeeld")
    )
    snapshot = load_policy(baseline, folder)
    assert snapshot.rules[-1].rule.id == "own-rule"
    assert ("gemeente-voorbeeld", "no-public-value") in snapshot.observed


@pytest.mark.parametrize(
    ("file", "detail"),
    [
        ("contracts/beheer-eigen-machines.yaml", "contract 'beheer-eigen-machines' exists already"),
        ("applications/balie.yaml", "application 'balie' exists already"),
        ("organisations/gemeente-voorbeeld.yaml", "organisation 'gemeente-voorbeeld' exists already"),
    ],
)
def test_no_name_means_two_things(file: str, detail: str, baseline: Path, folder: Path) -> None:
    shutil.copy(folder / file, (folder / file).with_name("again.yaml"))
    assert detail in faults(baseline, folder)


def test_a_contract_names_a_provider_of_the_catalogue(baseline: Path, folder: Path) -> None:
    path = folder / "contracts" / "beheer-eigen-machines.yaml"
    path.write_text(path.read_text().replace("provider: self-hosted", "provider: niemand"))
    assert "provider 'niemand' is not in the catalogue" in faults(baseline, folder)


def test_an_application_uses_contracts_of_its_own_organisation(baseline: Path, folder: Path) -> None:
    organisation = folder / "organisations" / "gemeente-voorbeeld.yaml"
    other = organisation.read_text().replace("id: gemeente-voorbeeld", "id: gemeente-elders")
    organisation.with_name("elders.yaml").write_text(other)
    contract = folder / "contracts" / "voorbeeld-2026-scaleway.yaml"
    contract.write_text(
        contract.read_text().replace("organisation: gemeente-voorbeeld", "organisation: gemeente-elders")
    )
    assert "contract 'voorbeeld-2026-scaleway' is another organisation's" in faults(baseline, folder)


def test_a_deployment_names_what_the_catalogue_knows(baseline: Path, folder: Path) -> None:
    path = folder / "deployments.yaml"
    path.write_text(
        path.read_text().replace("offering: chatgpt-consumer", "offering: praatpaal\n    pinned_provider: niemand")
    )
    found = faults(baseline, folder)
    assert "offering 'praatpaal' is not in the catalogue" in found
    assert "provider 'niemand' is not in the catalogue" in found


@pytest.fixture
def own_baseline(baseline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(baseline, tmp_path / "own-baseline"))


def test_a_baseline_without_one_of_the_predicates_does_not_load(own_baseline: Path, folder: Path) -> None:
    rules = own_baseline / "rules.yaml"
    rules.write_text(rules.read_text().replace("when: terms-consumer", "when: media-asked"))
    assert "no rule says 'terms-consumer'" in faults(own_baseline, folder)


def test_a_rule_of_the_organisation_does_not_stand_in_for_the_baseline(own_baseline: Path, folder: Path) -> None:
    rules = own_baseline / "rules.yaml"
    rules.write_text(rules.read_text().replace("when: purpose-missing", "when: media-asked"))
    (folder / "rules.yaml").write_text(rule(when="purpose-missing"))
    assert "no rule says 'purpose-missing'" in faults(own_baseline, folder)


def test_the_baseline_observes_nothing(own_baseline: Path, folder: Path) -> None:
    with (own_baseline / "rules.yaml").open("a") as file:
        file.write(OBSERVE.format(rule="no-public-value", organisation="gemeente-voorbeeld"))
    assert "the baseline observes nothing" in faults(own_baseline, folder)


def test_a_baseline_without_review_classes_does_not_load(own_baseline: Path, folder: Path) -> None:
    (own_baseline / "review.yaml").unlink()
    assert "baseline/review.yaml:0 there are no review classes" in faults(own_baseline, folder)


def test_review_classes_are_not_the_organisations_to_change(baseline: Path, folder: Path) -> None:
    shutil.copy(baseline / "review.yaml", folder / "review.yaml")
    assert "nothing reads this file" in faults(baseline, folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "detail"),
    [
        ("applications/balie.yaml", "editorially_responsible: Gemeente", f"editorially_responsible: {'Gemeente ' * 20}", "longer than 400"),
        ("organisations/gemeente-voorbeeld.yaml", 'telephone: "14 000"', 'telephone: "14\\n000"', "not one line"),
        ("organisations/gemeente-voorbeeld.yaml", 'telephone: "14 000"', 'telephone: "14\\u200b000"', "not one line"),
    ],
)  # fmt: skip
def test_a_label_that_could_not_be_shown_is_a_fault_before_any_text_is_made(
    file: str, old: str, new: str, detail: str, baseline: Path, folder: Path
) -> None:
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    found = [line for line in faults(baseline, folder).splitlines() if "the visible label would not be shown" in line]
    tasks = (folder / "applications" / "balie.yaml").read_text().splitlines()
    lines = [
        number
        for number, line in enumerate(tasks, 1)
        if "profile: publication" in line or "profile: correspondence" in line
    ]
    assert {line.split()[0] for line in found} == {f"example/applications/balie.yaml:{number}" for number in lines}
    assert all(detail in line for line in found)
    assert [language for language in ("nl", "en", "fy", "pap") if any(f"in '{language}':" in line for line in found)] == [
        "nl", "en", "fy", "pap"
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "fits"), [(30, False), (31, True)])
def test_what_is_kept_outlives_its_review(days: int, fits: bool, baseline: Path, folder: Path) -> None:
    path = folder / "applications" / "balie.yaml"
    assert "days: 3653" in path.read_text()
    path.write_text(path.read_text().replace("days: 3653", f"days: {days}"))
    if fits:
        load_policy(baseline, folder)
    else:
        assert "must be more than 30, the days that a review may take" in faults(baseline, folder)


def test_texts_in_dutch_and_english_are_there(own_baseline: Path, folder: Path) -> None:
    (own_baseline / "disclosures" / "en.yaml").unlink()
    assert "there are no texts in 'en'" in faults(own_baseline, folder)
