# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a text came from, as a signed C2PA manifest beside the text. The only file that knows C2PA's labels and its library.

The store is detached: not one byte of the text changes, and each byte is bound. The native library is loaded at the first use,
is given no address, and fetches nothing.
"""

from __future__ import annotations

import io
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from watermark.errors import ManifestUnreadable, SigningFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import c2pa  # type: ignore[import-untyped]

    from watermark.signing import ClaimSigner

MEDIA_TYPE = "application/c2pa"
MOST_BYTES = 1 << 20
"""No manifest store of a text is larger; a larger one is not given to native code."""

GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""IPTC NewsCodes, Digital Source Type: made by a model; made of a model's words and a human's."""

_TEXT = "text/plain"
# Extended key usages of a certificate that may sign claims (C2PA 2.2, 14.5.1): C2PA's own, e-mail, documents; and time stamping.
_USAGES = "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.4\n1.3.6.1.5.5.7.3.36\n1.3.6.1.5.5.7.3.8\n"
_GENERATOR = "Waarmerk"
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"

logging.getLogger("c2pa").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of a text. It names organisations and machines, no person."""

    title: str
    identifier: str
    """The code of the output."""
    publisher: str
    """Name of the responsible organisation."""
    model: str
    """Empty: not known, as of a text that was handed in."""
    version: str
    """Of the product that makes the claim."""
    created: datetime
    published: datetime | None = None
    """When a human let it out; None when no human looked."""
    edited: bool = False
    """Whether a human changed words of the model."""


class ManifestState(StrEnum):
    """What a validator makes of it (C2PA 2.2, 14.3). Trust what is `TRUSTED`, and nothing else."""

    TRUSTED = "Trusted"
    """Unchanged, and the signer stands under a root that was given."""
    VALID = "Valid"
    """Unchanged since somebody signed it, and nobody knows who."""
    INVALID = "Invalid"
    """Not this text, changed, or signed by a certificate that could not."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that was done to the text (`c2pa.actions.v2`)."""

    name: str
    """`c2pa.created`, `c2pa.edited`, `c2pa.published`."""
    when: str = ""
    source: str = ""
    """Digital source type, an address of IPTC's."""
    agent: str = ""
    """Software that did it."""


@dataclass(frozen=True, slots=True)
class ManifestReport:
    """What a manifest says of a text, and whether that holds."""

    state: ManifestState
    title: str
    identifier: str
    publisher: str
    signer: str
    """Organisation in the certificate."""
    actions: tuple[Action, ...]
    faults: tuple[str, ...]
    """C2PA's codes of what does not hold: `assertion.dataHash.mismatch`, `signingCredential.untrusted`."""


def sign_text(text: str, claim: Claim, signer: ClaimSigner) -> bytes:
    """The manifest store over exactly the UTF-8 of this text. Raises `SigningFailed`: then there is none.

    What was signed is read back and checked before it is returned.
    """
    import c2pa  # noqa: PLC0415  native code is loaded when a manifest is made

    try:
        with (
            c2pa.Signer.from_callback(signer.sign, c2pa.C2paSigningAlg.ES256, signer.chain) as native,
            c2pa.Builder(definition(claim), _signing()) as builder,
        ):
            builder.set_no_embed()
            return bytes(builder.sign(native, _TEXT, io.BytesIO(text.encode()), io.BytesIO()))
    except c2pa.C2paError as error:
        raise SigningFailed(f"the manifest could not be signed: {error}") from error
    except UnicodeEncodeError as error:
        raise SigningFailed("the manifest could not be signed: the text has half a character") from error


def read_text(text: str, store: bytes, trust_anchors: str = "") -> ManifestReport:
    """What this store says of this text. `trust_anchors`: roots in PEM that are trusted, no others are.

    Raises `ManifestUnreadable` when these bytes are no manifest store.
    """
    import c2pa  # noqa: PLC0415

    if trust_anchors and _CERTIFICATE not in trust_anchors:
        raise ManifestUnreadable("the trust anchors are not certificates in PEM")
    if not 0 < len(store) <= MOST_BYTES:
        raise ManifestUnreadable(f"a manifest store has 1 to {MOST_BYTES} bytes")
    try:
        with c2pa.Reader(
            _TEXT, io.BytesIO(text.encode()), manifest_data=store, context=_reading(trust_anchors)
        ) as reader:
            read: Mapping[str, Any] = json.loads(reader.json())
    except (c2pa.C2paError, ValueError) as error:
        raise ManifestUnreadable(f"not a manifest store of a text ({type(error).__name__})") from error
    return _report(read)


