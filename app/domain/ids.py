# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Names for things: UUIDv7 with a prefix (RFC 9562 5.7), and the code a citizen can type."""

from datetime import UTC, datetime, timedelta

from app.domain.randomness import random_bytes
from watermark import model

_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECOND = timedelta(milliseconds=1)


def new_id(prefix: str, moment: datetime) -> str:
    """`exc_0193…`: sortable by time to the millisecond, 74 random bits, no meaning."""
    milliseconds = (moment - _EPOCH) // _MILLISECOND & 0xFFFF_FFFF_FFFF  # exact: a float would lose one now and then
    random = int.from_bytes(random_bytes(10))
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF
    digits = f"{value:032x}"
    return f"{prefix}_{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def new_code() -> str:
    """The code of one choice: 60 random bits as 12 Crockford characters, `K7Q2-9FXM-3TBW`."""
    return model.spell_code(int.from_bytes(random_bytes(8)) >> 4)


def read_code(entry: str) -> str | None:
    """The canonical form of a code as typed (any case, spaces, O for 0, I or L for 1), or None when it is no code."""
    bits = model.read_code(entry)
    return None if bits is None else model.spell_code(bits)
