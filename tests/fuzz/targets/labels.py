# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The visible lines: what is put around a text is recognised there, and taking it off gives the text back."""

from typing import Final

from tests.fuzz.pieces import text
from watermark.label import OwnLines, closing, faults, opening
from watermark.model import Check, Disclosure, Kind

SEEDS: Final = (
    "\0AI-concept. Niet gecontroleerd.\0Gemaakt met AI · code {code} · {url}\0\0Een brief.\n\n—\nGroet.".encode(),
    "\0Gemaakt met AI. {organisation} is verantwoordelijk.\0Made with AI · {url} · code {code}\0Gemeente Voorbeeld\0".encode(),
    b"\0{date}: AI van {organisation}, zegt {organisation}.\0AI maakt dit {url} {code}\0  X \0\n\ntekst\r\n",
    b"\1AI draft. Not checked.\0Made with AI {code} {url}\0\0AI draft. Not checked.\n\nhttps://w.example/v/K7Q2-9FXM-3TBW",
    b"\1AI draft. Not checked.\0Made with AI {code} {url}ps://w.example/v",
    b"\0{date}: AI van {organisation}, zegt {organisation}.\0AI maakt dit){url} {code}",
)
_CODE: Final = "K7Q2-9FXM-3TBW"
_ORIGIN: Final = "https://w.example"
_OTHER: Final = Disclosure("en", "AI draft. Not checked.", "Made with AI · code {code} · {url}")


def run(data: bytes) -> None:
    """Label, code line, what stands in their open places, and the text between."""
    label, code_line, value, content = (*text(data[1:]).split("\0", 3), "", "", "", "")[:4]
    disclosure = Disclosure("nl", label, code_line)
    if faults(disclosure):
        return
    try:
        first = opening(disclosure, organisation=value, date=value, contact=value)
    except ValueError:
        return
    own = OwnLines([_OTHER, disclosure] if data[0] % 2 else [disclosure], _ORIGIN)
    last = closing(disclosure, _CODE, _ORIGIN)
    shown = f"{first}{content}{last}"
    assert own.remove(shown) == content, "taking the lines off does not give the text"
    assert own.remove(content) in content
    found = own.find(shown)
    assert any(each.kind is Kind.LABEL and each.start == 0 for each in found), "the label is not recognised"
    assert any(each.kind is Kind.CODE_LINE and each.check is Check.VALID and each.code == _CODE for each in found)
