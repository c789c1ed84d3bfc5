# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in a form and in `Waarmerk-Context`: read one way, or refused without repeating it."""

from typing import Final
from urllib.parse import unquote_to_bytes, urlencode

from fastapi import Request

from app.domain.errors import InvalidRequest
from app.identity.context import parse
from app.web.forms import Form, form
from tests.fuzz.pieces import LOOP

SEEDS: Final = (
    b"csrf=abc&text=een%0D%0Atwee&choice=1&choice=2&c=%C3%A9n+twee",
    b"code=K7Q2-9FXM-3TBW&text=",
    b"a=%FF",
    b"a=1&&b",
    b'actor="p-4711", case="Z-2026-88", lang="nl"',
    b'actor="a\\"b\\\\", subject="x"\t,conversation="c"',
    b'lang="nl-NL",',
)


def run(data: bytes) -> None:
    """The same bytes as a form and as a header."""
    try:
        read = LOOP.run(_form(data))
    except InvalidRequest:
        pass
    else:
        _compare(data, read)
    try:
        context = parse(data.decode("latin-1"))
    except InvalidRequest:
        return
    for name in ("actor", "case", "data_subject", "conversation", "work_item", "language"):
        value = getattr(context, name)
        assert value is None or (1 <= len(value) <= 256 and value.isascii() and value.isprintable())


def _compare(data: bytes, read: Form) -> None:
    """Written again and read again it is the same; no value holds a byte that was not sent."""
    pairs = [(name, value) for name, values in read.fields.items() for value in values]
    assert LOOP.run(_form(urlencode(pairs).encode())) == read
    assert len(pairs) == (data.count(b"&") + 1 if data else 0)
    sent = unquote_to_bytes(data.replace(b"+", b" "))
    assert all(line.encode() in sent for _, value in pairs for line in value.split("\n"))


async def _form(body: bytes) -> Form:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    return await form(Request({"type": "http", "method": "POST", "headers": headers}, receive))
