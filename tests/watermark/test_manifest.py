# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A manifest beside a text: it holds for exactly that text, says what is claimed, and fetches nothing."""

import io
import json
import socket
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import c2pa  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from tests.claims import CLAIM, NOW, SERVER, ClaimAuthority, MemoryClaimSigner, store_of_a_stranger
from watermark.errors import ManifestUnreadable, SigningFailed
from watermark.manifest import COMPOSITE, GENERATED, MOST_BYTES, Action, ManifestState, read_text, sign_text

TEXT = "Beste bewoner,\n\nUw paspoort ligt klaar in het stadhuis. Één bezoek volstaat 🙂.\n\n—\nGemaakt met AI."


@pytest.fixture(scope="module")
def authority() -> ClaimAuthority:
    return ClaimAuthority()


@pytest.fixture(scope="module")
def signer(authority: ClaimAuthority) -> MemoryClaimSigner:
    return MemoryClaimSigner.under(authority)


@pytest.fixture(scope="module")
def store(signer: MemoryClaimSigner) -> bytes:
    return sign_text(TEXT, CLAIM, signer)


def test_a_released_text_is_trusted_and_says_where_it_came_from(authority: ClaimAuthority, store: bytes) -> None:
    report = read_text(TEXT, store, authority.root)
    assert (report.state, report.faults) == (ManifestState.TRUSTED, ())
    assert (report.title, report.identifier) == ("AI-tekst K7Q2-9FXM-3TBW", "K7Q2-9FXM-3TBW")
    assert (report.publisher, report.signer) == ("Gemeente Voorbeeld", "Gemeente Voorbeeld")
    assert report.actions == (
        Action("c2pa.created", "2026-11-23T10:00:00Z", GENERATED, "mistral-large-2411"),
        Action("c2pa.published", "2026-11-23T11:30:00Z"),
    )


def test_an_edit_by_a_human_is_told_between_the_two(authority: ClaimAuthority, signer: MemoryClaimSigner) -> None:
    report = read_text(TEXT, sign_text(TEXT, replace(CLAIM, edited=True), signer), authority.root)
    assert [(action.name, action.source) for action in report.actions] == [
        ("c2pa.created", GENERATED),
        ("c2pa.edited", COMPOSITE),
        ("c2pa.published", ""),
    ]


@pytest.mark.parametrize(("published", "oversight"), [(CLAIM.published, "human_validated"), (None, "prompt_guided")])
def test_nothing_says_that_a_human_looked_when_none_did(
    signer: MemoryClaimSigner, published: datetime | None, oversight: str
) -> None:
    said = manifest_of(sign_text(TEXT, replace(CLAIM, published=published), signer))
    assertions = {each["label"]: each["data"] for each in said["assertions"]}
    assert assertions["c2pa.ai-disclosure"] == {
        "modelType": "c2pa.types.model",
        "modelName": "mistral-large-2411",
        "contentProfile": {"humanOversightLevel": oversight},
    }
    names = [action["action"] for action in assertions["c2pa.actions.v2"]["actions"]]
    assert names == ["c2pa.created", "c2pa.published"][: 1 + (published is not None)]


def test_what_is_claimed_is_claimed_by_us_and_holds_no_picture(store: bytes) -> None:
    """An assertion that is gathered is somebody else's word: validators pass over it."""
    said = manifest_of(store)
    assert {each["label"]: each["created"] for each in said["assertions"]} == {
        "c2pa.actions.v2": True,
        "c2pa.ai-disclosure": True,
        "cawg.metadata": True,
    }
    assert "thumbnail" not in said
    generator = said["claim_generator_info"][0]
    assert (generator["name"], generator["version"]) == ("Waarmerk", "1.2.3")


@pytest.mark.parametrize(
    "changed",
    [
        TEXT + " ",
        TEXT[:-1],
        TEXT.replace("klaar", "Klaar"),
        TEXT.replace("\n", "\r\n"),
        unicodedata.normalize("NFD", TEXT),
        "\ufeff" + TEXT,
        TEXT.replace("🙂.", "🙂\ufe0f."),
    ],
)
def test_one_change_and_it_holds_no_longer(authority: ClaimAuthority, store: bytes, changed: str) -> None:
    report = read_text(changed, store, authority.root)
    assert (report.state, report.faults) == (ManifestState.INVALID, ("assertion.dataHash.mismatch",))


def test_a_change_in_the_manifest_is_found(authority: ClaimAuthority, store: bytes) -> None:
    forged = store.replace(b"mistral-large-2411", b"mistral-large-2412")
    assert forged != store
    report = read_text(TEXT, forged, authority.root)
    assert report.state is ManifestState.INVALID
    assert "assertion.hashedURI.mismatch" in report.faults


def test_who_signed_is_only_known_under_a_root_that_was_given(store: bytes) -> None:
    for root in ("", ClaimAuthority().root):
        report = read_text(TEXT, store, root)
        assert (report.state, report.faults) == (ManifestState.VALID, ("signingCredential.untrusted",))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=300))
