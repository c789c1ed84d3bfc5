# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""ES256: the signature under a C2PA claim. Another key than that of the log: this one has a certificate, and an end."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from app.domain.errors import KeyUnusable
from app.domain.text import LocalText
from app.keys.certificate import issue_for_development, organisation_in, read_chain, request_certificate
from app.keys.secret import read_secret, unusable, write_secret

_RENEW = LocalText(
    nl="Vraag een nieuw certificaat aan en zet de keten in dit bestand. Zonder het bestand gaat alles door, zonder manifest.",
    en="Ask for a new certificate and put its chain in this file. Without the file all goes on, without manifests.",
)


class FileClaimSigner:
    """The claim key in a PEM file (PKCS#8), and its certificates in another. Adapter of `app.domain.keys.ClaimSigner`."""

    def __init__(self, key: Path, chain: Path) -> None:
        """Raises `KeyUnusable`: not a key, or certificates that are not of it. Dates are looked at when it signs."""
        self._path = chain
        self._key, self.development = _read_key(key)
        try:
            pem = chain.read_bytes()
            certificates = read_chain(pem, self._key.public_key())
        except OSError as error:
            raise unusable(chain, "is niet te lezen", "cannot be read") from error
        except ValueError as error:
            raise unusable(chain, f"is niet bruikbaar: {error}", f"cannot be used: {error}") from error
        self.chain = pem.decode("ascii", "ignore")
        self.organisation = organisation_in(certificates[0])
        self.begins = max(certificate.not_valid_before_utc for certificate in certificates)
        self.ends = min(certificate.not_valid_after_utc for certificate in certificates)
        """From here on nothing is signed: the first of its certificates is over."""

    def require_valid(self, moment: datetime) -> None:
        """Raises `KeyUnusable` outside the dates of its certificates: what is signed then convinces nobody."""
        if not self.begins <= moment < self.ends:
            days = f"{self.begins.astimezone(UTC):%Y-%m-%d} - {self.ends.astimezone(UTC):%Y-%m-%d}"
            raise KeyUnusable(
                LocalText(
                    nl=f"Het certificaat voor manifesten {self._path} geldt nu niet ({days}).",
                    en=f"The certificate for manifests {self._path} is not valid now ({days}).",
                ),
                remedy=_RENEW,
            )

    def sign(self, message: bytes) -> bytes:
        """64 bytes, r and s side by side."""
        r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)


def create_claim_key(key: Path, *, development: bool) -> None:
    """Make a key on P-256, in a file of its own. Raises `KeyUnusable` when the file is there already."""
    made = ec.generate_private_key(ec.SECP256R1())
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_secret(key, pem, development=development)


def write_development_chain(key: Path, chain: Path, root: Path, moment: datetime) -> None:
    """Certificates that prove nothing, for this key. Raises `KeyUnusable` when one of the files is there already."""
    made = issue_for_development(_read_key(key)[0].public_key(), moment)
    write_secret(root, made.root, development=False)
    write_secret(chain, made.chain, development=False)


def write_request(key: Path, request: Path, name: str) -> None:
    """What an authority needs to make a certificate for this key. Raises `KeyUnusable` when the file is there already."""
    write_secret(request, request_certificate(_read_key(key)[0], name), development=False)


def _read_key(path: Path) -> tuple[ec.EllipticCurvePrivateKey, bool]:
    pem, development = read_secret(path)
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise unusable(path, "bevat geen sleutel", "does not hold a key") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise unusable(path, "bevat geen sleutel op P-256", "does not hold a key on P-256")
    return key, development
