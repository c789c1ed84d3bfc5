# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Headers by allowlist, both ways: what is not named here does not pass (A16, P8)."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

ANSWER_HEADERS: Final = frozenset(
    {
        "content-type",
        "retry-after",
        "request-id",
        "x-request-id",
        "x-ms-request-id",
        "apim-request-id",
        "openai-processing-ms",
        "x-ratelimit-limit-requests",
        "x-ratelimit-limit-tokens",
        "x-ratelimit-remaining-requests",
        "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-requests",
        "x-ratelimit-reset-tokens",
    }
)
"""What an upstream may say beside its body. Hop-by-hop, `set-cookie`, `server`, `alt-svc`, `location` and our own names are not here."""

_KEPT: Final = {name.encode(): name for name in ANSWER_HEADERS}
_VALUE: Final = re.compile(rb"[\x20-\x7e]{1,512}")


def request_fields(user_agent: str, *, stream: bool) -> dict[str, str]:
    """All that is sent beside `host`, the credential and `content-length`. Nothing of the client's: its headers never reach this room."""
    return {
        "content-type": "application/json",
        "accept": "text/event-stream" if stream else "application/json",
        "accept-encoding": "identity",
        "user-agent": user_agent,
    }


def answer_headers(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Those on the allowlist that are printable ASCII; a name that came twice is joined by a comma (RFC 9110 5.3)."""
    kept: dict[str, str] = {}
    for key, value in raw:
        name = _KEPT.get(key.lower())
        if name is not None and _VALUE.fullmatch(value):
            text = value.decode("ascii")
            kept[name] = f"{kept[name]}, {text}" if name in kept else text
    return MappingProxyType(kept)


def is_encoded(raw: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the body is anything but plain: we ask for `identity`, so what unpacks to more than it weighs is refused, not unpacked."""
    codings = {b"content-encoding": {b"identity"}, b"transfer-encoding": {b"chunked"}}
    return any(value.strip().lower() not in codings[key.lower()] for key, value in raw if key.lower() in codings)
