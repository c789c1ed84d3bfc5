# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Marks in sentences: whole or in any pieces the same text, and taking them out gives it back."""

from typing import Final

from tests.fuzz.pieces import cut, text
from tests.watermark.texts import CODE, DISCLOSURES, LETTER, ORIGIN
from watermark.label import OwnLines, closing, opening
from watermark.model import Check, Kind, Mark, Version
from watermark.stream import TextMarker, mark, unmark
from watermark.text import Carrier, insertion, remove
from watermark.verify import explain, inspect

_KEY: Final = b"k" * 16
_KEYS: Final = {"key": _KEY}
_OPEN: Final = Mark.of_code(CODE)
_KEYED: Final = Mark.of_code(CODE, Version.KEYED)
_INSERTIONS: Final = (insertion(_OPEN), insertion(_OPEN, None, Carrier.VS1), insertion(_KEYED, _KEY))
_OWN: Final = OwnLines(DISCLOSURES, ORIGIN)
_OPENING: Final = opening(DISCLOSURES[0])
_CLOSING: Final = closing(DISCLOSURES[0], CODE, ORIGIN)

SEEDS: Final = (
    b"\x00\x10\x20\x30" + LETTER.encode(),
    b"\x01\x01\x02\x03> Een zin met woorden.\n> ```\n> code.\n\nNog een zin!\n- item een.\n    - item twee.\n",
    b"\x02\x01\x02\x03| een zin. | twee |\n# Kop. Nog een.\n[wat het kost. En](https://x.nl/a) <b>vet.</b> `code.` Einde\xe2\x80\xa6",
    "\0\1\2\3\U000e0101\ufe01een\ufe0f. Twee\U000e0100\u200d. ❤\ufe0f. \ufeff 1. NL91 AB. mevr. Jansen?!**\n~~~\nx.\n~~~\n".encode(),
    f"\0\1\2\3{insertion(_OPEN)} Een zin met woorden{insertion(_OPEN)}.".encode(),
)


def run(data: bytes) -> None:
    """The first byte chooses the kind of mark, the next three where to cut."""
    content, inserted = text(data[4:]), _INSERTIONS[(data[:1] or b"\0")[0] % len(_INSERTIONS)]
    marker = TextMarker(_OPENING, _CLOSING, inserted)
    marked = "".join([*map(marker.feed, cut(content, data[1:4])), marker.close()])
    assert marked == mark(content, _OPENING, _CLOSING, inserted), "another text in pieces"
    report = inspect(marked, _OWN, _KEYS)
    explain(report, marked)
    valid = report.of(Kind.SENTENCE_ID, Check.VALID)
    assert all(CODE not in each.detail for each in valid)
    if remove(content, _KEYS) == content and _OWN.remove(content) == content:  # it holds nothing of ours yet
        assert unmark(marked, _OWN, _KEYS) == content, "another text without its marks"
        assert [each.code for each in valid] == [CODE] * marker.sentences
