# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import Request
from typing_extensions import override

from app.domain.errors import Busy
from app.evidence.verification import Standing
from app.keys.signer import FileKeySigner
from app.web.enquiry import Enquiries
from app.web.rate import RateLimit, TooOften
from tests.memory_log import ORGANISATION
from tests.published_texts import PUBLICATION, PublishedTexts, house


def bounds(burst: float = 1e9) -> RateLimit:
    return RateLimit(lambda: 0.0, burst=burst, per_second=1)


def asked_by(peer: str | None) -> Request:
    return Request({"type": "http", "client": (peer, 1) if peer else None})


async def test_it_asks_the_house_that_is_open(tmp_path: Path) -> None:
    verification, _, _ = await house(FileKeySigner.create(tmp_path / "log.pem", development=True))
    enquiries = Enquiries(lambda: verification, bounds())
    assert enquiries.organisation == ORGANISATION
    (told,) = (await enquiries.ask(PUBLICATION)).codes
    assert told.standing is Standing.TOLD


def test_every_network_has_its_share_and_text_is_weighed() -> None:
    def closed() -> None:
        raise Busy

    enquiries = Enquiries(closed, bounds(burst=3))  # type: ignore[arg-type]
    enquiries.count(asked_by("192.0.2.1"))
    enquiries.weigh(asked_by("192.0.2.1"), 1 << 17)
    with pytest.raises(TooOften):
        enquiries.count(asked_by("192.0.2.1"))
    enquiries.count(asked_by("192.0.2.2"))
    enquiries.count(asked_by(None))


async def test_a_question_is_counted_before_it_is_read_and_few_are_read_at_once() -> None:
    def closed() -> None:
        raise Busy

    read = asyncio.Event()

    async def slowly(_: Request) -> bytes:
        await read.wait()
        return b"x"

    enquiries = Enquiries(closed, bounds(burst=1))  # type: ignore[arg-type]
    async with asyncio.TaskGroup() as group:
        for number in range(128):
            group.create_task(enquiries.receive(asked_by(f"192.0.2.{number}"), slowly))
        await asyncio.sleep(0)
        with pytest.raises(TooOften):
            await enquiries.receive(asked_by("192.0.2.1"), slowly)
        with pytest.raises(Busy):
            await asyncio.wait_for(enquiries.receive(asked_by("198.51.100.1"), slowly), 60)
        read.set()
    assert await enquiries.receive(asked_by("198.51.100.2"), slowly) == b"x"


async def test_a_question_is_being_received_until_it_is_parsed() -> None:
    def closed() -> None:
        raise Busy

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    scope = {"type": "http", "client": None, "headers": [(b"content-type", b"application/json")]}
    enquiries = Enquiries(closed, bounds())  # type: ignore[arg-type]
    free = threading.Event()
    executor = ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(executor)
    executor.submit(free.wait, 30)  # the only thread: nothing is parsed until it is free
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(enquiries.read(Request(scope, receive), 9)) for _ in range(128)]
        for _ in range(10):
            await asyncio.sleep(0)
        with pytest.raises(Busy):
            await enquiries.receive(asked_by(None), unread)
        free.set()
    assert [task.result() for task in asked] == [{}] * 128


async def unread(_: Request) -> bytes:
    raise AssertionError("read, though there is no room for it")


async def test_after_each_question_it_rests() -> None:
    def closed() -> None:
        raise Busy

    enquiries = Enquiries(closed, bounds())  # type: ignore[arg-type]
    ended: list[float] = []

    def work() -> None:
        threading.Event().wait(0.1)
        ended.append(time.monotonic())

    await asyncio.gather(*(enquiries.reckon(work) for _ in range(3)))
    assert ended[2] - ended[0] > 2 * (0.1 + 2 * 0.1)  # two questions and the rests before them


class SlowTexts(PublishedTexts):
    """Answers when it is let."""

    def __init__(self, let: threading.Event) -> None:
        super().__init__()
        self.let = let
        self.busy = threading.Event()
        self.together: list[int] = []
        self._inside = 0

    @override
    def output(self, code: str) -> None:
        """Nothing, later."""
        self._inside += 1
        self.together.append(self._inside)
        self.busy.set()
        self.let.wait(30)
        self._inside -= 1


async def test_one_is_answered_at_a_time_few_wait_and_the_rest_is_sent_away(tmp_path: Path) -> None:
    let = threading.Event()
    slow = SlowTexts(let)
    verification, _, _ = await house(FileKeySigner.create(tmp_path / "log.pem", development=True), outputs=slow)
    enquiries = Enquiries(lambda: verification, bounds())
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(enquiries.ask(PUBLICATION)) for _ in range(17)]
        await asyncio.to_thread(slow.busy.wait, 30)
        with pytest.raises(Busy):
            await enquiries.receive(asked_by("192.0.2.1"), unread)
        with pytest.raises(Busy):
            await enquiries.ask(PUBLICATION)
        let.set()
    assert {task.result().codes[0].standing for task in waiting} == {Standing.UNKNOWN}
    assert max(slow.together) == 1
    assert (await enquiries.ask(PUBLICATION)).codes
