# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A time that moves with every piece of work, and what happens when none came."""

import asyncio
from collections.abc import Callable
from math import inf


class Deadline:
    """One timer of the loop for whatever is waited for, touched only when it runs out or the deadline comes closer.

    A timer for each piece of a stream would cost more than reading the piece.
    """

    __slots__ = ("_armed", "_loop", "_passed", "_timer", "at")

    def __init__(self, loop: asyncio.AbstractEventLoop, passed: Callable[[], None]) -> None:
        """There is none yet. `passed` is called once for a deadline that was neither moved nor lifted."""
        self.at = self._armed = inf
        """Loop time; `inf` where there is none."""
        self._loop = loop
        self._passed = passed
        self._timer: asyncio.TimerHandle | None = None

    def move(self, at: float) -> None:
        """From now on it is this loop time."""
        self.at = at
        if at < self._armed:
            self._arm(at)

    def lift(self) -> None:
        """There is none until it is moved."""
        self.at = inf

    def cancel(self) -> None:
        """Lift it, and leave nothing with the loop."""
        self.at = self._armed = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._armed = at
        self._timer = self._loop.call_at(at, self._run_out)

    def _run_out(self) -> None:
        self._timer, self._armed = None, inf
        if self.at <= self._loop.time():
            self.at = inf
            self._passed()
        elif self.at < inf:
            self._arm(self.at)
