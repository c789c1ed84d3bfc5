# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the demo is told to end: by Ctrl-C or SIGTERM, and so that it cannot miss it."""

import signal
import threading
from types import FrameType

_told = threading.Event()


def listen() -> None:
    """From now on both signals raise `KeyboardInterrupt`, so that the children are ended first."""
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, _tell)


def check() -> None:
    """Raises `KeyboardInterrupt` when it was raised before and got lost: compiled code that asks for an attribute swallows it."""
    if _told.is_set():
        raise KeyboardInterrupt


def _tell(_signal: int, _frame: FrameType | None) -> None:
    _told.set()
    raise KeyboardInterrupt
