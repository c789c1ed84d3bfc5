# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Finds personal data in a prompt by its form: for a sandbox, which may hold none (Q69, Q2, Q64).

Forms with a check digit are checked (BSN by the 11-proof, IBAN by mod 97, ISO 13616), so that an ordinary number seldom counts. A
detector finds forms, not people: what has no form, such as a name, stays unseen.
"""

import re
from collections.abc import Callable, Iterable
from string import ascii_uppercase

from app.domain.normal import normalized

_BSN = re.compile(r"(?<![0-9A-Za-z])(?<![0-9][ .,-])[0-9](?:[ .-]?[0-9]){7,8}(?![ .,-]?[0-9])(?![A-Za-z])")
_IBAN = re.compile(r"(?<![0-9A-Za-z])(?=([A-Za-z]{2}[0-9]{2}(?: ?[0-9A-Za-z]){11,30}))")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![0-9A-Za-z+])(?:(?:\+|00)31[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ )-]{0,2}[0-9]){8}(?![0-9A-Za-z])")
_ADDRESS = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{3}(?: [A-Z]{2}|[A-Za-z]{2})[ ,]{1,3}[1-9][0-9]{0,4}(?![0-9])")
_ADDRESS_REVERSED = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{0,4}(?:[- ]?[A-Za-z])?[ ,\n]{1,3}[1-9][0-9]{3} ?[A-Z]{2}(?![0-9A-Za-z])"
)
_IBAN_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FI NL", 19: "SI", 20: "AT BA EE LT LU XK", 21: "CH HR LI LV", 22: "BG DE GB GE IE ME RS",
    23: "GI IL", 24: "CZ ES MD RO SE SK SA", 25: "PT", 26: "IS TR", 27: "FR GR IT MC SM", 28: "AL CY HU PL", 29: "UA", 31: "MT",
}  # fmt: skip
_IBAN_LENGTH = {country: length for length, countries in _IBAN_LENGTHS.items() for country in countries.split()}
_LETTER_VALUES = str.maketrans({letter: str(int(letter, 36)) for letter in ascii_uppercase})
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def find_personal_data(texts: Iterable[str]) -> frozenset[str]:
    """Kinds found: `bsn`, `iban`, `email`, `telephone`, `address`. Never what was found."""
    found: set[str] = set()
    for written in texts:
        text = normalized("NFKC", written)
        found.update(kind for kind, present in _DETECTORS.items() if kind not in found and present(text))
    return frozenset(found)


def is_bsn(digits: str) -> bool:
    """The 11-proof: weights 9…2 and -1 over nine digits; eight digits get a leading zero."""
    number = digits.zfill(9)
    return int(number) > 0 and sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=True)) % 11 == 0


def is_iban(text: str) -> bool:
    """Whether it begins with an IBAN: the length its country uses, and ISO 7064 mod 97-10 over the rearranged number."""
    compact = text.replace(" ", "").upper()
    length = _IBAN_LENGTH.get(compact[:2])
    if length is None or len(compact) < length:
        return False
    rearranged = compact[4:length] + compact[:4]
    return int(rearranged.translate(_LETTER_VALUES)) % 97 == 1


def _has_bsn(text: str) -> bool:
    return any(is_bsn(re.sub(r"[ .-]", "", match[0])) for match in _BSN.finditer(text))


def _has_iban(text: str) -> bool:
    return any(is_iban(match[1]) for match in _IBAN.finditer(text))


_DETECTORS: dict[str, Callable[[str], bool]] = {
    "bsn": _has_bsn,
    "iban": _has_iban,
    "email": lambda text: _EMAIL.search(text) is not None,
    "telephone": lambda text: _PHONE.search(text) is not None,
    "address": lambda text: bool(_ADDRESS.search(text) or _ADDRESS_REVERSED.search(text)),
}
