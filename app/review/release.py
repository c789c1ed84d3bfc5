# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The type that says: this may leave. Minted here and nowhere else (an import contract guards it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.marking.output import MarkedOutput


@dataclass(frozen=True, slots=True)
class Release:
    """A marked answer that nothing holds back."""

    output: MarkedOutput = field(repr=False)
