# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.claims import CLAIM, ClaimAuthority, MemoryClaimSigner
from tests.watermark.texts import CODE, DISCLOSURES, LETTER, ORIGIN
from watermark.manifest import sign_text

ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "watermark", *arguments], cwd=ROOT, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_bytes(LETTER.replace("\n", "\r\n").encode())
    return path


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.json"
    path.write_text(json.dumps([asdict(each) for each in DISCLOSURES]))
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key-2026"
    path.write_bytes(b"a key of this test, 32 bytes lng")
    return path


def test_a_file_is_marked_and_verified(letter: Path, texts: Path, key: Path, tmp_path: Path) -> None:
    known = ("--texts", texts, "--origin", ORIGIN, "--key", key)
    status, marked, _ = run("mark", letter, "--code", CODE.lower(), "--language", "fy", *known)
    assert status == 0
    assert marked.startswith("AI-konsept. Net kontrolearre. Net publisearje.\n\nBeste mevrouw De Vries,\r\n")
    assert marked.endswith(f"—\nMakke mei AI · koade {CODE} · {ORIGIN}/v/{CODE}")
    path = tmp_path / "marked.txt"
    path.write_bytes(marked.encode())
    status, said, _ = run("verify", path, *known)
    assert status == 0
    assert "Line 1: a label of ours (fy)." in said
    assert f"sentences carry the mark of code {CODE} (key key-2026)." in said


def test_without_texts_only_the_sentences_are_marked(letter: Path) -> None:
    status, marked, _ = run("mark", letter, "--code", CODE, "--carrier", "vs1")
    assert status == 0
    assert marked.startswith("Beste mevrouw De Vries,\r\n")
    assert max(marked) < "\U00010000"


def test_no_mark_found_is_a_status_of_its_own(letter: Path) -> None:
    status, said, _ = run("verify", letter)
    assert status == 1
    assert said.startswith("No mark of ours was found.\nThat does not mean that the text was made by a human")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--code", "K7Q2"), "is no code"),
        (("--code", CODE, "--texts", "TEXTS", "--language", "de", "--origin", ORIGIN), "has no text in de"),
        (("--code", CODE, "--texts", "TEXTS"), "no address to verify at"),
        (("--code", CODE, "--key", "SHORT"), "a key has at least 16"),
        (("--code", CODE, "--texts", "SHORT"), "must be a list of objects"),
    ],
)
def test_what_is_wrong_is_said(
    arguments: tuple[str, ...], fault: str, letter: Path, texts: Path, tmp_path: Path
) -> None:
    short = tmp_path / "short"
    short.write_text("[1]")
    places = {"TEXTS": texts, "SHORT": short}
    status, said, wrong = run("mark", letter, *(places.get(each, each) for each in arguments))
    assert (status, said) == (2, "")
    assert fault in wrong


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    assert run("verify", tmp_path / "none.txt")[0] == 2
    (tmp_path / "image.png").write_bytes(b"\x89PNG\xff")
    status, _, wrong = run("verify", tmp_path / "image.png")
    assert status == 2
    assert "can't decode" in wrong


def test_a_manifest_decides_where_one_is_given(letter: Path, tmp_path: Path) -> None:
    authority = ClaimAuthority()
    store, root = tmp_path / "letter.c2pa", tmp_path / "root.pem"
    store.write_bytes(sign_text(letter.read_bytes().decode(), CLAIM, MemoryClaimSigner.under(authority)))
    root.write_text(authority.root)
    status, said, _ = run("verify", letter, "--manifest", store, "--trust", root)
    assert status == 0
    assert "Manifest: Trusted. This is exactly the text for which Gemeente Voorbeeld signed." in said
    assert "It says: c2pa.created on 2026-11-23T10:00:00Z with mistral-large-2411 (trainedAlgorithmicMedia)." in said
    status, said, _ = run("verify", letter, "--manifest", store)
    assert (status, "Valid, by a stranger" in said) == (1, True)
    letter.write_bytes(letter.read_bytes() + b"\n")
    status, said, _ = run("verify", letter, "--manifest", store, "--trust", root)
    assert (status, "Invalid (assertion.dataHash.mismatch)" in said, "Trusted" in said) == (1, True, False)


def test_a_file_that_is_no_manifest_is_told(letter: Path) -> None:
    status, _, said = run("verify", letter, "--manifest", letter)
    assert (status, "not a manifest store" in said) == (2, True)
