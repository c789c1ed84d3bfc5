# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Certificates for the claim key: what is asked for, what is made for development, what is accepted."""

import itertools
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store

from app.keys.certificate import NOBODY, issue_for_development, organisation_in, read_chain, request_certificate
from tests.claims import C2PA, EMAIL, NOW, SERVER, ClaimAuthority

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = KEY.public_key()


def test_every_certificate_for_development_says_that_it_proves_nothing() -> None:
    made = issue_for_development(PUBLIC, NOW)
    certificates = [*read_chain(made.chain, PUBLIC), x509.load_pem_x509_certificate(made.root)]
    assert [organisation_in(certificate) for certificate in certificates] == [NOBODY] * 3
    for certificate, issuer in itertools.pairwise(certificates):
        certificate.verify_directly_issued_by(issuer)


def test_somebody_elses_verifier_builds_the_chain_to_the_root() -> None:
    made = issue_for_development(PUBLIC, NOW)
    leaf, intermediate = x509.load_pem_x509_certificates(made.chain)
    lenient = ExtensionPolicy.permit_all().require_present(x509.KeyUsage, Criticality.CRITICAL, None)
    verifier = (
        PolicyBuilder()
        .store(Store([x509.load_pem_x509_certificate(made.root)]))
        .time(NOW)
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=lenient)
        .build_client_verifier()
    )
    assert len(verifier.verify(leaf, [intermediate]).chain) == 3


def test_a_certificate_for_development_is_for_claims_only_and_ends() -> None:
    leaf, intermediate = x509.load_pem_x509_certificates(issue_for_development(PUBLIC, NOW).chain)
    assert set(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == {C2PA, EMAIL}
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert intermediate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert leaf.not_valid_before_utc < NOW < leaf.not_valid_after_utc < NOW + timedelta(days=731)


def test_two_installations_do_not_share_a_root() -> None:
    assert issue_for_development(PUBLIC, NOW).root != issue_for_development(PUBLIC, NOW).root


def test_a_request_is_signed_by_its_key_and_asks_for_claims() -> None:
    request = x509.load_pem_x509_csr(request_certificate(KEY, "waarmerk.example"))
    assert request.is_signature_valid
    assert request.public_key() == PUBLIC
    assert request.subject.rfc4514_string() == "CN=waarmerk.example"
    assert set(request.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == {C2PA, EMAIL}
    usage = request.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature


def test_a_chain_of_any_authority_is_accepted_if_it_is_for_claims() -> None:
    authority = ClaimAuthority()
    for usages in ([C2PA], [EMAIL], [C2PA, SERVER]):
        chain = authority.issue(PUBLIC, usages=usages) + authority.root
        assert organisation_in(read_chain(chain.encode(), PUBLIC)[0]) == "Gemeente Voorbeeld"


def test_what_is_wrong_with_a_chain_is_told() -> None:
    authority, stranger = ClaimAuthority(), ClaimAuthority()
    good = authority.issue(PUBLIC)
    wrong = {
        "": "PEM",
        "junk": "PEM",
        authority.root + good: "of another key",
        authority.issue(ec.generate_private_key(ec.SECP256R1()).public_key()): "of another key",
        good + stranger.root: "signed by the next",
        authority.issue(PUBLIC, usages=[SERVER]): "not one to sign claims",
        authority.issue(PUBLIC, authority=True): "not one to sign claims",
        authority.issue(PUBLIC, usages=[]): "what it is for",
        authority.issue(PUBLIC, organisation=None): "name an organisation",
    }
    for chain, why in wrong.items():
        with pytest.raises(ValueError, match=why):
            read_chain(chain.encode(), PUBLIC)
