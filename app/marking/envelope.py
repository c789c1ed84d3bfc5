# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The envelope: what is said beside the content, so that no client can be broken by it (AI Act 50(2), 50(5))."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from app.domain.decision import Obligation, Sandbox
from app.domain.json import Json, JsonObject
from app.domain.text import LocalText
from watermark.model import Content

# IPTC NewsCodes, Digital Source Type: "created using generative AI".
GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
NOT_REQUIRED = "not-required"
APPROVED = "approved"
_Found = TypeVar("_Found", bound=Obligation)


def headers(exchange: str, review: str = NOT_REQUIRED) -> dict[str, str]:
    """What the head of an answer says."""
    return {
        "x-ai-generated": "true",
        "x-ai-provenance-id": exchange,
        "x-ai-review": review,
        "x-request-id": exchange,
    }


def manifests(codes: Mapping[int, str], origin: str) -> Mapping[str, str]:
    """Where the manifests of released outputs are (C2PA 2.2, 11.4: `Link` with relation `c2pa-manifest`)."""
    links = [f'<{origin}/c2pa/v1/manifests/{codes[index]}>; rel="c2pa-manifest"' for index in sorted(codes)]
    return {"link": ", ".join(links)}


def provenance(
    exchange: str,
    organisation: str,
    codes: Mapping[int, str],
    origin: str,
    *,
    review: str = NOT_REQUIRED,
    disclosure: LocalText | None = None,
) -> JsonObject:
    """`ai_provenance`, without what is said of the texts."""
    ordered = [codes[index] for index in sorted(codes)]
    said: dict[str, Json] = {
        "generated": True,
        "id": exchange,
        "digital_source_type": GENERATED,
        "organisation": organisation,
        "codes": ordered,
        "verify_url": [f"{origin}/v/{code}" for code in ordered],
        "review": review,
    }
    if disclosure is not None:
        said["disclosure"] = {"nl": disclosure.nl, "en": disclosure.en}
    return said


def of_pilot(obligations: Sequence[Obligation]) -> JsonObject:
    """That this is a pilot outside production, where it is one."""
    sandbox = find(obligations, Sandbox)
    if sandbox is None:
        return {}
    return {"sandbox": {"data": sandbox.data, "until": sandbox.until.isoformat(), "publication": False}}


def of_texts(marks: Sequence[str] = (), content: Content | None = Content.MACHINE) -> JsonObject:
    """What was put in the texts, and what they were taken for; None: there was no text."""
    return {"content_class": content.value if content else None, "marks": list(marks)}


def find(obligations: Sequence[Obligation], kind: type[_Found]) -> _Found | None:
    """The obligation of this kind, if there is one."""
    return next((obligation for obligation in obligations if isinstance(obligation, kind)), None)
