# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The type that says: this went through marking. Minted here and nowhere else (an import contract guards it)."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from app.domain.answer import Event


@dataclass(frozen=True, slots=True)
class MarkedEvent:
    """An event as it will leave, beside the event as it came."""

    data: bytes = field(repr=False)
    event: Event = field(repr=False)


@dataclass(frozen=True, slots=True)
class MarkedOutput:
    """A whole answer, marked as it passes."""

    headers: Mapping[str, str]
    events: AsyncIterator[MarkedEvent] = field(repr=False)
    stream: bool
