# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""JSON Schemas of the policy files, so that an editor helps while writing. They check shape; `waarmerk policy check` checks the rest."""

import json
from collections.abc import Mapping
from typing import Any

from app.policy.application import Application
from app.policy.catalogue import CatalogueFile
from app.policy.disclosure import DisclosuresFile
from app.policy.model import Entry
from app.policy.organisation import Contract, DeploymentsFile, Organisation
from app.policy.predicates import OPTIONAL, REQUIRED
from app.policy.review import ReviewFile
from app.policy.rule import CasesFile, RulesFile

_MODELS: Mapping[str, type[Entry]] = {
    "application": Application,
    "cases": CasesFile,
    "catalogue": CatalogueFile,
    "contract": Contract,
    "deployments": DeploymentsFile,
    "disclosures": DisclosuresFile,
    "organisation": Organisation,
    "review": ReviewFile,
    "rules": RulesFile,
}
_PLACEHOLDER = {"type": "string", "pattern": r"^\$\{[A-Z][A-Z0-9_]*(:-[^${}]*)?\}$"}


def schemas() -> Mapping[str, str]:
    """File name (`rules.schema.json`) and text of every schema."""
    return {f"{name}.schema.json": _text(name, model) for name, model in _MODELS.items()}


def _text(name: str, model: type[Entry]) -> str:
    schema: dict[str, Any] = model.model_json_schema()
    if name == "deployments":
        _allow_placeholders(schema["$defs"]["DeploymentEntry"]["properties"])
    if name == "rules":
        schema["$defs"]["Rule"]["properties"]["when"]["enum"] = sorted(REQUIRED | OPTIONAL)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _allow_placeholders(properties: dict[str, Any]) -> None:
    """Any whole value of a deployment may be filled in by the installation."""
    for key, shape in properties.items():
        properties[key] = {"anyOf": [shape, _PLACEHOLDER]}
