# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A folder is loaded whole or not at all, and every fault says where it is."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from app.domain.decision import Deployment
from app.domain.errors import Fault, PolicyInvalid
from app.policy.loader import load_policy, stamp
from app.policy.snapshot import PolicySnapshot

CONTRACT = "contracts/voorbeeld-2026-scaleway.yaml"


def faults(baseline: Path, folder: Path) -> list[str]:
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(baseline, folder)
    return [f"{fault.pointer} {fault.detail}" for fault in caught.value.faults]


def spoil(path: Path, old: str, new: str) -> int:
    """Replace once; return the line of it."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_example_is_read_whole(snapshot: PolicySnapshot) -> None:
    assert set(snapshot.organisations) == {"gemeente-voorbeeld"}
    assert {name for _, name in snapshot.applications} == {"balie", "proeftuin", "oude-tool"}
    assert snapshot.contracts["voorbeeld-2026-scaleway"].valid_to == date(2028, 12, 31)
    assert snapshot.deployments["demo-smollm2"].port == 18081
    assert set(snapshot.disclosures) == {"nl", "en", "fy", "pap"}
    assert len(snapshot.rules) > 50


def test_a_variable_reaches_the_deployment(baseline: Path, folder: Path) -> None:
    assert load_policy(baseline, folder, {"DEMO_PORT": "9"}).deployments["demo-smollm2"].port == 9


@pytest.mark.parametrize(
    ("file", "old", "new", "detail"),
    [
        (CONTRACT, "valid_to: 2028-12-31", "valid_to: 2028-02-30", "valid_to: "),
        (CONTRACT, "valid_to: 2028-12-31", "valid_to: soon", "valid_to: "),
        (CONTRACT, "training: excluded", "training: no", "training: Input should be"),
        (
            CONTRACT,
            "copyright_warranty: true",
            "copyright_warranty: yes",
            "copyright_warranty: Input should be a valid boolean",
        ),
        (
            CONTRACT,
            "copyright_warranty: true",
            'copyright_warranty: "true"',
            "copyright_warranty: Input should be a valid boolean",
        ),
        (CONTRACT, "training: excluded", "trainings: excluded", "there is no such key"),
        (CONTRACT, "tier:", "tier: twice\ntier:", "has the key 'tier' twice"),
        (CONTRACT, "organisation: gemeente-voorbeeld", "organisation: elders", "organisation 'elders' does not exist"),
        (CONTRACT, "offering: scaleway", "offering: mistral-api", "'scaleway' has no offering 'mistral-api'"),
        (CONTRACT, "models: [", "models: [*all, ", "anchor or alias"),
        (CONTRACT, "tier: ", "tier: !!str ", "uses a tag"),
        (CONTRACT, "data_class: internal", "data_class: ${CLASS:-public}", "only a whole value in deployments.yaml"),
        ("deployments.yaml", "host: api.scaleway.ai", "host: API.scaleway.ai", "host: String should match"),
        ("deployments.yaml", "host: api.scaleway.ai", 'host: "*.scaleway.ai"', "host: String should match"),
        ("deployments.yaml", "host: api.scaleway.ai", "host: api.scaleway.ai.", "host: String should match"),
        ("deployments.yaml", "host: api.scaleway.ai", "host: u@api.scaleway.ai", "host: String should match"),
        ("deployments.yaml", "host: api.scaleway.ai", "host: api.scaleway.ai:443", "host: String should match"),
        (
            "deployments.yaml",
            "contract: voorbeeld-2026-scaleway",
            "contract: beheer-eigen-machines",
            "is about 'self-llama-cpp'",
        ),
        ("deployments.yaml", "contract: voorbeeld-2026-scaleway", "contract: geen", "contract 'geen' does not exist"),
        ("deployments.yaml", "${DEMO_PORT:-18081}", "${DEMO_PROT}", "uses ${DEMO_PROT}, which is not set"),
        ("deployments.yaml", "${DEMO_PORT:-18081}", "70000", "port: Input should be less than or equal to 65535"),
        (
            "applications/balie.yaml",
            "deployment: demo-smollm2",
            "deployment: elders",
            "deployment 'elders' does not exist",
        ),
        (
            "applications/balie.yaml",
            "profile: machine",
            "profile: machien",
            "tasks.balie-zoekvraag.profile: Input should be",
        ),
        ("applications/balie.yaml", "languages: [nl, en]", "languages: [nl, de]", "there are no texts in 'de'"),
        (
            "organisations/gemeente-voorbeeld.yaml",
            'oin: "00000000000000000000"',
            "oin: 12",
            "oin: Input should be a valid string",
        ),
        (
            "applications/balie.yaml",
            "citizen_facing: true",
            "citizen_facing: true\nwebhook: {url: 'http://127.0.0.1:9000/', secret: 'env:X'}",
            "webhook: plain http only while the application says 'development: true'",
        ),
        (
            "applications/balie.yaml",
            "citizen_facing: true",
            "citizen_facing: true\nwebhook: {url: 'https://u:p@x.example/', secret: 'env:X'}",
            "webhook.url: an address without user",
        ),
        (
            "applications/balie.yaml",
            "review: {review_class: two}",
            "review: {review_class: four}",
            "tasks.balie-brief.review.review_class: Input should be 'one', 'two' or 'three'",
        ),
        ("cases.yaml", "rule: consumer-terms", "rule: consumer-term", "rule 'consumer-term' does not exist"),
    ],
)
def test_a_fault_says_file_line_and_what(
    file: str, old: str, new: str, detail: str, baseline: Path, folder: Path
) -> None:
    line = spoil(folder / file, old, new)
    found = faults(baseline, folder)
    lines = {f"example/{file}:{line + more} " for more in range(new.count("\n") + 1)}
    assert any(detail in each and each.startswith(tuple(lines)) for each in found), found


def test_norway_is_a_country(baseline: Path, folder: Path) -> None:
    spoil(folder / "deployments.yaml", "model_origin: FR", "model_origin: NO")
    assert load_policy(baseline, folder).deployments["scaleway-mistral-small"].model_origin == "NO"


def test_all_faults_are_told_at_once(baseline: Path, folder: Path) -> None:
    spoil(folder / CONTRACT, "training: excluded", "training: maybe")
    spoil(folder / "applications/balie.yaml", "personal_data: true", "personal_dat: true")
    spoil(folder / "organisations/gemeente-voorbeeld.yaml", "id: ", "id: &x ")
    found = "\n".join(faults(baseline, folder))
    assert "training: Input should be" in found
    assert "personal_dat: there is no such key" in found
    assert "personal_data: is missing" in found
    assert "anchor or alias" in found


def test_a_file_that_nothing_reads_is_a_fault(baseline: Path, folder: Path) -> None:
    (folder / "contract").mkdir()
    (folder / "contract" / "x.yaml").write_text("id: x")
    (folder / "applications" / "extra.yml").write_text("id: x")
    found = faults(baseline, folder)
    assert len([each for each in found if "nothing reads this file" in each]) == 2


def test_a_folder_that_is_not_there_is_a_fault(baseline: Path, tmp_path: Path) -> None:
    assert "there is no folder" in "".join(faults(baseline, tmp_path / "gone"))


def test_files_behind_the_links_of_a_mounted_volume_are_read_once(baseline: Path, folder: Path, tmp_path: Path) -> None:
    mounted = tmp_path / "mounted"
    (mounted / "..data").mkdir(parents=True)
    for part in folder.iterdir():
        shutil.move(part, mounted / "..data" / part.name)
        (mounted / part.name).symlink_to(Path("..data") / part.name)
    assert len(load_policy(baseline, mounted).contracts) == 2


def test_the_address_rule_of_the_way_out_judges_every_deployment(baseline: Path, folder: Path) -> None:
    judged = []

    def refuse_scaleway(deployment: Deployment) -> None:
        judged.append(deployment.id)
        if deployment.host == "api.scaleway.ai":
            raise PolicyInvalid(Fault(f"/deployments/{deployment.id}/host", "not today"))

    with pytest.raises(PolicyInvalid) as caught:
        load_policy(baseline, folder, {}, refuse_scaleway)
    (fault,) = caught.value.faults
    line = (folder / "deployments.yaml").read_text().split("host: api.scaleway.ai")[0].count("\n") + 1
    assert fault == Fault(f"example/deployments.yaml:{line}", "host: not today")
    assert sorted(judged) == ["chatgpt-gratis", "demo-smollm2", "scaleway-mistral-small"]


def test_the_digest_covers_every_byte_name_and_variable(baseline: Path, folder: Path) -> None:
    first = load_policy(baseline, folder).sha256
    assert load_policy(baseline, folder).sha256 == first
    assert load_policy(baseline, folder, {"UNUSED": "1"}).sha256 != first
    (folder / "applications" / "balie.yaml").rename(folder / "applications" / "andere-naam.yaml")
    renamed = load_policy(baseline, folder).sha256
    assert renamed != first
    with (folder / "cases.yaml").open("a") as file:
        file.write("# one more remark\n")
    assert load_policy(baseline, folder).sha256 not in {first, renamed}


def test_a_stamp_changes_with_every_file(folder: Path) -> None:
    first = stamp(folder)
    assert stamp(folder) == first
    (folder / CONTRACT).unlink()
    without = stamp(folder)
    assert without != first
    (folder / "deployments.yaml").write_text("deployments: []")
    assert stamp(folder) not in {first, without}
