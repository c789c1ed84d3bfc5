# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import KeyUnusable
from app.domain.keys import KeySigner
from app.keys.secret import write_secret
from app.keys.signer import FileKeySigner, check_signature

# RFC 8032 7.1, test 2.
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_signature_of_the_standard_is_accepted_and_no_other() -> None:
    assert check_signature(PUBLIC, b"\x72", SIGNATURE)
    assert not check_signature(PUBLIC, b"\x73", SIGNATURE)


def test_a_signer_signs_what_its_public_key_verifies(tmp_path: Path) -> None:
    signer: KeySigner = FileKeySigner.create(tmp_path / "log.pem", development=True)
    signature = signer.sign(b"message")
    assert check_signature(signer.public_key, b"message", signature)
    assert not check_signature(signer.public_key, b"massage", signature)
    assert signer.development


def test_the_key_is_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    made = FileKeySigner.create(tmp_path / "log.pem", development=False)
    again = FileKeySigner(tmp_path / "log.pem")
    assert (again.public_key, again.development) == (made.public_key, False)


def test_opening_makes_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable):
        FileKeySigner(tmp_path / "log.pem")
    assert not list(tmp_path.iterdir())


def test_what_is_not_an_ed25519_key_is_refused(tmp_path: Path) -> None:
    write_secret(tmp_path / "words.pem", b"no key at all", development=False)
    with pytest.raises(KeyUnusable, match="does not hold a key"):
        FileKeySigner(tmp_path / "words.pem")
    curve = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        capture_output=True,
        check=True,
    )
    write_secret(tmp_path / "curve.pem", curve.stdout, development=False)
    with pytest.raises(KeyUnusable, match="does not hold an Ed25519 key"):
        FileKeySigner(tmp_path / "curve.pem")


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=80))
def test_bytes_of_any_kind_are_answered_with_no(public: bytes, message: bytes, signature: bytes) -> None:
    assert not check_signature(public, message, signature)