def test_any_text_is_signed_as_it_is(authority: ClaimAuthority, signer: MemoryClaimSigner, text: str) -> None:
    store = sign_text(text, CLAIM, signer)
    assert read_text(text, store, authority.root).state is ManifestState.TRUSTED
    assert read_text(text + "x", store, authority.root).state is ManifestState.INVALID


def test_several_threads_sign_side_by_side(authority: ClaimAuthority, signer: MemoryClaimSigner) -> None:
    texts = [f"{TEXT} {number}" for number in range(12)]
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda text: sign_text(text, CLAIM, signer), texts))
    states = [read_text(text, store, authority.root).state for text, store in zip(texts, stores, strict=True)]
    assert states == [ManifestState.TRUSTED] * 12


class BrokenSigner(MemoryClaimSigner):
    """A key that is away, or another one than the certificate's."""

    answer: bytes | None = None

    @override
    def sign(self, message: bytes) -> bytes:
        if self.answer is None:
            raise OSError("the token was pulled out")
        return self.answer


def test_without_a_good_signature_there_is_no_manifest(authority: ClaimAuthority) -> None:
    signer = BrokenSigner()
    signer.chain = authority.issue(signer.key.public_key())
    for answer in (None, b"", b"\0" * 64, b"short", MemoryClaimSigner().sign(b"x")):
        signer.answer = answer
        with pytest.raises(SigningFailed):
            sign_text(TEXT, CLAIM, signer)


def test_certificates_that_may_not_sign_claims_sign_none(authority: ClaimAuthority) -> None:
    signer = MemoryClaimSigner()
    key = signer.key.public_key()
    wrong = {
        "over": authority.issue(key, begins=NOW - timedelta(days=100)),
        "not yet": authority.issue(key, begins=NOW + timedelta(days=100)),
        "of a web server": authority.issue(key, usages=[SERVER]),
        "for nothing": authority.issue(key, usages=[]),
        "of an authority": authority.issue(key, authority=True),
        "of another key": authority.issue(MemoryClaimSigner().key.public_key()),
        "no certificate": "junk",
        "empty": "",
    }
    for name, chain in wrong.items():
        signer.chain = chain
        with pytest.raises(SigningFailed):
            pytest.fail(f"{name}: {len(sign_text(TEXT, CLAIM, signer))} bytes were signed")


def test_what_is_no_text_is_not_signed(signer: MemoryClaimSigner) -> None:
    for text in ("", "half \ud83d"):
        with pytest.raises(SigningFailed):
            sign_text(text, CLAIM, signer)


def test_what_is_no_manifest_is_said_to_be_none(authority: ClaimAuthority, store: bytes) -> None:
    for junk in (b"", b"junk" * 9, store[:-9], store[:40], b"\0" * (MOST_BYTES + 1)):
        with pytest.raises(ManifestUnreadable):
            read_text(TEXT, junk, authority.root)
    with pytest.raises(ManifestUnreadable, match="PEM"):
        read_text(TEXT, store, "not a certificate")


@pytest.mark.parametrize("publisher", [5, None, True, {}, {"nl": "Gemeente"}, [5, None], []])
def test_what_a_stranger_signs_where_words_are_expected_says_nothing(
    signer: MemoryClaimSigner, publisher: object
) -> None:
    metadata = {"@context": {}, "dc:publisher": publisher, "dc:identifier": publisher}
    report = read_text(TEXT, store_of_a_stranger(TEXT, signer, metadata))
    assert (report.state, report.publisher, report.identifier) == (ManifestState.VALID, "", "")


def test_one_publisher_may_stand_without_a_list(signer: MemoryClaimSigner) -> None:
    store = store_of_a_stranger(TEXT, signer, {"@context": {}, "dc:publisher": "Gemeente Voorbeeld"})
    assert read_text(TEXT, store).publisher == "Gemeente Voorbeeld"


def test_nothing_is_fetched_for_whom_a_certificate_names(authority: ClaimAuthority) -> None:
    """A manifest is a stranger's: the address in its certificate would be called from our network."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        signer = MemoryClaimSigner.under(authority, ocsp=f"http://127.0.0.1:{canary.getsockname()[1]}/")
        report = read_text(TEXT, sign_text(TEXT, CLAIM, signer), authority.root)
        assert report.state is ManifestState.TRUSTED
        with pytest.raises(BlockingIOError):
            canary.accept()


def test_the_native_library_is_loaded_when_it_is_needed() -> None:
    program = "import sys, watermark.manifest, app.marking.manifests; sys.exit('c2pa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def manifest_of(store: bytes) -> dict[str, Any]:
    """All that it says, as the library itself shows it."""
    with c2pa.Reader("text/plain", io.BytesIO(TEXT.encode()), manifest_data=store) as reader:
        read = json.loads(reader.json())
    found: dict[str, Any] = read["manifests"][read["active_manifest"]]
    return found
