# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_pem_x509_csr

from app.domain.errors import KeyUnusable
from app.keys.folder import (
    CHAIN,
    CLAIM,
    COMMITMENT,
    CONTENT,
    LOG,
    REQUEST,
    ROOT,
    add_claim_key,
    create_keys,
    open_keys,
    retire_content_key,
)
from tests.claims import NOW, ClaimAuthority


def test_keys_are_for_development_unless_production_is_asked_for(tmp_path: Path) -> None:
    create_keys(tmp_path / "development")
    create_keys(tmp_path / "production", production=True)
    assert open_keys(tmp_path / "development").development
    assert not open_keys(tmp_path / "production").development


def test_one_development_key_makes_it_development(tmp_path: Path) -> None:
    create_keys(tmp_path / "development")
    create_keys(tmp_path / "production", production=True)
    for name in (LOG, CONTENT, COMMITMENT):
        mixed = tmp_path / f"mixed-{name}"
        mixed.mkdir()
        for other in (LOG, CONTENT, COMMITMENT):
            source = "development" if other == name else "production"
            (tmp_path / source / other).rename(mixed / other)
        assert open_keys(mixed).development
        for other in (LOG, CONTENT, COMMITMENT):
            source = "development" if other == name else "production"
            (mixed / other).rename(tmp_path / source / other)


def test_no_key_is_overwritten(tmp_path: Path) -> None:
    create_keys(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(KeyUnusable, match="exists already"):
        create_keys(tmp_path, production=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_one_key_for_two_purposes_is_refused(tmp_path: Path) -> None:
    create_keys(tmp_path)
    (tmp_path / COMMITMENT).write_bytes((tmp_path / CONTENT).read_bytes())
    with pytest.raises(KeyUnusable, match="same key as the content key"):
        open_keys(tmp_path)


def test_the_log_key_does_not_pass_for_a_content_key_nor_the_other_way(tmp_path: Path) -> None:
    create_keys(tmp_path)
    log, content = (tmp_path / LOG).read_bytes(), (tmp_path / CONTENT).read_bytes()
    (tmp_path / CONTENT).write_bytes(log)
    with pytest.raises(KeyUnusable):
        open_keys(tmp_path)
    (tmp_path / CONTENT).write_bytes(content)
    (tmp_path / LOG).write_bytes(content)
    with pytest.raises(KeyUnusable):
        open_keys(tmp_path)


def test_what_was_sealed_before_a_rotation_still_opens(tmp_path: Path) -> None:
    create_keys(tmp_path)
    sealed = open_keys(tmp_path).cipher.seal("exc_1", "prompt", b"text")
    retired = retire_content_key(tmp_path)
    assert open_keys(tmp_path).cipher.open(sealed) == b"text"
    retired.unlink()
    with pytest.raises(KeyUnusable, match="its content key is not here"):
        open_keys(tmp_path).cipher.open(sealed)


def test_keys_of_before_open_without_a_claim_key_and_nothing_is_added(tmp_path: Path) -> None:
    create_keys(tmp_path)
    before = sorted(tmp_path.iterdir())
    keys = open_keys(tmp_path)
    assert (keys.claim, keys.claim_root) == (None, None)
    assert sorted(tmp_path.iterdir()) == before


def test_for_development_a_chain_is_made_once(tmp_path: Path) -> None:
    create_keys(tmp_path)
    made = add_claim_key(tmp_path, "localhost", NOW)
    assert [path.name for path in made] == [CHAIN, CLAIM, ROOT]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert add_claim_key(tmp_path, "localhost", NOW) == []
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    keys = open_keys(tmp_path)
    assert keys.claim is not None
    assert keys.claim.organisation == "Waarmerk development - proves nothing"
    assert keys.claim_root == tmp_path / ROOT


def test_for_production_a_request_is_made_and_no_certificate_is_made_up(tmp_path: Path) -> None:
    create_keys(tmp_path, production=True)
    made = add_claim_key(tmp_path, "waarmerk.example", NOW)
    assert [path.name for path in made] == [REQUEST, CLAIM]
    assert add_claim_key(tmp_path, "waarmerk.example", NOW) == []
    assert open_keys(tmp_path).claim is None
    asked = load_pem_x509_csr((tmp_path / REQUEST).read_bytes())
    public = asked.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    (tmp_path / CHAIN).write_text(ClaimAuthority().issue(public))
    keys = open_keys(tmp_path)
    assert keys.claim is not None
    assert keys.claim.organisation == "Gemeente Voorbeeld"
    assert not keys.development


def test_a_claim_key_for_development_makes_the_folder_one_for_development(tmp_path: Path) -> None:
    create_keys(tmp_path / "development")
    add_claim_key(tmp_path / "development", "localhost", NOW)
    create_keys(tmp_path / "production", production=True)
    for name in (CLAIM, CHAIN):
        (tmp_path / "development" / name).rename(tmp_path / "production" / name)
    assert open_keys(tmp_path / "production").development


def test_a_chain_that_is_not_of_the_key_does_not_open(tmp_path: Path) -> None:
    create_keys(tmp_path)
    add_claim_key(tmp_path, "localhost", NOW)
    (tmp_path / CLAIM).unlink()
    assert add_claim_key(tmp_path, "localhost", NOW) == []
    with pytest.raises(KeyUnusable, match=CLAIM):
        open_keys(tmp_path)
