# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The folder of keys: one file per purpose, made together, opened together, never mixed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.errors import KeyUnusable
from app.keys.claim_signer import FileClaimSigner, create_claim_key, write_development_chain, write_request
from app.keys.commitment import DerivedCommitmentKey
from app.keys.content import AesContentCipher
from app.keys.secret import unusable
from app.keys.signer import FileKeySigner
from app.keys.symmetric import create_symmetric, read_symmetric

LOG = "log.pem"
CONTENT = "content.key"
COMMITMENT = "commitment.key"
CLAIM = "claim.pem"
CHAIN = "claim-chain.pem"
"""Certificates of the claim key, made by an authority; where this file is not, no manifests are made."""
ROOT = "root.pem"
"""The root above them, to hand to whoever verifies; it is not needed to sign."""
REQUEST = "claim-request.pem"
RETIRED_CONTENT = "content-*.key"
"""Content keys of before, kept for as long as what they sealed is kept."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key of the house, open."""

    signer: FileKeySigner
    cipher: AesContentCipher
    commitment: DerivedCommitmentKey
    claim: FileClaimSigner | None
    """None: there is no certificate, so no manifests are made."""
    claim_root: Path | None
    """File with the root that manifests are verified under, where it is here."""
    development: bool
    """True when any of them is for development."""


def create_keys(folder: Path, *, production: bool = False) -> None:
    """Make the three keys without which nothing opens; development keys unless production is asked for in so many words.

    Raises `KeyUnusable` when one is there already: a key is never overwritten, for what it sealed would be lost.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (LOG, CONTENT, COMMITMENT):
        if (folder / name).exists():
            raise unusable(folder / name, "bestaat al", "exists already")
    development = not production
    FileKeySigner.create(folder / LOG, development=development)
    create_symmetric(folder / CONTENT, development=development)
    create_symmetric(folder / COMMITMENT, development=development)


def open_keys(folder: Path) -> Keys:
    """Read the keys. Raises `KeyUnusable`: missing, readable by others, not a key, or one key for two purposes.

    Only the claim key may be missing, and its certificates: then no manifests are made.
    """
    signer = FileKeySigner(folder / LOG)
    content, content_development = read_symmetric(folder / CONTENT)
    commitment, commitment_development = read_symmetric(folder / COMMITMENT)
    retired = [read_symmetric(path)[0] for path in sorted(folder.glob(RETIRED_CONTENT))]
    if commitment in (content, *retired):
        raise _shared(folder)
    claim = FileClaimSigner(folder / CLAIM, folder / CHAIN) if (folder / CHAIN).exists() else None
    claim_development = claim is not None and claim.development
    return Keys(
        signer=signer,
        cipher=AesContentCipher(content, retired),
        commitment=DerivedCommitmentKey(commitment),
        claim=claim,
        claim_root=folder / ROOT if (folder / ROOT).exists() else None,
        development=signer.development or content_development or commitment_development or claim_development,
    )


def add_claim_key(folder: Path, name: str, moment: datetime) -> list[Path]:
    """What is missing for manifests, beside keys that are there; the files that were made.

    For development a chain under a root that proves nothing. Else a request in the name of this installation, to hand to an
    authority: nobody is helped by a certificate that we make up. Raises `KeyUnusable`.
    """
    if (folder / CHAIN).exists():
        return []  # also when it is over: who made it renews it
    development = FileKeySigner(folder / LOG).development
    before = set(folder.iterdir())
    if not (folder / CLAIM).exists():
        create_claim_key(folder / CLAIM, development=development)
    if development:
        write_development_chain(folder / CLAIM, folder / CHAIN, folder / ROOT, moment)
    elif not (folder / REQUEST).exists():
        write_request(folder / CLAIM, folder / REQUEST, name)
    return sorted(set(folder.iterdir()) - before)


def _shared(folder: Path) -> KeyUnusable:
    return unusable(
        folder / COMMITMENT, "is dezelfde sleutel als de inhoudssleutel", "is the same key as the content key"
    )


def retire_content_key(folder: Path) -> Path:
    """Put the content key aside and make a new one: what was sealed before still opens. Returns where the old one is."""
    number = 1 + len(list(folder.glob(RETIRED_CONTENT)))
    old = folder / RETIRED_CONTENT.replace("*", f"{number:03d}")
    _, development = read_symmetric(folder / CONTENT)
    (folder / CONTENT).rename(old)
    create_symmetric(folder / CONTENT, development=development)
    return old
