# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.domain.errors import KeyUnusable
from app.domain.manifest import Manifests
from app.keys.claim_signer import FileClaimSigner, create_claim_key, write_development_chain
from app.marking.manifests import C2paManifests
from tests.claims import NOW, ClaimAuthority, MemoryClaimSigner
from watermark.manifest import ManifestState, read_text

TEXT = "Deze tekst is gemaakt met hulp van AI.\n\nDe straat is dicht."


class ChosenClock:
    """A clock that stands where it was put."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class PulledOut(MemoryClaimSigner):
    """A token that was pulled out."""

    @override
    def sign(self, message: bytes) -> bytes:
        raise OSError


def make(manifests: Manifests, text: str = TEXT, **changes: Any) -> bytes:  # noqa: ANN401 what `make` takes
    claim: dict[str, Any] = {
        "code": "K7Q2-9FXM-3TBW",
        "title": "webtekst",
        "edited": True,
        "model": "mistral-large",
        "created": NOW,
        "published": NOW + timedelta(hours=1),
        "organisation": "Gemeente Voorbeeld",
    }
    return manifests.make(text, **(claim | changes))


def test_what_is_released_is_claimed_as_it_was_given() -> None:
    authority = ClaimAuthority()
    store = make(C2paManifests(MemoryClaimSigner.under(authority), ChosenClock(), version="1.2.3"))
    report = read_text(TEXT, store, authority.root)
    assert report.state is ManifestState.TRUSTED
    assert (report.title, report.identifier, report.publisher) == ("webtekst", "K7Q2-9FXM-3TBW", "Gemeente Voorbeeld")
    assert [action.name for action in report.actions] == ["c2pa.created", "c2pa.edited", "c2pa.published"]
    assert report.actions[0].agent == "mistral-large"


def test_of_a_model_that_is_not_known_no_name_is_made_up() -> None:
    authority = ClaimAuthority()
    store = make(
        C2paManifests(MemoryClaimSigner.under(authority), ChosenClock(), version="1"), model="", published=None
    )
    report = read_text(TEXT, store, authority.root)
    assert (report.state, report.actions[0].agent) == (ManifestState.TRUSTED, "")


def test_without_a_certificate_and_without_text_there_is_no_manifest() -> None:
    assert make(C2paManifests(None, ChosenClock(), version="1")) == b""
    signer = MemoryClaimSigner.under(ClaimAuthority())
    assert make(C2paManifests(signer, ChosenClock(), version="1"), text="") == b""


def test_a_certificate_that_is_over_stops_the_release_and_says_what_to_do(tmp_path: Path) -> None:
    key, chain = tmp_path / "claim.pem", tmp_path / "chain.pem"
    create_claim_key(key, development=True)
    write_development_chain(key, chain, tmp_path / "root.pem", NOW)
    signer = FileClaimSigner(key, chain)
    clock = ChosenClock(signer.ends - timedelta(days=1))
    manifests = C2paManifests(signer, clock, version="1")
    assert make(manifests)
    clock.moment = signer.ends
    with pytest.raises(KeyUnusable, match="not valid now"):
        make(manifests)


def test_a_key_that_does_not_sign_stops_the_release() -> None:
    signer = PulledOut()
    signer.chain = ClaimAuthority().issue(signer.key.public_key())
    with pytest.raises(KeyUnusable, match="could not be signed"):
        make(C2paManifests(signer, ChosenClock(), version="1"))
