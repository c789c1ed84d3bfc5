# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The provenance of a text for the outside: a C2PA manifest, where the house has a certificate to sign it with."""

from datetime import datetime

from app.domain.clock import Clock
from app.domain.errors import KeyUnusable
from app.domain.keys import ClaimSigner
from app.domain.text import LocalText
from watermark.errors import SigningFailed
from watermark.manifest import Claim, sign_text


class C2paManifests:
    """Adapter of `app.domain.manifest.Manifests`. Without a signer it makes none: that is for the operator to know, not for a caller."""

    def __init__(self, signer: ClaimSigner | None, clock: Clock, *, version: str) -> None:
        self._signer = signer
        self._clock = clock
        self._version = version

    def make(
        self,
        text: str,
        *,
        code: str,
        title: str,
        edited: bool,
        model: str,
        created: datetime,
        published: datetime | None,
        organisation: str,
    ) -> bytes:
        """The store; empty without a signer, and for a choice without text. Raises `KeyUnusable`: then nothing may be released."""
        if self._signer is None or not text:
            return b""
        self._signer.require_valid(self._clock.now())
        claim = Claim(
            title=title,
            identifier=code,
            publisher=organisation,
            model=model,
            version=self._version,
            created=created,
            published=published,
            edited=edited,
        )
        try:
            return sign_text(text, claim, self._signer)
        except SigningFailed as error:
            raise KeyUnusable(
                LocalText(
                    nl="Het manifest van deze tekst kon niet worden ondertekend.",
                    en="The manifest of this text could not be signed.",
                )
            ) from error
