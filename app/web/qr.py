# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The address to verify a code as a QR code (ISO/IEC 18004): for the reader of a printed letter."""

import io
from functools import lru_cache

_QUIET_ZONE = 4
"""Modules of white around it: what the standard asks for."""
_SCALE = 4


@lru_cache(maxsize=256)
def qr(address: str) -> bytes:
    """An SVG in black on white, whatever the colours of the page: readers expect dark on light. Raises `ValueError` when too long."""
    import segno  # noqa: PLC0415  with the first code that is shown

    made = segno.make(address, error="m", micro=False)
    file = io.BytesIO()
    made.save(file, kind="svg", scale=_SCALE, border=_QUIET_ZONE, dark="#000", light="#fff", title=address, nl=False)
    return file.getvalue()
