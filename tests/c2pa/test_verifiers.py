# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Manifests of releases as three validators by others judge them: for exactly that text, under our root, and for no other.

- `encypher-c2pa`, a code base of its own, with the hash, the signature and the chain up to our root.
- npm `@contentauth/c2pa-node`, the reference implementation in an older version than ours; the same.
- npm `@trustnxt/c2pa-ts`, a code base of its own, with the hash and the signature; it does not build chains.

encypher takes `text/plain` for a text that holds its manifest inside (C2PA 2.4, A.8), so it is given the same bytes as Markdown,
which may have one beside it. What it then compares is every byte, as the changed texts show.
"""

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import encypher_c2pa
import pytest

from app.domain.clock import SystemClock
from app.keys.folder import ROOT, add_claim_key, create_keys, open_keys
from app.marking.manifests import C2paManifests
from tests.claims import NOW, ClaimAuthority
from tests.node import installed

HERE = Path(__file__).parent
TEXT = "Deze tekst is gemaakt met hulp van AI.\n\nDe straat is dicht\ufe01. Eén bewoner 🙂.\n\n—\nGemaakt met AI · code K7Q2"
CHANGES = {
    "a letter": TEXT.replace("straat", "Straat"),
    "a mark": TEXT.replace("\ufe01", ""),
    "a space at the end": TEXT + " ",
    "a line break": TEXT.replace("\n", "\r\n", 1),
    "the first letter": TEXT[1:],
}
CLAIMS: dict[str, dict[str, Any]] = {
    "published": {"edited": False, "published": NOW},
    "edited": {"edited": True, "published": NOW},
    "given at once": {"edited": False, "published": None},
    "of an unknown model": {"edited": False, "published": NOW, "model": ""},
}


@dataclass(frozen=True)
class Made:
    """Stores by kind of claim, and the root of the development chain that a new home gets."""

    stores: dict[str, bytes]
    root: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("home") / "keys"
    create_keys(folder)
    add_claim_key(folder, "localhost", NOW)
    manifests = C2paManifests(open_keys(folder).claim, SystemClock(), version="1.2.3")
    usual: dict[str, Any] = {
        "code": "K7Q2-9FXM-3TBW",
        "title": "webtekst",
        "model": "mistral-large-2411",
        "created": NOW - timedelta(hours=1),
        "organisation": "Gemeente Voorbeeld",
    }
    stores = {name: manifests.make(TEXT, **(usual | claim)) for name, claim in CLAIMS.items()}
    return Made(stores, (folder / ROOT).read_text())


@pytest.fixture(scope="module")
def judges() -> None:
    """What the lock names."""
    installed(HERE)


@pytest.fixture(autouse=True)
def _no_traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encypher writes down that it may not tell anybody of its use; not in the home of whoever runs the tests."""
    monkeypatch.setenv("ENCYPHER_C2PA_CONFIG_DIR", str(tmp_path))


def test_encypher_trusts_every_release(made: Made) -> None:
    for name, store in made.stores.items():
        report = by_encypher(TEXT, store, made.root)
        assert (report["validation_state"], report["hard_binding"]) == ("Trusted", "match"), name
        assert report["validation_results"]["failure"] == [], name


def test_encypher_finds_every_change(made: Made) -> None:
    for name, text in CHANGES.items():
        report = by_encypher(text, made.stores["published"], made.root)
        assert (report["validation_state"], report["hard_binding"]) == ("Invalid", "mismatch"), name
        assert [each["code"] for each in report["validation_results"]["failure"]] == ["assertion.dataHash.mismatch"]


def test_encypher_trusts_nobody_under_another_root(made: Made) -> None:
    report = by_encypher(TEXT, made.stores["published"], ClaimAuthority().root)
    assert (report["validation_state"], report["hard_binding"]) == ("Valid", "match")


def test_encypher_finds_a_change_in_what_is_claimed(made: Made) -> None:
    forged = made.stores["published"].replace(b"Reviewed and released", b"Reviewed und released")
    report = by_encypher(TEXT, forged, made.root)
    assert report["validation_state"] == "Invalid"
    assert "assertion.hashedURI.mismatch" in [each["code"] for each in report["validation_results"]["failure"]]


@pytest.mark.needs("node")
@pytest.mark.needs("npm")
def test_the_reference_and_a_validator_in_typescript_agree(made: Made, judges: None) -> None:
    """In one process: each case is judged by both, and every one of them is told apart."""
    published = made.stores["published"]
    forged = published.replace(b"Reviewed and released", b"Reviewed und released")
    right = {name: (TEXT, store, made.root) for name, store in made.stores.items()}
    changed = {name: (text, published, made.root) for name, text in CHANGES.items()}
    others = {"stranger": (TEXT, published, ClaimAuthority().root), "forged": (TEXT, forged, made.root)}
    cases = right | changed | others
    verdicts = dict(zip(cases, judged(list(cases.values())), strict=True))
    for name in right:
        assert verdicts[name] == {"reference": verdict("Trusted"), "typescript": verdict("Valid")}, name
    for name in changed:
        mismatch = verdict("Invalid", "assertion.dataHash.mismatch")
        assert verdicts[name] == {"reference": mismatch, "typescript": mismatch}, name
    assert verdicts["stranger"]["reference"] == verdict("Valid", "signingCredential.untrusted")
    assert verdicts["forged"]["reference"]["state"] == verdicts["forged"]["typescript"]["state"] == "Invalid"


def test_the_lock_names_hashes_and_no_registry() -> None:
    packages = json.loads((HERE / "package-lock.json").read_text())["packages"]
    packages.pop("")
    assert len(packages) > 2
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def by_encypher(text: str, store: bytes, root: str) -> Any:  # noqa: ANN401 a report in JSON
    """Offline, and trusting nobody of its own."""
    return encypher_c2pa.verify(
        text.encode(),
        "text/markdown",
        manifest_store=store,
        trust_pem=root,
        no_default_trust=True,
        telemetry=False,
        online=False,
    )


def judged(cases: list[tuple[str, bytes, str]]) -> list[dict[str, Any]]:
    """What judges.mjs says of text, store and root."""
    asked = [{"text": encoded(text.encode()), "store": encoded(store), "root": root} for text, store, root in cases]
    done = subprocess.run(
        ["node", "judges.mjs"],
        cwd=HERE,
        env={"PATH": os.environ["PATH"]},
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr.decode()
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def verdict(state: str, *codes: str) -> dict[str, Any]:
    return {"state": state, "codes": list(codes)}


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
