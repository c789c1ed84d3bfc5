# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must still be told, told: at least once, ever later when nobody listens, and not for ever."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.domain.clock import Clock
from app.domain.ledger import Ledger, Unit
from app.domain.output import Message
from app.domain.webhook import Messenger, Outcome, Reply, Webhook

log = logging.getLogger("waarmerk.outbox")

MOST_ATTEMPTS: Final = 12
FIRST_PAUSE: Final = timedelta(seconds=30)
"""Longer than an attempt may take: a message that is being told is not due."""
LONGEST_PAUSE: Final = timedelta(hours=12)
_KIND: Final = "webhook:"
_TURN: Final = 1.0
"""Seconds that a turn waits for receivers; those of the next are told then, whoever has not answered."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait when this many attempts were made before: four times as long each time, up to half a day; three days in all."""
    return min(FIRST_PAUSE * float(4 ** min(attempts, 16)), LONGEST_PAUSE)


class Outbox:
    """Takes what is due and tells it. Several workers may do so: who takes a message postpones it in the same step."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        webhook: Callable[[str], Webhook | None],
        messenger: Messenger,
        *,
        turn: float = _TURN,
    ) -> None:
        """`webhook` says where an application is told; None: nowhere. A `turn` waits so many seconds for receivers."""
        self._ledger = ledger
        self._clock = clock
        self._webhook = webhook
        self._messenger = messenger
        self._turn = turn
        self._telling: dict[str, asyncio.Task[int]] = {}

    async def deliver(self) -> int:
        """Tell what is due, side by side; how many messages are done with by the end of this turn.

        A receiver that takes its time is passed over in the turns to come until it has answered, so it holds up nobody else.
        Raises `EvidenceUnavailable`; then they come again.
        """
        moment = self._clock.now()
        slow = frozenset(self._telling)
        taken = await self._ledger.commit(lambda unit: _take(unit, moment, slow), lambda _: ())
        if not taken:
            return 0
        loop = asyncio.get_running_loop()
        turn = []
        for kind in {message.kind for message in taken}:
            task = loop.create_task(self._tell_all([message for message in taken if message.kind == kind]))
            self._telling[kind] = task
            task.add_done_callback(partial(self._told, kind))
            turn.append(task)
        done, _ = await asyncio.wait(turn, timeout=self._turn)
        return sum([await task for task in done])

    async def end(self) -> None:
        """Tell no more; what was not told comes again."""
        for task in tuple(self._telling.values()):
            task.cancel()
        await asyncio.gather(*self._telling.values(), return_exceptions=True)

    async def _tell_all(self, messages: Sequence[Message]) -> int:
        """Everything there is for one receiver."""
        replies = await asyncio.gather(*(self._tell(message) for message in messages))
        done = [message for message, reply in zip(messages, replies, strict=True) if _settled(message, reply)]
        if done:
            await self._ledger.commit(lambda unit: _dismiss(unit, done), lambda _: ())
        return len(done)

    def _told(self, kind: str, task: asyncio.Task[int]) -> None:
        del self._telling[kind]
        if not task.cancelled():
            task.exception()  # nothing could be written: these messages come again, and a turn may be over

    async def _tell(self, message: Message) -> Reply:
        application = message.kind.removeprefix(_KIND)
        webhook = self._webhook(application) if message.kind.startswith(_KIND) else None
        if webhook is None:
            return Reply(Outcome.GONE, "policy names no address for it")
        return await self._messenger.send(webhook, message, self._clock.now())


def _take(unit: Unit, moment: datetime, slow: Collection[str]) -> Sequence[Message]:
    messages = unit.due_messages(moment, slow)
    for message in messages:
        unit.postpone(message.id, moment + pause_after(message.attempts))
    return messages


def _dismiss(unit: Unit, messages: Sequence[Message]) -> None:
    for message in messages:
        unit.dismiss(message.id)


def _settled(message: Message, reply: Reply) -> bool:
    """Whether nothing more is to be done about it; what goes wrong is told to the operator, with ids only."""
    told = {"webhook": message.id, "kind": message.kind, "attempt": message.attempts + 1, "why": reply.why}
    if reply.outcome is Outcome.TAKEN:
        return True
    if reply.outcome is Outcome.GONE:
        log.info("not told: the receiver wants no more", extra=told)
        return True
    if message.attempts + 1 >= MOST_ATTEMPTS:
        log.error("not told, and not tried again", extra=told)
        return True
    log.warning("not told yet", extra=told)
    return False
