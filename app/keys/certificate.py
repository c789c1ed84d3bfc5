# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""X.509 for the claim key: a request to hand to an authority, a chain for development, and what a chain must be (C2PA 2.2, 14.5.1)."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOBODY: Final = "Waarmerk development - proves nothing"
"""Organisation in every certificate made here, so that whoever looks at one is not misled."""
_CLAIM_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
_USAGES: Final = (_CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
"""Both: C2PA's own, and the one that validators of before it look for."""
_ACCEPTED: Final = {*_USAGES, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")}


@dataclass(frozen=True, slots=True)
class _Kind:
    constraints: x509.BasicConstraints
    days: int


_AUTHORITY: Final = _Kind(x509.BasicConstraints(ca=True, path_length=None), 3650)
_BETWEEN: Final = _Kind(x509.BasicConstraints(ca=True, path_length=0), 3650)
_LEAF: Final = _Kind(x509.BasicConstraints(ca=False, path_length=None), 730)


@dataclass(frozen=True, slots=True)
class DevelopmentChain:
    """Certificates in PEM. The authority's own keys are gone: nobody can make another certificate under this root."""

    chain: bytes
    """Leaf and intermediate."""
    root: bytes


def request_certificate(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    """A signing request in PEM (RFC 2986). The authority puts the organisation in, after it has looked who that is."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(_USAGES), critical=False)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def issue_for_development(key: ec.EllipticCurvePublicKey, moment: datetime) -> DevelopmentChain:
    """A root, an intermediate and a certificate for this key, from a day before this moment on."""
    above = ec.generate_private_key(ec.SECP256R1())
    between = ec.generate_private_key(ec.SECP256R1())
    root = _certificate("root", above.public_key(), None, above, moment, _AUTHORITY)
    intermediate = _certificate("intermediate", between.public_key(), root, above, moment, _BETWEEN)
    leaf = _certificate("claim signing", key, intermediate, between, moment, _LEAF)
    return DevelopmentChain(chain=_pem(leaf) + _pem(intermediate), root=_pem(root))


def read_chain(pem: bytes, key: ec.EllipticCurvePublicKey) -> Sequence[x509.Certificate]:
    """The certificates, that of this key first. Raises `ValueError` that says what is wrong; dates are not looked at."""
    chain = x509.load_pem_x509_certificates(pem)
    leaf = chain[0]
    if _raw(leaf.public_key()) != _raw(key):
        raise ValueError("its first certificate is of another key")
    for certificate, issuer in itertools.pairwise(chain):
        try:
            certificate.verify_directly_issued_by(issuer)
        except (InvalidSignature, TypeError, ValueError):
            raise ValueError("each certificate must be signed by the next one") from None
    _check_leaf(leaf)
    return chain


def organisation_in(certificate: x509.Certificate) -> str:
    """Who it is of, as its authority wrote it down; empty where that is missing."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def _check_leaf(leaf: x509.Certificate) -> None:
    try:
        authority = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        usages = set(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        raise ValueError("its certificate does not say what it is for (key usage, extended key usage)") from None
    if authority or not usage.digital_signature or usage.key_cert_sign or not usages & _ACCEPTED:
        raise ValueError("its certificate is not one to sign claims with")
    if not organisation_in(leaf):
        raise ValueError("its certificate does not name an organisation")


def _certificate(  # noqa: PLR0917  as many as a certificate says
    name: str,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    moment: datetime,
    kind: _Kind,
) -> x509.Certificate:
    """Without an issuer it is signed by itself."""
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, NOBODY)
    subject = x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, f"Waarmerk {name}")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=kind.days))
        .add_extension(kind.constraints, critical=True)
        .add_extension(_usage(authority=kind.constraints.ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not kind.constraints.ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage(_USAGES), critical=False)
    return builder.sign(issuer_key, SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _raw(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
