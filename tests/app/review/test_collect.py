# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Collecting outlives its client, says once what is to be told, and always ends somewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from app.domain.errors import Busy, EvidenceUnavailable, UpstreamTimeout
from app.domain.review import Hold
from app.review.collect import Collection, Collections
from tests.app.review.holds import HOLD


class Story:
    """What happened, in order; `answer` is released by the test."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.answer = asyncio.Event()
        self.error: Exception | None = None

    async def ask(self) -> str:
        try:
            await self.answer.wait()
        except asyncio.CancelledError:
            self.told.append("hung up")
            raise
        if self.error is not None:
            raise self.error
        return "answer"

    async def announce(self) -> Hold:
        self.told.append("announced")
        return HOLD

    async def finish(self, answer: str, announced: Hold | None) -> str:
        self.told.append((answer, announced))
        return "kept"

    async def fail(self, hold: Hold, cause: str) -> None:
        self.told.append((hold.id, cause))

    def collection(self, within: float = 30.0, **changes: Callable[..., Awaitable[Any]]) -> Collection[Any, Any]:
        steps: dict[str, Any] = {
            "ask": self.ask, "announce": self.announce, "finish": self.finish, "fail": self.fail,
        }  # fmt: skip
        return Collection(**{**steps, **changes}, within=within)


def begin(collections: Collections, collection: Collection[Any, Any]) -> AsyncExitStack:
    scope = AsyncExitStack()
    collections.start(collection, scope)
    return scope


async def test_a_quick_answer_is_told_at_once() -> None:
    story, collections = Story(), Collections()
    collection = story.collection()
    begin(collections, collection)
    story.answer.set()
    assert await collection.first() == "kept"
    assert story.told == [("answer", None)]


async def test_of_a_slow_answer_the_hold_is_told_first_and_the_answer_is_kept_later() -> None:
    story, collections = Story(), Collections()
    collection = story.collection(within=0.01)
    begin(collections, collection)
    assert await collection.first() is HOLD
    story.answer.set()
    await asyncio.wait_for(until(lambda: len(story.told) == 2), 60)
    assert story.told == ["announced", ("answer", HOLD)]


async def test_a_client_that_leaves_ends_nothing() -> None:
    story, collections = Story(), Collections()
    collection = story.collection()
    begin(collections, collection)
    client = asyncio.get_running_loop().create_task(collection.first())
    await asyncio.sleep(0)
    client.cancel()
    await asyncio.wait_for(until(lambda: story.told == ["announced"]), 60)
    story.answer.set()
    await asyncio.wait_for(until(lambda: len(story.told) == 2), 60)
    assert story.told[-1] == ("answer", HOLD)


async def test_an_error_before_anything_was_told_is_the_clients() -> None:
    story, collections = Story(), Collections()
    story.error = UpstreamTimeout()
    collection = story.collection()
    begin(collections, collection)
    story.answer.set()
    with pytest.raises(UpstreamTimeout):
        await collection.first()
    assert story.told == []


@pytest.mark.parametrize(
    ("error", "cause"), [(UpstreamTimeout(), "upstream-timeout"), (ValueError("geheim"), "internal-error")]
)
async def test_an_error_after_the_hold_was_told_ends_the_hold(error: Exception, cause: str) -> None:
    story, collections = Story(), Collections()
    story.error = error
    collection = story.collection(within=0.01)
    begin(collections, collection)
    assert await collection.first() is HOLD
    story.answer.set()
    await asyncio.wait_for(until(lambda: len(story.told) == 2), 60)
    assert story.told[-1] == (HOLD.id, cause)


async def test_at_the_end_what_still_collects_hangs_up_and_its_hold_is_closed() -> None:
    story, collections = Story(), Collections()
    collection = story.collection(within=0.01)
    closed: list[object] = []
    scope = begin(collections, collection)
    scope.push_async_exit(_note(closed))
    assert await collection.first() is HOLD
    await collections.end()
    assert story.told == ["announced", "hung up", (HOLD.id, "busy")]
    assert closed == [asyncio.CancelledError]
    await collections.end()


async def test_an_end_that_comes_before_the_beginning_is_an_end_too() -> None:
    story, collections = Story(), Collections()
    collection = story.collection()
    begin(collections, collection)
    await collections.end()
    with pytest.raises(Busy):
        await collection.first()
    assert story.told == []


async def test_a_hold_that_cannot_be_closed_now_is_left_to_its_job() -> None:
    story, collections = Story(), Collections()
    story.error = UpstreamTimeout()

    async def fail(hold: Hold, cause: str) -> None:
        story.told.append("tried")
        raise EvidenceUnavailable

    collection = story.collection(within=0.01, fail=fail)
    begin(collections, collection)
    assert await collection.first() is HOLD
    story.answer.set()
    await asyncio.wait_for(until(lambda: "tried" in story.told), 60)
    await collections.end()


async def test_an_announcement_that_fails_is_told_and_nothing_is_asked_on() -> None:
    story, collections = Story(), Collections()

    async def announce() -> Hold:
        raise EvidenceUnavailable

    collection = story.collection(within=0.01, announce=announce)
    begin(collections, collection)
    with pytest.raises(EvidenceUnavailable):
        await collection.first()
    await asyncio.wait_for(until(lambda: story.told == ["hung up"]), 60)


async def until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 what is waited for happens in another task
        await asyncio.sleep(0.005)


def _note(closed: list[object]) -> Any:  # noqa: ANN401 an exit callback of any kind
    async def exit_(kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        closed.append(kind)
        return False

    return exit_
