# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`Waarmerk-Context`: on whose behalf an application asks. A dictionary of strings (RFC 9651).

Example: `Waarmerk-Context: actor="p-4711", case="Z-2026-88", lang="nl"`.
"""

import re

from app.domain.errors import Fault, InvalidRequest
from app.domain.subject import Context

HEADER = "waarmerk-context"
_FIELDS = {
    "actor": "actor",
    "case": "case",
    "subject": "data_subject",
    "conversation": "conversation",
    "item": "work_item",
    "lang": "language",
}
# A member of an RFC 9651 dictionary whose value is a string: printable ASCII, with \" and \\ escaped.
_MEMBER = re.compile(r'[ \t]*([a-z*][a-z0-9_.*-]*)="((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"[ \t]*(?:,(?=.)|$)')
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LONGEST = 256


def parse(header: str | None) -> Context:
    """The context of a call; an absent header is an empty one. Raises `InvalidRequest`, never repeating a value."""
    if header is None:
        return Context()
    found: dict[str, str] = {}
    place = 0
    while place < len(header):
        member = _MEMBER.match(header, place)
        if member is None:
            raise _fault('must be a dictionary of strings, such as actor="p-1", case="Z-1"')
        found[_field(member[1], found)] = _value(member[1], member[2])
        place = member.end()
    return Context(**found)


def _field(name: str, found: dict[str, str]) -> str:
    field = _FIELDS.get(name)
    if field is None:
        raise _fault(f"knows {', '.join(_FIELDS)}; nothing else")
    if field in found:
        raise _fault(f"gives {name} twice")
    return field


def _value(name: str, escaped: str) -> str:
    value = re.sub(r"\\(.)", r"\1", escaped)
    if not 1 <= len(value) <= _LONGEST:
        raise _fault(f"{name} must have 1 to {_LONGEST} characters")
    if name == "lang" and not _LANGUAGE.fullmatch(value):
        raise _fault("lang must be a BCP 47 tag, such as nl")
    return value


def _fault(detail: str) -> InvalidRequest:
    return InvalidRequest(Fault("header Waarmerk-Context", detail))
