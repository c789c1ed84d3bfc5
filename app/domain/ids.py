# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Names for things: UUIDv7 with a prefix (RFC 9562 5.7), and the code a citizen can type."""

import os
import uuid
from datetime import UTC, datetime, timedelta

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FORGIVING = str.maketrans("ILO", "110", " -")


def new_id(prefix: str, moment: datetime) -> str:
    """`exc_0193…`: sortable by time to the millisecond, 74 random bits, no meaning."""
    milliseconds = (moment - _EPOCH) // _MILLISECOND & 0xFFFF_FFFF_FFFF  # exact: a float would lose one now and then
    random = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF
    return f"{prefix}_{uuid.UUID(int=value)}"


def new_code() -> str:
    """The code of one choice: 60 random bits as 12 Crockford characters, `K7Q2-9FXM-3TBW`."""
    bits = int.from_bytes(os.urandom(8)) >> 4
    letters = "".join(CROCKFORD[bits >> shift & 31] for shift in range(55, -1, -5))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def read_code(entry: str) -> str | None:
    """The canonical form of a code as typed (any case, spaces, O for 0, I or L for 1), or None when it is no code."""
    letters = entry.upper().translate(_FORGIVING)
    # Some letters of other alphabets have capitals among ours: dotless i, long s, the ligature ff.
    if not entry.isascii() or len(letters) != 12 or any(letter not in CROCKFORD for letter in letters):
        return None
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
