# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Unicode normal forms of texts and names by strangers, in bounded time."""

import re
import sys
import unicodedata
from functools import cache
from typing import Literal

MOST_MARKS = 30
"""Marks on one letter that are put in order together (Unicode UAX 15, stream-safe text format: no language needs more)."""
_JOINER = "\u034f"  # combining grapheme joiner: shows nothing, and nothing is moved over it
_FIRST_MARK, _BEFORE_EMOJI = 0x300, 0x1F000
_MAY_BE_TOO_MANY = re.compile(rf"[{chr(_FIRST_MARK)}-{chr(sys.maxunicode)}]{{{MOST_MARKS + 1},}}")
"""Seen at a glance, where `_too_many` looks each letter up: a megabyte of Latin letters would take it a third of a second."""


def normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    """This normal form of the text, with a joiner after every `MOST_MARKS` marks on one letter.

    Putting marks in order takes the square of their number, and holds up every thread: half a million of them take minutes.
    """
    return unicodedata.normalize(form, _MAY_BE_TOO_MANY.sub(_joined, text))


def canonical_name(name: str) -> str:
    """The one spelling under which names of people are compared: capitals, width, what shows nothing and doubled spaces do not count.

    Unicode 16 section 3.13, D147 (NFKC_Casefold); two folds, since folding may undo the normal form.
    """
    shown = "".join(letter for letter in normalized("NFKC", name) if unicodedata.category(letter) != "Cf")
    return " ".join(normalized("NFKC", shown.casefold()).split())


def _joined(run: re.Match[str]) -> str:
    return _too_many().sub(rf"\1{_JOINER}", run[0])


@cache
def _too_many() -> re.Pattern[str]:
    """Marks in a row: what combines, and what is taken apart into something that does."""
    letters = map(chr, range(_FIRST_MARK, _BEFORE_EMOJI))
    marks = "".join(each for each in letters if unicodedata.combining(unicodedata.normalize("NFKD", each)[0]))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})(?=[{marks}])")
