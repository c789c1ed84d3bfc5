# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Provenance of a text for the outside, as a port: a C2PA manifest store beside the text, which is not changed by it."""

from datetime import datetime
from typing import Protocol


class Manifests(Protocol):
    """Signs what a text is and who let it out, over exactly the bytes that are published."""

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
        """The manifest store (`application/c2pa`) of this text in UTF-8; empty where the house has no certificate.

        `text` is what is published, marks and label included. `edited`: a human changed the words of the model. `published` is
        when a human signed off; None for what was given at once. `organisation` is the name of who is responsible: no person is
        named. Signing takes some milliseconds of processor: call it beside the loop. Raises `KeyUnusable` when a certificate is
        there and nothing can be signed with it: then nothing is released.
        """
        ...
