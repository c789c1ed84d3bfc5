# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
from pathlib import Path

import jsonschema
import pytest

import policies
from app.domain.json import Json
from app.policy.document import read_document
from app.policy.schema import schemas

SHIPPED = Path(policies.__file__).parent
KIND = {
    "baseline/catalogue": "catalogue",
    "baseline/disclosures": "disclosures",
    "baseline/review.yaml": "review",
    "baseline/rules.yaml": "rules",
    "example/organisations": "organisation",
    "example/contracts": "contract",
    "example/deployments.yaml": "deployments",
    "example/applications": "application",
    "example/cases.yaml": "cases",
}
FILES = sorted(path.relative_to(SHIPPED) for path in SHIPPED.rglob("*.yaml"))


def schema_of(file: Path) -> str:
    return KIND.get(file.as_posix()) or KIND[file.parent.as_posix()]


def validate(name: str, tree: Json) -> None:
    jsonschema.validate(tree, json.loads(schemas()[f"{name}.schema.json"]), jsonschema.Draft202012Validator)


def test_the_schemas_are_checked_in_as_they_are_generated() -> None:
    folder = SHIPPED / "schema"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == schemas()


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_shipped_file_fits_its_schema_and_names_it(file: Path) -> None:
    data = (SHIPPED / file).read_bytes()
    validate(schema_of(file), read_document(str(file), data, {} if file.name == "deployments.yaml" else None).tree)
    line = next((line for line in data.decode().splitlines() if "yaml-language-server" in line), None)
    if line is not None:
        named = line.partition("$schema=")[2]
        assert (
            SHIPPED / file.parent / named
        ).resolve() == SHIPPED.resolve() / "schema" / f"{schema_of(file)}.schema.json"


@pytest.mark.parametrize("name", ["application", "catalogue", "cases", "contract", "organisation", "review", "rules"])
def test_a_misspelt_key_does_not_fit(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError, match="misspelt"):
        validate(name, {"misspelt": 1})


def test_a_deployment_may_leave_a_value_to_the_installation() -> None:
    entry = {"id": "x", "offering": "y", "dialect": "openai", "host": "z.example", "model": "m", "region": "eu"}
    validate("deployments", {"deployments": [entry | {"port": "${DEMO_PORT:-1}"}]})
    with pytest.raises(jsonschema.ValidationError):
        validate("deployments", {"deployments": [entry | {"port": "eighty"}]})


def test_a_rule_chooses_from_the_closed_set() -> None:
    text: Json = {"nl": "x", "en": "x"}
    rule: dict[str, Json] = {
        "id": "x",
        "effect": "deny",
        "when": "terms-consumer",
        "reason": text,
        "remedy": text,
        "source": "x",
    }
    validate("rules", {"rules": [rule]})
    with pytest.raises(jsonschema.ValidationError, match="is not one of"):
        validate("rules", {"rules": [rule | {"when": "or"}]})
