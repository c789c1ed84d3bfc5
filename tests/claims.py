# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Certificates to sign claims with, right ones and wrong ones, under a root of their own."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import c2pa  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from watermark.manifest import GENERATED, Claim

NOW = datetime.now(UTC)
C2PA = x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
EMAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
SERVER = ExtendedKeyUsageOID.SERVER_AUTH

CLAIM = Claim(
    title="AI-tekst K7Q2-9FXM-3TBW",
    identifier="K7Q2-9FXM-3TBW",
    publisher="Gemeente Voorbeeld",
    model="mistral-large-2411",
    version="1.2.3",
    created=datetime(2026, 11, 23, 10, 0, 0, 123456, UTC),
    published=datetime(2026, 11, 23, 11, 30, tzinfo=UTC),
)


class ClaimAuthority:
    """A root that issues certificates for claim keys; says yes to anything a test asks for."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test root")])
        builder = self._builder(self._name, self._key.public_key(), NOW, 900)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.root = pem(builder.add_extension(_usage(signs_certificates=True), critical=True).sign(self._key, SHA256()))

    def issue(
        self,
        key: ec.EllipticCurvePublicKey,
        *,
        begins: datetime = NOW,
        days: int = 90,
        organisation: str | None = "Gemeente Voorbeeld",
        usages: Sequence[x509.ObjectIdentifier] = (C2PA, EMAIL),
        authority: bool = False,
        ocsp: str = "",
    ) -> str:
        """A certificate for this key, in PEM."""
        names = [x509.NameAttribute(NameOID.COMMON_NAME, "Claims")]
        if organisation is not None:
            names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
        builder = self._builder(x509.Name(names), key, begins, days)
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=authority), critical=True)
        if usages:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        if ocsp:
            place = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp))
            builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
        return pem(builder.sign(self._key, SHA256()))

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, days: int
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins - timedelta(days=1))
            .not_valid_after(begins + timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )


class MemoryClaimSigner:
    """A claim key in memory, with the certificates that were given to it. Port: `ClaimSigner`."""

    def __init__(self, key: ec.EllipticCurvePrivateKey | None = None, chain: str = "") -> None:
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.chain = chain

    @classmethod
    def under(cls, authority: ClaimAuthority, *, ocsp: str = "") -> "MemoryClaimSigner":
        """With a certificate of this authority."""
        signer = cls()
        signer.chain = authority.issue(signer.key.public_key(), ocsp=ocsp)
        return signer

    def require_valid(self, moment: datetime) -> None:
        """Always."""

    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)


def store_of_a_stranger(text: str, signer: MemoryClaimSigner, metadata: object, **action: object) -> bytes:
    """A manifest store whose metadata and first action say anything at all. Raises `c2pa.C2paError` where C2PA itself forbids it."""
    created = {"action": "c2pa.created", "digitalSourceType": GENERATED, **action}
    assertions = [
        {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
        {"label": "cawg.metadata", "kind": "Json", "data": metadata},
    ]
    definition = {"title": "t", "format": "text/plain", "assertions": assertions}
    settings = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    with (
        c2pa.Signer.from_callback(signer.sign, c2pa.C2paSigningAlg.ES256, signer.chain) as native,
        c2pa.Builder(definition, c2pa.Context(c2pa.Settings.from_dict(settings))) as builder,
    ):
        builder.set_no_embed()
        return bytes(builder.sign(native, "text/plain", io.BytesIO(text.encode()), io.BytesIO()))


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    other = dict.fromkeys(
        [
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        **other,
    )


def certify(keys: Path, authority: ClaimAuthority, **changes: Any) -> None:  # noqa: ANN401  what `issue` takes
    """What a certificate authority does with the request in this folder of keys."""
    public = x509.load_pem_x509_csr((keys / "claim-request.pem").read_bytes()).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    (keys / "claim-chain.pem").write_text(authority.issue(public, **changes))
