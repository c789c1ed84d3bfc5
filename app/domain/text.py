# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A sentence for people, in the two languages the product itself speaks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalText:
    """`nl` in B1 Dutch, `en` in English."""

    nl: str
    en: str

    def format(self, **values: str) -> "LocalText":
        """Both sentences with their placeholders filled."""
        return LocalText(nl=self.nl.format(**values), en=self.en.format(**values))