def definition(claim: Claim) -> Mapping[str, object]:
    """The claim in C2PA's words. Each assertion is marked as created: else the library calls it hearsay (`gathered`)."""
    return {
        "claim_generator_info": [{"name": _GENERATOR, "version": claim.version}],
        "title": claim.title,
        "format": _TEXT,
        "assertions": [
            {"label": "c2pa.actions.v2", "created": True, "data": {"actions": list(_actions(claim))}},
            {"label": "c2pa.ai-disclosure", "created": True, "data": _disclosure(claim)},
            {"label": "cawg.metadata", "created": True, "kind": "Json", "data": _metadata(claim)},
        ],
    }


def _actions(claim: Claim) -> Sequence[Mapping[str, object]]:
    """In order of time. A sign-off that changed nothing is no edit."""
    created = {
        "action": "c2pa.created",
        "when": _moment(claim.created),
        "digitalSourceType": GENERATED,
        **({"softwareAgent": {"name": claim.model}} if claim.model else {}),
    }
    edited = {
        "action": "c2pa.edited",
        "digitalSourceType": COMPOSITE,
        "description": "Changed by a human.",
    }
    published = {
        "action": "c2pa.published",
        "when": _moment(claim.published or claim.created),
        "description": "Reviewed and released by a human.",
    }
    return [created, *([edited] if claim.edited else []), *([published] if claim.published else [])]


def _disclosure(claim: Claim) -> Mapping[str, object]:
    oversight = "human_validated" if claim.published else "prompt_guided"
    return {
        "modelType": "c2pa.types.model",
        **({"modelName": claim.model} if claim.model else {}),
        "contentProfile": {"humanOversightLevel": oversight},
    }


def _metadata(claim: Claim) -> Mapping[str, object]:
    return {
        "@context": {"dc": "http://purl.org/dc/elements/1.1/"},
        "dc:identifier": claim.identifier,
        "dc:publisher": [claim.publisher],
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


@cache
def _signing() -> c2pa.Context:
    return _context({"verify_after_sign": True, "verify_trust": False}, {})


@lru_cache(maxsize=8)
def _reading(trust_anchors: str) -> c2pa.Context:
    return _context({"verify_trust": True}, {"trust_anchors": trust_anchors} if trust_anchors else {})


def _context(verify: Mapping[str, bool], trust: Mapping[str, str]) -> c2pa.Context:
    """Nothing is fetched: a manifest is written by strangers, and an address in it would be called from here."""
    import c2pa  # noqa: PLC0415

    settings = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, **verify},
        "trust": {"trust_config": _USAGES, **trust},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return c2pa.Context(c2pa.Settings.from_dict(settings))


def _report(read: Mapping[str, Any]) -> ManifestReport:
    active: Mapping[str, Any] = read["manifests"][read["active_manifest"]]
    assertions = {each["label"]: each.get("data") for each in active.get("assertions", [])}
    metadata = _members(assertions.get("cawg.metadata"))
    results = read.get("validation_results", {}).get("activeManifest", {})
    actions = _members(assertions.get("c2pa.actions.v2")).get("actions")
    return ManifestReport(
        state=ManifestState(read["validation_state"]),
        title=_words(active.get("title")),
        identifier=_words(metadata.get("dc:identifier")),
        publisher=_words(metadata.get("dc:publisher")),
        signer=_words(_members(active.get("signature_info")).get("issuer")),
        actions=tuple(_action(_members(each)) for each in actions) if isinstance(actions, list) else (),
        faults=tuple(str(fault["code"]) for fault in results.get("failure", [])),
    )


def _action(read: Mapping[str, Any]) -> Action:
    agent = read.get("softwareAgent")
    return Action(
        name=_words(read.get("action")),
        when=_words(read.get("when")),
        source=_words(read.get("digitalSourceType")),
        agent=_words(_members(agent).get("name") or agent),
    )


# An assertion is its signer's word, and anybody can sign: where another kind of value is expected, it says nothing.


def _members(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: object) -> str:
    return ", ".join(each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str))
