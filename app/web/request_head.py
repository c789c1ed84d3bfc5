# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a request must say of itself before anything reads it: two servers that frame it differently are how one is smuggled past.

RFC 9112 sections 3 and 6, and 11.2 for why every doubt is a refusal.
"""

import re
from collections.abc import Mapping
from typing import Final

from app.web.edge import EXPECTATION, HOST, MALFORMED, METHOD, TARGET, UPGRADE, VERSION, EdgeProblem

FRAMING: Final = frozenset({b"host", b"content-length", b"transfer-encoding", b"upgrade", b"expect"})
"""Names of the headers that say where the request ends and for whom it is; each comes once at most."""
_METHODS: Final = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"})
_TARGET: Final = re.compile(rb"/[!\"$-~]*").fullmatch
"""Origin form (RFC 9112 3.2.1): visible ASCII, no fragment."""


def judge(method: bytes, target: bytes, version: str, framing: Mapping[bytes, bytes]) -> EdgeProblem | None:
    """What is wrong with it, or None. `version` as in "1.1"; `framing` by `FRAMING`, values without white space around them."""
    if version not in ("1.1", "1.0"):
        return VERSION
    if not _TARGET(target):
        return TARGET
    if method not in _METHODS:
        return METHOD
    if not framing.get(b"host"):
        return HOST
    return _judge_framing(version, framing) if len(framing) > 1 else None


def _judge_framing(version: str, framing: Mapping[bytes, bytes]) -> EdgeProblem | None:
    if b"upgrade" in framing:
        return UPGRADE
    coding = framing.get(b"transfer-encoding")
    if coding is not None and (version == "1.0" or b"content-length" in framing or coding.lower() != b"chunked"):
        return MALFORMED
    if version == "1.1" and framing.get(b"expect", b"100-continue").lower() != b"100-continue":
        return EXPECTATION
    return None
