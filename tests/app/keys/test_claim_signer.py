# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_pem_x509_certificates

from app.domain.errors import KeyUnusable
from app.keys.claim_signer import FileClaimSigner, create_claim_key, write_development_chain, write_request
from app.keys.signer import FileKeySigner
from tests.claims import NOW, ClaimAuthority


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    key, chain = tmp_path / "claim.pem", tmp_path / "chain.pem"
    create_claim_key(key, development=True)
    write_development_chain(key, chain, tmp_path / "root.pem", NOW)
    return key, chain


def test_it_opens_as_it_was_made(files: tuple[Path, Path]) -> None:
    signer = FileClaimSigner(*files)
    assert signer.development
    assert signer.chain.count("BEGIN CERTIFICATE") == 2
    assert (NOW - timedelta(days=2)) < signer.begins < NOW < signer.ends


def test_outside_its_dates_it_is_refused_with_what_to_do(files: tuple[Path, Path]) -> None:
    signer = FileClaimSigner(*files)
    signer.require_valid(signer.begins)
    signer.require_valid(signer.ends - timedelta(seconds=1))
    for moment in (signer.begins - timedelta(seconds=1), signer.ends):
        with pytest.raises(KeyUnusable, match="not valid now") as refused:
            signer.require_valid(moment)
        assert "new certificate" in refused.value.remedy.en


def test_the_shortest_certificate_of_the_chain_decides(files: tuple[Path, Path]) -> None:
    key, chain = files
    authority = ClaimAuthority()
    public = load_pem_x509_certificates(chain.read_bytes())[0].public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    chain.write_text(authority.issue(public, days=5000) + authority.root)
    assert FileClaimSigner(key, chain).ends < NOW + timedelta(days=901)


def test_a_chain_of_another_key_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    create_claim_key(other, development=True)
    with pytest.raises(KeyUnusable, match=r"chain\.pem.*another key"):
        FileClaimSigner(other, files[1])


def test_a_chain_that_is_away_or_is_none_is_refused(files: tuple[Path, Path]) -> None:
    key, chain = files
    chain.write_bytes(b"\xff")
    with pytest.raises(KeyUnusable):
        FileClaimSigner(key, chain)
    chain.unlink()
    with pytest.raises(KeyUnusable):
        FileClaimSigner(key, chain)


def test_only_a_key_on_p256_that_others_cannot_read_is_one(files: tuple[Path, Path], tmp_path: Path) -> None:
    key, chain = files
    key.chmod(0o640)
    with pytest.raises(KeyUnusable, match="others"):
        FileClaimSigner(key, chain)
    log = tmp_path / "log.pem"
    FileKeySigner.create(log, development=True)
    curve = tmp_path / "curve.pem"
    pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    curve.write_bytes(pem)
    curve.chmod(0o600)
    for other in (log, curve):
        with pytest.raises(KeyUnusable, match="P-256"):
            FileClaimSigner(other, chain)


def test_nothing_is_overwritten(files: tuple[Path, Path], tmp_path: Path) -> None:
    key, chain = files
    before = key.read_bytes(), chain.read_bytes()
    with pytest.raises(KeyUnusable):
        create_claim_key(key, development=True)
    with pytest.raises(KeyUnusable):
        write_development_chain(key, chain, tmp_path / "another.pem", NOW)
    write_request(key, tmp_path / "request.pem", "name")
    with pytest.raises(KeyUnusable):
        write_request(key, tmp_path / "request.pem", "name")
    assert (key.read_bytes(), chain.read_bytes()) == before
