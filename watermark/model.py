# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words of marking: what is put in a text, and what is found in one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Self

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in CROCKFORD for second in CROCKFORD]
_FORGIVING = str.maketrans("ILO", "110", " -")
_IS_CODE = re.compile(f"[{CROCKFORD}]{{12}}").fullmatch
_DIGITS = str.maketrans(CROCKFORD, "0123456789abcdefghijklmnopqrstuv")
"""Python's own digits of base 32."""


def spell_code(bits: int) -> str:
    """60 bits as a code that a citizen can type: 12 Crockford characters, `K7Q2-9FXM-3TBW`."""
    if not 0 <= bits < 1 << 60:
        raise ValueError("a code has 60 bits")
    one, two, three, four, five, six = [_PAIRS[bits >> shift & 1023] for shift in range(50, -1, -10)]
    return f"{one}{two}-{three}{four}-{five}{six}"


def read_code(entry: str) -> int | None:
    """The 60 bits of a code as typed (any case, spaces, O for 0, I or L for 1), or None when it is no code."""
    if not entry.isascii():
        return None  # some letters of other alphabets have capitals among ours: dotless i, long s, the ligature ff
    letters = entry.upper().translate(_FORGIVING)
    return int(letters.translate(_DIGITS), 32) if _IS_CODE(letters) else None


class Version(IntEnum):
    """The first 4 bits of a mark: which check follows its id. What has another version is no mark of ours."""

    OPEN = 1
    """CRC-16: anybody can check it, and make it."""
    KEYED = 2
    """HMAC-SHA-256, first 16 bits: only who holds the key can check it, or make it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The 64-bit id of one choice: 4 version bits and the 60 bits of its code."""

    bits: int
    version: Version = Version.OPEN

    def __post_init__(self) -> None:
        if not 0 <= self.bits < 1 << 60:
            raise ValueError("a mark carries the 60 bits of a code")

    @classmethod
    def of_code(cls, code: str, version: Version = Version.OPEN) -> Self:
        """The mark of a code as typed; raises `ValueError` when it is no code."""
        bits = read_code(code)
        if bits is None:
            raise ValueError(f"{code!r} is no code: 12 characters of 0-9 and A-Z without I, L, O and U")
        return cls(bits, version)

    @property
    def code(self) -> str:
        return spell_code(self.bits)

    def to_bytes(self) -> bytes:
        """8 bytes, the version first."""
        return (self.version << 60 | self.bits).to_bytes(8)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """The mark that these 8 bytes are, or None when their version is not ours."""
        value = int.from_bytes(data)
        try:
            version = Version(value >> 60)
        except ValueError:
            return None
        return cls(value & (1 << 60) - 1, version)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The visible lines in one language for one variant (AI Act 50(4)): templates, see `watermark.label`."""

    language: str
    """BCP 47: `nl`, `en`, `fy`, `pap`."""
    label: str
    """The first line. May leave `{organisation}`, `{date}` and `{contact}` open."""
    code_line: str
    """The last line. Leaves exactly `{code}` and `{url}` open."""


class Content(StrEnum):
    """What a text is, for marking: prose is marked, what a machine will read is left as it is."""

    PROSE = "prose"
    MACHINE = "machine"


class Kind(StrEnum):
    """What can be found in a text."""

    LABEL = "label"
    CODE_LINE = "code line"
    SENTENCE_ID = "sentence id"
    FOREIGN = "invisible characters that are not ours"


class Check(StrEnum):
    """Whether what was found holds."""

    VALID = "valid"
    FAILED = "failed"
    """Damaged or made up, or made with a key that was not given."""
    UNCHECKED = "unchecked"
    """It needs a key, or an address to compare with, and none was given."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found at `text[start:end]`."""

    kind: Kind
    start: int
    end: int
    check: Check
    code: str = ""
    """Of a sentence id and of a code line."""
    detail: str = ""
    """Language of a label, address of a code line, name of the key of a sentence id, names of foreign characters."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in one text, in order of place."""

    findings: Sequence[Finding]

    def of(self, kind: Kind, check: Check | None = None) -> Sequence[Finding]:
        """The findings of one kind, and of one outcome where that is asked."""
        return [found for found in self.findings if found.kind is kind and check in {None, found.check}]

    @property
    def codes(self) -> Sequence[str]:
        """The codes of what is valid, each once, in order of place."""
        return list(dict.fromkeys(found.code for found in self.findings if found.code and found.check is Check.VALID))
