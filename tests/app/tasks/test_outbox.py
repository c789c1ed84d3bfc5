# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Messages leave the outbox when they were told, come later when they were not, and stop at the end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from app.domain.ledger import Unit
from app.domain.output import Message
from app.domain.webhook import Outcome, Reply, Webhook
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.migrate import upgrade
from app.tasks.outbox import FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS, Outbox, pause_after
from tests.storage_reviews import a_message, do
from tests.storage_units import MOMENT, ORGANISATION, encode, fold, leaf


@dataclass
class ChosenClock:
    """A clock that stands where it was put."""

    moment: datetime = MOMENT

    def now(self) -> datetime:
        return self.moment


@dataclass
class Receiver:
    """Remembers what it is told and answers as it is told to."""

    replies: dict[str, Reply] = field(default_factory=dict)
    otherwise: Reply = field(default_factory=lambda: Reply(Outcome.TAKEN))
    told: list[tuple[str, str, datetime]] = field(default_factory=list)
    together: int = 0
    busy: int = 0

    async def send(self, webhook: Webhook, message: Message, moment: datetime) -> Reply:
        self.busy += 1
        self.together = max(self.together, self.busy)
        await asyncio.sleep(0)
        self.busy -= 1
        self.told.append((webhook.url, message.id, moment))
        return self.replies.get(message.id, self.otherwise)


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    database = Database(f"sqlite:///{tmp_path}/outbox.db")
    upgrade(database)
    async with SqlLedger(database, ORGANISATION, encode=encode, leaf=leaf, fold=fold, timeout=60.0) as opened:
        yield opened
    database.close()


def outbox(ledger: SqlLedger, receiver: Receiver, clock: ChosenClock | None = None, *, turn: float = 60.0) -> Outbox:
    return Outbox(ledger, clock or ChosenClock(), addressed, receiver, turn=turn)


def addressed(application: str) -> Webhook | None:
    return Webhook(application, f"https://{application}.example/", "env:SECRET") if application == "guus" else None


async def keep(ledger: SqlLedger, *messages: Message) -> None:
    def work(unit: Unit) -> None:
        for message in messages:
            unit.enqueue(message)

    await do(ledger, work)


async def left(ledger: SqlLedger) -> list[Message]:
    """All that is still to be told, whenever."""
    return list(await ledger.commit(lambda unit: unit.due_messages(MOMENT + timedelta(days=999)), lambda _: []))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110  they are told beside this
            await asyncio.sleep(0.01)


async def test_what_was_told_is_gone(ledger: SqlLedger) -> None:
    messages = [a_message(kind="webhook:guus") for _ in range(3)]
    await keep(ledger, *messages)
    receiver = Receiver()
    assert await outbox(ledger, receiver).deliver() == 3
    assert sorted(receiver.told) == sorted(("https://guus.example/", message.id, MOMENT) for message in messages)
    assert receiver.together == 3
    assert await left(ledger) == []
    assert await outbox(ledger, receiver).deliver() == 0


async def test_what_was_not_told_comes_later_and_is_not_lost_with_its_worker(ledger: SqlLedger) -> None:
    message = a_message(kind="webhook:guus")
    await keep(ledger, message)
    receiver = Receiver(otherwise=Reply(Outcome.FAILED, "status 503"))
    clock = ChosenClock()
    for attempt in range(4):
        assert await outbox(ledger, receiver, clock).deliver() == 0
        (waiting,) = await left(ledger)
        assert (waiting.attempts, waiting.due) == (attempt + 1, clock.moment + pause_after(attempt))
        clock.moment = waiting.due - timedelta(milliseconds=1)
        assert await outbox(ledger, receiver, clock).deliver() == 0
        assert len(receiver.told) == attempt + 1
        clock.moment = waiting.due
    receiver.otherwise = Reply(Outcome.TAKEN)
    assert await outbox(ledger, receiver, clock).deliver() == 1


