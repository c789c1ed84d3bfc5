# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The machine-readable mark of a text: the id of the choice, invisible, in every sentence of prose (AI Act 50(2)).

Grammar: a run of variation selectors, not touching another one, that spells 10 bytes: 8 of the mark, 2 of its check.
Variation selectors survive Unicode normalisation, JSON, HTML, Markdown and word processors (not PDF, nor a character set of
one byte). They stand after a Latin letter, which has no variants; anything else with a variation selector, such as an
emoji, is another's and stays as it is.
"""

import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from watermark.model import Check, Finding, Kind, Mark, Version
from watermark.sentences import Sentences

NO_KEYS: Mapping[str, bytes] = MappingProxyType({})


class Carrier(StrEnum):
    """How bytes become variation selectors."""

    VS2 = "vs2"
    """A byte each, from FE00-FE0F and E0100-E01EF: 10 characters, 39 bytes of UTF-8 as a rule."""
    VS1 = "vs1"
    """Half a byte each, from FE00-FE0F: 20 characters, 60 bytes, for stores that hold 16-bit characters only."""


SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_SELECTORS = tuple(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in range(256))
_BYTES = {selector: byte for byte, selector in enumerate(_SELECTORS)}


def insertion(mark: Mark, key: bytes | None = None, carrier: Carrier = Carrier.VS2) -> str:
    """The mark as it stands in a sentence; raises `ValueError` when a keyed mark has no key, or an open one has."""
    if (mark.version is Version.KEYED) != bool(key):
        raise ValueError("a key belongs to a mark of version KEYED, and to no other")
    payload = mark.to_bytes() + _check(mark, key or b"")
    if carrier is Carrier.VS1:
        return "".join([_SELECTORS[byte >> 4] + _SELECTORS[byte & 15] for byte in payload])
    return "".join([_SELECTORS[byte] for byte in payload])


def mark(text: str, mark: Mark, key: bytes | None = None, carrier: Carrier = Carrier.VS2) -> str:
    """The text with the mark before the punctuation that ends each sentence of prose (`watermark.sentences`)."""
    sentences = Sentences(insertion(mark, key, carrier))
    return sentences.feed(text) + sentences.close()


def find(text: str, keys: Mapping[str, bytes] = NO_KEYS) -> Sequence[Finding]:
    """Every run that is spelled like a mark of ours, whether its check holds, and under the name of which key."""
    read = _Reader(keys)
    return [
        Finding(Kind.SENTENCE_ID, run.start(), run.end(), *known)
        for run in SELECTORS.finditer(text)
        if (known := read[run[0]])
    ]


def remove(text: str, keys: Mapping[str, bytes] = NO_KEYS) -> str:
    """The text without our marks: exactly those whose check holds."""
    read = _Reader(keys)

    def kept(run: re.Match[str]) -> str:
        known = read[run[0]]
        return "" if known and known[0] is Check.VALID else run[0]

    return SELECTORS.sub(kept, text)


_Known: TypeAlias = tuple[Check, str, str]  # whether it holds, its code, the name of its key


class _Reader(dict[str, _Known | None]):
    """What each run says, or None when it is no mark of ours. The sentences of one text say the same."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        super().__init__()
        self._keys = keys

    def __missing__(self, run: str) -> _Known | None:
        payload = _payload(run) if len(run) in {10, 20} else b""
        found = Mark.from_bytes(payload[:8]) if len(payload) == 10 else None
        self[run] = None if found is None else _known(found, payload[8:], self._keys)
        return self[run]


def _payload(run: str) -> bytes:
    """The bytes that a run spells: two characters for each in VS1, which is known by its length."""
    values = [_BYTES[selector] for selector in run]
    if len(run) == 20 and max(values) < 16:
        return bytes(high << 4 | low for high, low in zip(values[::2], values[1::2], strict=True))
    return bytes(values)


def _known(found: Mark, check: bytes, keys: Mapping[str, bytes]) -> _Known:
    if found.version is Version.OPEN:
        return (Check.VALID if check == _check(found, b"") else Check.FAILED), found.code, ""
    for name, key in keys.items():
        if hmac.compare_digest(check, _check(found, key)):
            return Check.VALID, found.code, name
    return (Check.FAILED if keys else Check.UNCHECKED), found.code, ""


def _check(mark: Mark, key: bytes) -> bytes:
    """16 bits against damage, and with a key against invention."""
    if mark.version is Version.KEYED:
        return hmac.digest(key, mark.to_bytes(), "sha256")[:2]
    return binascii.crc_hqx(mark.to_bytes(), 0xFFFF).to_bytes(2)
