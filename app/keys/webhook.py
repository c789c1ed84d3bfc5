# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The signature under a webhook (Standard Webhooks, symmetric `v1`): the receiver knows who sent it, and that it is not of yesterday."""

import base64
import binascii
import hmac

_PREFIX = "whsec_"
_LENGTHS = range(24, 65)
"""Bytes of a secret, as Standard Webhooks has it."""


def sign_webhook(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA-256 in base64, for the header `webhook-signature`.

    `secret` is `whsec_` and 24 to 64 bytes in base64; `timestamp` in seconds since 1970. Raises `ValueError` that says what is wrong
    with the secret, without it.
    """
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_PREFIX) or len(key) not in _LENGTHS:
        raise ValueError("a webhook secret is whsec_ and 24 to 64 random bytes in base64")
    return key
