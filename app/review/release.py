# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The types that say: this may leave. Minted here and nowhere else (an import contract guards it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.marking.output import MarkedOutput


@dataclass(frozen=True, slots=True)
class Release:
    """A marked answer that nothing holds back."""

    output: MarkedOutput = field(repr=False)


@dataclass(frozen=True, slots=True)
class Approved:
    """The body of an answer that was held, as humans approved it; that it leaves now is in the log."""

    body: bytes = field(repr=False)
