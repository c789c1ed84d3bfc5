# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Codes as people type them: one canonical spelling, the same in both readers, and nothing read that is no code."""

import re
from typing import Final

from app.domain import ids
from tests.fuzz.pieces import text
from watermark import model

SEEDS: Final = (
    b"K7Q2-9FXM-3TBW",
    b" k7q29fxm3tbw ",
    b"oIlO-OOOO-1111",
    b"UUUU-0000-0000",
    "\uff2b\uff2b\uff2b\uff2b-0000-0000".encode(),
    "\u0131\u017f00-0000-0000".encode(),
    "\ufb00\ufb00-\ufb00\ufb00-\ufb00\ufb00".encode(),
)
_TYPED: Final = re.compile("[ -]*(?:[0-9A-TV-Za-tv-z][ -]*){12}", re.ASCII)
_CANONICAL: Final = re.compile("(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", re.ASCII)


def run(data: bytes) -> None:
    """As typed, as printed, as 60 bits, and back."""
    entry = text(data)
    code, bits = ids.read_code(entry), model.read_code(entry)
    assert (code is None) == (bits is None), "the two readers disagree"
    assert (code is not None) == bool(_TYPED.fullmatch(entry)), "what is a code is not what was promised"
    if code is None or bits is None:
        return
    assert _CANONICAL.fullmatch(code)
    assert ids.read_code(code) == code
    assert model.spell_code(bits) == code
    assert model.Mark.of_code(entry).code == code
