# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the bytes of one input become what a target needs."""

import asyncio
import atexit
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeVar

LOOP: Final = asyncio.Runner()
"""For targets that await something."""
atexit.register(LOOP.close)

T = TypeVar("T", bytes, str)


def cut(whole: T, places: bytes) -> Sequence[T]:
    """The pieces of a whole, cut at these places, counted round and round; empty ones too."""
    at = sorted({0, *(place % (len(whole) + 1) for place in places), len(whole)})
    return [whole[start:end] for start, end in pairwise(at)]


def text(data: bytes) -> str:
    """A text of characters: what is no UTF-8 becomes a replacement character."""
    return data.decode("utf-8", "replace")
