# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificates

from app.keys.claim_signer import FileClaimSigner, create_claim_key, write_development_chain
from tests.claims import NOW, ClaimAuthority, MemoryClaimSigner
from watermark.signing import ClaimSigner


def test_both_signers_sign_as_cose_wants_it(tmp_path: Path) -> None:
    key, chain = tmp_path / "claim.pem", tmp_path / "chain.pem"
    create_claim_key(key, development=True)
    write_development_chain(key, chain, tmp_path / "root.pem", NOW)
    signers: list[ClaimSigner] = [FileClaimSigner(key, chain), MemoryClaimSigner.under(ClaimAuthority())]
    for signer in signers:
        public = load_pem_x509_certificates(signer.chain.encode())[0].public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        for number in range(20):  # r or s is short now and then
            message = bytes([number])
            signature = signer.sign(message)
            assert len(signature) == 64
            r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
            public.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
