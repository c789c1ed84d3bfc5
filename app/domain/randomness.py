# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Random bytes of the operating system, fetched many at a time.

Each question to the system hands the interpreter to another thread first: asked for every id and every salt of a call, that
would cost more than the rest of what is recorded of it.
"""

import os
import threading

_AT_A_TIME = 1024


class _Reserve(threading.local):
    """What one thread has fetched and nobody was given yet."""

    rest = b""

    def take(self, count: int) -> bytes:
        if len(self.rest) < count:
            self.rest = os.urandom(_AT_A_TIME + count)
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def forget(self) -> None:
        self.rest = b""


_reserve = _Reserve()
os.register_at_fork(after_in_child=_reserve.forget)  # a child must not give out what its parent will


def random_bytes(count: int) -> bytes:
    """As `os.urandom`: bytes that nobody was given before."""
    return _reserve.take(count)
