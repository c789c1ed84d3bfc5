# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What `POST /api/v1/verifications` takes and answers, as JSON Schema."""

from enum import StrEnum
from typing import Any, Final

from app.domain.decision import Profile
from app.domain.output import OutputStatus
from app.evidence.verification import Comparison, Standing
from app.web.openapi import CODE, WORDS, Schema, closed, listed, or_null
from watermark.manifest import ManifestState

_TEXT: Final[Schema] = {"type": "string"}
_HASH: Final[Schema] = {"type": "string", "format": "byte"}


def _one_of(kind: type[StrEnum]) -> Schema:
    return {"type": "string", "enum": [each.value for each in kind]}


QUESTION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "example": {"code": "K7Q2-9FXM-3TBW", "text": "Vanaf maandag is de Dorpsstraat dicht."},
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "anyOf": [{"required": ["code"]}, {"required": ["text"]}],
                    "dependentRequired": {"manifest": ["text"]},
                    "properties": {
                        "code": {"type": "string", "pattern": CODE},
                        "text": {"type": "string", "pattern": r"\S", "description": "At most 1 MiB of UTF-8."},
                        "manifest": {
                            "type": "string",
                            "format": "byte",
                            "minLength": 1,
                            "description": "A C2PA manifest store of this text, in base64.",
                        },
                    },
                },
            }
        },
    }
}

_RECEIPT: Final = closed(
    record=_TEXT,
    index={"type": "integer", "minimum": 0},
    leaf=_HASH,
    size={"type": "integer", "minimum": 1},
    path=listed(_HASH),
    checkpoint={"type": "string", "description": "A signed note (C2SP tlog-checkpoint)."},
)
_TOLD: Final = closed(
    code=_TEXT,
    address={"type": "string", "format": "uri"},
    standing=_one_of(Standing),
    organisation=or_null(
        closed(id=_TEXT, name=_TEXT, contact=_TEXT, complaint=or_null(_TEXT), objection=or_null(_TEXT))
    ),
    kind=or_null(_one_of(Profile)),
    status=or_null(_one_of(OutputStatus)),
    day=or_null({"type": "string", "format": "date"}),
    edited=or_null({"type": "boolean"}),
    comparison=or_null(_one_of(Comparison)),
    manifest=or_null(_one_of(ManifestState)),
    said=WORDS,
    receipt=or_null(_RECEIPT),
)
_MANIFEST: Final = closed(
    state=_one_of(ManifestState),
    said=WORDS,
    title=_TEXT,
    identifier=_TEXT,
    publisher=_TEXT,
    signer=_TEXT,
    actions=listed(closed(action=_TEXT, when=_TEXT, source=_TEXT, agent=_TEXT)),
    faults=listed(_TEXT),
)
REPORT: Final = closed(
    summary=or_null(WORDS),
    codes=listed(_TOLD),
    found=listed(_TOLD),
    marks=listed(WORDS),
    notes=listed(WORDS),
    warnings=listed(WORDS),
    manifest=or_null(_MANIFEST),
)
