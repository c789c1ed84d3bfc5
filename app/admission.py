# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many calls run at once: a place for each, a share for each application, and a short line before the door."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from app.domain.errors import Busy
from app.domain.text import LocalText

Leave: TypeAlias = Callable[[], None]
"""Gives a place back. Call it once."""


class Admission:
    """`most` places, of which one application has at most `share`. Everything here runs on one loop.

    Who finds no place waits for `patience` seconds: at most as many wait as there are places, and of one application as many
    as its share. A place that comes free goes to the applications in turn, so one that asks much delays its own calls only.
    """

    def __init__(self, most: int, share: int, *, patience: float = 1.0) -> None:
        self._most = most
        self._share = min(share, most)
        self._patience = patience
        self._taken: dict[str, int] = {}
        self._lines: OrderedDict[str, deque[asyncio.Future[bool]]] = OrderedDict()
        self.running = 0
        self.waiting = 0

    async def enter(self, application: str) -> Leave:
        """Take a place of this application, now or when its turn comes. Raises `Busy`."""
        if self._has_room(application):
            self._take(application)
        else:
            await self._turn(application)
        return partial(self._leave, application)

    def _has_room(self, application: str) -> bool:
        return self.running < self._most and self._taken.get(application, 0) < self._share

    def _take(self, application: str) -> None:
        self.running += 1
        self._taken[application] = self._taken.get(application, 0) + 1

    def _leave(self, application: str) -> None:
        self.running -= 1
        self._taken[application] -= 1
        if not self._taken[application]:
            del self._taken[application]
        if self._lines:
            self._call_next()

    def _call_next(self) -> None:
        """Take the free place for whoever is next, if anybody who waits may have it."""
        for application, line in self._lines.items():
            if self._has_room(application):
                self._take(application)
                line[0].set_result(True)
                self._step_out(application, line[0])
                if line:
                    self._lines.move_to_end(application)
                return

    async def _turn(self, application: str) -> None:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[bool] = loop.create_future()
        self._line_up(application, turn)
        timer = loop.call_later(self._patience, self._send_away, application, turn)
        try:
            if not await turn:
                raise self._busy(application)
        except asyncio.CancelledError:
            if turn.cancelled():
                self._step_out(application, turn)
            elif turn.result():  # its turn came, and it is not there to take it
                self._leave(application)
            raise
        finally:
            timer.cancel()

    def _line_up(self, application: str, turn: "asyncio.Future[bool]") -> None:
        if self.waiting >= self._most or len(self._lines.get(application, ())) >= self._share:
            raise self._busy(application)
        self._lines.setdefault(application, deque()).append(turn)
        self.waiting += 1

    def _send_away(self, application: str, turn: "asyncio.Future[bool]") -> None:
        if not turn.done():
            turn.set_result(False)
            self._step_out(application, turn)

    def _step_out(self, application: str, turn: "asyncio.Future[bool]") -> None:
        line = self._lines[application]
        line.remove(turn)
        self.waiting -= 1
        if not line:
            del self._lines[application]

    def _busy(self, application: str) -> Busy:
        if self._taken.get(application, 0) < self._share:
            return Busy(LocalText(nl="Alle plaatsen zijn bezet.", en="Every place is taken."))
        return Busy(
            LocalText(
                nl=f"Deze toepassing heeft {self._share} aanroepen lopen, en meer mag zij er niet tegelijk hebben.",
                en=f"This application has {self._share} calls running, and may not have more at once.",
            )
        )
