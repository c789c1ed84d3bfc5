# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""C2PA manifest stores of strangers: a report or ManifestUnreadable, whatever their JSON and CBOR hold."""

import json
from typing import Final

import c2pa  # type: ignore[import-untyped]

from tests.claims import CLAIM, ClaimAuthority, MemoryClaimSigner, store_of_a_stranger
from tests.fuzz.pieces import text
from watermark.errors import ManifestUnreadable
from watermark.manifest import ManifestState, read_text, sign_text
from watermark.verify import explain_manifest

_TEXT: Final = "Beste bewoner, uw paspoort ligt klaar. 🙂"
_SIGNER: Final = MemoryClaimSigner.under(ClaimAuthority())
_STORE: Final = sign_text(_TEXT, CLAIM, _SIGNER)
SEEDS: Final = (
    _STORE,
    b"",
    _STORE[:1000],
    b'{"@context":{"dc":"http://purl.org/dc/elements/1.1/"},"dc:identifier":"K7Q2","dc:publisher":["Gemeente"]}',
    b'{"@context":{},"dc:publisher":5,"softwareAgent":"x"}',
    b'{"@context":{},"dc:publisher":[{}],"softwareAgent":{"name":"x"},"when":"2026-11-23T10:00:00Z"}',
)


def run(data: bytes) -> None:
    """As the store beside a text; JSON, as what a stranger signed as metadata and as an action."""
    store = _signed(data) if data[:1] == b"{" else data
    try:
        report = read_text(_TEXT, store)
    except ManifestUnreadable:
        return
    assert report.state is not ManifestState.TRUSTED, "trusted without a root"
    said = (report.title, report.identifier, report.publisher, report.signer)
    assert all(isinstance(each, str) for each in said)
    explain_manifest(report)


def _signed(data: bytes) -> bytes:
    try:
        said = json.loads(text(data))
        return store_of_a_stranger(_TEXT, _SIGNER, said, **said)
    except (ValueError, RecursionError, TypeError, c2pa.C2paError):
        return b""
