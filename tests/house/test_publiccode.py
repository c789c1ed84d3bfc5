# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""publiccode.yml keeps to version 0.7 of the standard, for the keys we use, and says what pyproject.toml says."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

DESCRIPTION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["shortDescription", "longDescription", "features"],
    "properties": {
        "genericName": {"type": "string", "maxLength": 35},
        "shortDescription": {"type": "string", "maxLength": 150},
        "longDescription": {"type": "string", "minLength": 150, "maxLength": 10_000},
        "features": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"),
        *("description", "legal", "maintenance", "localisation"),
    ],
    "properties": {
        "publiccodeYmlVersion": {"const": "0.7"},
        "name": {"type": "string"},
        "url": {"type": "string", "pattern": r"^https://[^/]+/.+\.git$"},
        "softwareVersion": {"type": "string"},
        "softwareType": {"enum": ["standalone/backend", "standalone/web", "library"]},
        "developmentStatus": {"enum": ["concept", "development", "beta", "stable", "obsolete"]},
        "platforms": {"type": "array", "minItems": 1, "items": {"enum": ["web", "linux", "mac", "windows"]}},
        "categories": {
            "type": "array",
            "items": {"enum": ["compliance-management", "it-security", "regulations-and-directives"]},
        },
        "intendedAudience": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "scope": {
                    "type": "array",
                    "items": {"enum": ["government", "local-authorities", "justice", "society"]},
                },
                "countries": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2}$"}},
            },
        },
        "description": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z]{2}(-[A-Z]{2})?$"},
            "additionalProperties": DESCRIPTION,
        },
        "legal": {"type": "object", "required": ["license"], "properties": {"license": {"type": "string"}}},
        "maintenance": {
            "type": "object",
            "required": ["type", "contacts"],
            "properties": {
                "type": {"enum": ["internal", "community"]},
                "contacts": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"]}},
            },
        },
        "localisation": {
            "type": "object",
            "required": ["localisationReady", "availableLanguages"],
            "properties": {
                "localisationReady": {"type": "boolean"},
                "availableLanguages": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            },
        },
    },
}


@pytest.fixture(scope="module")
def publiccode(root: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((root / "publiccode.yml").read_text()))


def test_it_keeps_to_the_standard(publiccode: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(publiccode)


def test_it_agrees_with_the_package(publiccode: dict[str, Any], pyproject: dict[str, Any]) -> None:
    assert publiccode["softwareVersion"] == pyproject["project"]["version"]
    assert publiccode["legal"]["license"] == pyproject["project"]["license"]


def test_every_language_it_claims_has_its_description(publiccode: dict[str, Any]) -> None:
    assert set(publiccode["description"]) == set(publiccode["localisation"]["availableLanguages"])
