# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a form says: `application/x-www-form-urlencoded` (WHATWG URL section 5), strictly, bounded, and read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from fastapi import Request

from app.domain.errors import Fault, InvalidRequest, TooLarge

_LARGEST: Final = 2 << 20
"""Bytes: an edited text of every choice fits."""
_MOST_FIELDS: Final = 1000
_TYPE: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name. Line ends are single again: a browser sends CR LF for each (WHATWG HTML 4.10.21.4)."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The only value of this field. Raises `InvalidRequest` when it is not there, or more than once."""
        values = self.all(name)
        if len(values) != 1:
            raise _fault(f"/{name}", "must be given once")
        return values[0]

    def all(self, name: str) -> Sequence[str]:
        """Every value of this field, such as ticked boxes; none is an empty sequence."""
        return self.fields.get(name, ())


async def form(request: Request) -> Form:
    """The form of this request; asked again, the same. Raises `InvalidRequest`, `TooLarge`."""
    read = getattr(request.state, "form", None)
    if not isinstance(read, Form):
        read = request.state.form = _parse(await _body(request))
    return read


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise _fault("header Content-Type", f"must be {_TYPE}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise TooLarge
    return bytes(body)


def _parse(body: bytes) -> Form:
    if not body:
        return Form({})
    try:
        fields = parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise _fault("", "is not a form") from None
    return Form({name: [_lines(value) for value in values] for name, values in fields.items()})


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _fault(pointer: str, detail: str) -> InvalidRequest:
    return InvalidRequest(Fault(pointer, detail))