async def test_a_message_that_is_being_told_is_not_told_by_another(ledger: SqlLedger) -> None:
    await keep(ledger, a_message(kind="webhook:guus"))
    receiver = Receiver()
    assert sum(await asyncio.gather(*(outbox(ledger, receiver).deliver() for _ in range(4)))) == 1
    assert len(receiver.told) == 1


async def test_one_that_fails_does_not_hold_up_another(ledger: SqlLedger) -> None:
    bad, good = a_message(kind="webhook:guus"), a_message(kind="webhook:guus")
    await keep(ledger, bad, good)
    assert await outbox(ledger, Receiver({bad.id: Reply(Outcome.FAILED)})).deliver() == 1
    assert [message.id for message in await left(ledger)] == [bad.id]


@dataclass
class Deaf(Receiver):
    """Does not answer one of its addresses until it is let."""

    answers: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def send(self, webhook: Webhook, message: Message, moment: datetime) -> Reply:
        if webhook.application == "guus":
            await self.answers.wait()
        return await super().send(webhook, message, moment)


async def test_a_receiver_that_does_not_answer_holds_up_no_other(ledger: SqlLedger) -> None:
    def everybody(application: str) -> Webhook:
        return Webhook(application, f"https://{application}.example/", "env:SECRET")

    await keep(ledger, *(a_message(kind="webhook:guus") for _ in range(25)))
    receiver = Deaf()
    telling = Outbox(ledger, ChosenClock(), everybody, receiver, turn=0.1)
    assert await telling.deliver() == 0
    await keep(ledger, a_message(kind="webhook:fien"))
    await telling.deliver()
    await until(lambda: bool(receiver.told))
    assert [url for url, _, _ in receiver.told] == ["https://fien.example/"]
    receiver.answers.set()
    await until(lambda: len(receiver.told) == 21)  # the turn that told them is over
    async with asyncio.timeout(60):
        while await left(ledger):
            await telling.deliver()


async def test_what_was_not_told_at_the_end_comes_again(ledger: SqlLedger) -> None:
    await keep(ledger, message := a_message(kind="webhook:guus"))
    telling = outbox(ledger, Deaf(), turn=0.1)
    assert await telling.deliver() == 0
    await telling.end()
    assert [each.id for each in await left(ledger)] == [message.id]


async def test_after_the_last_attempt_it_is_given_up_and_logged(
    ledger: SqlLedger, caplog: pytest.LogCaptureFixture
) -> None:
    last, before = (a_message(kind="webhook:guus", attempts=MOST_ATTEMPTS - number) for number in (1, 2))
    await keep(ledger, last, before)
    receiver = Receiver(otherwise=Reply(Outcome.FAILED, "status 500"))
    with caplog.at_level(logging.WARNING):
        assert await outbox(ledger, receiver).deliver() == 1
    assert [message.id for message in await left(ledger)] == [before.id]
    (given_up,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert (vars(given_up)["message"], vars(given_up)["why"]) == ("not told, and not tried again", "status 500")
    assert last.id in map(str, vars(given_up).values())


async def test_who_wants_no_more_is_not_asked_again(ledger: SqlLedger) -> None:
    await keep(ledger, a_message(kind="webhook:guus"))
    assert await outbox(ledger, Receiver(otherwise=Reply(Outcome.GONE))).deliver() == 1
    assert await left(ledger) == []


@pytest.mark.parametrize("kind", ["webhook:other", "telegram:guus"])
async def test_where_policy_names_no_address_nobody_is_told(ledger: SqlLedger, kind: str) -> None:
    await keep(ledger, a_message(kind=kind))
    receiver = Receiver()
    assert await outbox(ledger, receiver).deliver() == 1
    assert receiver.told == []
    assert await left(ledger) == []


def test_pauses_grow_to_half_a_day_and_end_after_three_days() -> None:
    pauses = [pause_after(attempts) for attempts in range(MOST_ATTEMPTS - 1)]
    assert pauses[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE == pause_after(10**6)
    assert timedelta(days=2.5) < sum(pauses, timedelta()) < timedelta(days=3.5)
