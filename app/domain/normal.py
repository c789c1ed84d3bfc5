# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Unicode normal forms of texts by strangers, in bounded time."""

import re
import unicodedata
from functools import cache
from typing import Literal

MOST_MARKS = 30
"""Marks on one letter that are put in order together (Unicode UAX 15, stream-safe text format: no language needs more)."""
_JOINER = "\u034f"  # combining grapheme joiner: shows nothing, and nothing is moved over it
_AFTER_ASCII, _BEFORE_EMOJI = 0x300, 0x1F000


def normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    """This normal form of the text, with a joiner after every `MOST_MARKS` marks on one letter.

    Putting marks in order takes the square of their number, and holds up every thread: half a million of them take minutes.
    """
    return unicodedata.normalize(form, _too_many().sub(rf"\1{_JOINER}", text))


@cache
def _too_many() -> re.Pattern[str]:
    """Marks in a row: what combines, and what is taken apart into something that does."""
    letters = map(chr, range(_AFTER_ASCII, _BEFORE_EMOJI))
    marks = "".join(each for each in letters if unicodedata.combining(unicodedata.normalize("NFKD", each)[0]))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})(?=[{marks}])")
