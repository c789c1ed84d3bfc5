# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What schemathesis cannot know (`SCHEMATHESIS_HOOKS`): where questions come from, and what a manifest store is."""

import base64
from itertools import count
from typing import Any

import schemathesis
from hypothesis import strategies as st

from tests.claims import CLAIM, ClaimAuthority, MemoryClaimSigner
from watermark.manifest import sign_text

_PEERS = count(1)
_STORE = sign_text("Een tekst.", CLAIM, MemoryClaimSigner.under(ClaimAuthority()))

schemathesis.openapi.format("byte", st.just(base64.b64encode(_STORE).decode()))


@schemathesis.hook
def before_call(_context: Any, case: Any, _arguments: Any) -> None:  # noqa: ANN401  (schemathesis gives its own)
    """From a network of its own each: how often one may ask is for another test."""
    number = next(_PEERS)
    case.headers = {
        **(case.headers or {}),
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }
