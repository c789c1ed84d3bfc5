# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nothing that must be held is released; the same call waits once; what nobody decides ends."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import orjson
import pytest

from app.domain.clock import Clock
from app.domain.decision import Envelope, HoldForReview
from app.domain.errors import NotReleased, ObligationUnsupported, ReviewWithdrawn
from app.domain.generation import Generation
from app.domain.output import Message
from app.domain.review import Act, HoldState
from app.domain.subject import Context, Subject
from app.domain.text import LocalText
from app.evidence.commitments import Commitments
from app.marking.output import MarkedEvent, MarkedOutput
from app.review.item import Contents
from app.review.submit import Review
from tests.app.review.holds import ONE
from tests.fake_upstream import FakeUpstream, answer
from tests.furnished import Furnished, read
from tests.reviewers import (
    CHAT,
    REVIEWER,
    approved,
    asking,
    claimed,
    completion,
    do,
    found,
    held,
    opened,
    retrieved,
    verdict,
)

PLAIN = (Envelope(LocalText(nl="", en="")),)
HELD = (*PLAIN, HoldForReview(ONE))
GENERATION = Generation("openai", "openai.chat.completions", "balie-antwoord", stream=False, choices=1, body={"a": 1})
MADE = {"id": "t1", "type": "function", "function": {"name": "zoek-kennisbank", "arguments": '{"q": "x"}'}}
TOOL = {"type": "function", "function": {"name": "zoek-kennisbank", "parameters": {"type": "object"}}}


async def nothing() -> AsyncIterator[MarkedEvent]:
    return
    yield


class Later:
    """A clock that goes ahead of another."""

    def __init__(self, clock: Clock, by: timedelta) -> None:
        self._clock = clock
        self._by = by

    def now(self) -> datetime:
        return self._clock.now() + self._by


OUTPUT = MarkedOutput({}, nothing(), stream=False)


def test_what_nothing_holds_is_released(house: Furnished) -> None:
    assert house.pipeline.review.submit(OUTPUT, PLAIN).output is OUTPUT


def test_what_must_be_held_is_never_released_but_for_calls_of_tools(house: Furnished) -> None:
    with pytest.raises(ObligationUnsupported):
        house.pipeline.review.submit(OUTPUT, HELD)
    assert house.pipeline.review.submit(OUTPUT, HELD, only_tools=True).output is OUTPUT


async def test_calls_of_tools_are_released_at_once_and_no_word_beside_them(
    house: Furnished, key: str, upstream: FakeUpstream
) -> None:
    thought = {"reasoning_content": "geheim"}  # it never leaves, so nobody has to see it first
    upstream.on(CHAT, answer({**completion(None, tool_calls=[MADE], **thought), "note": "geheim"}))
    for stream in (False, True):
        delivery = await house.pipeline.handle(house.call(key, asking(tools=[TOOL], stream=stream)))
        body = await read(delivery)
        assert delivery.stream is stream
        assert b"zoek-kennisbank" in body
        assert b"geheim" not in body
        assert delivery.headers["x-ai-generated"] == "true"
    told = [record["type"] for record in house.records() if str(record["type"]).startswith("exchange:")]
    assert told == ["exchange:opened", "exchange:delivered"] * 2


@pytest.mark.parametrize("words", [{"content": "tekst"}, {"refusal": "tekst"}])
async def test_of_a_word_with_calls_of_tools_beside_it_only_the_word_is_approved(
    house: Furnished, key: str, upstream: FakeUpstream, words: dict[str, str]
) -> None:
    tree = completion(None, tool_calls=[MADE])
    tree["choices"][0]["message"] |= words
    upstream.on(CHAT, answer(tree))
    hold = await held(house, key, asking(tools=[TOOL]))
    assert (await opened(house, hold)).texts == {0: "tekst"}
    tree = await retrieved(house, key, await approved(house, hold))
    assert "zoek-kennisbank" not in orjson.dumps(tree).decode()


def test_it_promises_to_hold() -> None:
    assert Review.fulfils == {HoldForReview}


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "key_2"},
        {"context": Context(actor="p-2")},
        {"context": Context(actor="p-1", case="Z-2")},
        {"context": Context(actor="p-1", language="en")},
    ],
)
def test_another_caller_or_person_is_another_call(house: Furnished, changes: dict[str, object]) -> None:
    review, subject = house.pipeline.review, Subject("key_1", "o", "a", frozenset(), Context(actor="p-1"))
    same = review.same(subject, GENERATION, None)
    assert review.same(subject, replace(GENERATION, body={"a": 1}), None) == same
    assert review.same(replace(subject, **changes), GENERATION, None) != same  # type: ignore[arg-type]
    assert review.same(subject, replace(GENERATION, body={"a": 2}), None) != same


def test_an_idempotency_key_wins_from_the_body(house: Furnished) -> None:
    review, subject = house.pipeline.review, Subject("key_1", "o", "a", frozenset())
    assert review.same(subject, GENERATION, "x") == review.same(subject, replace(GENERATION, body={"a": 2}), "x")
    assert review.same(subject, GENERATION, "x") != review.same(subject, GENERATION, "y")
    assert review.same(subject, GENERATION, "x") != review.same(subject, GENERATION, None)


async def test_a_retry_is_the_same_call_for_ten_minutes_also_when_it_was_decided(house: Furnished, key: str) -> None:
    hold = await do(house, await claimed(house, await held(house, key)), Act.REJECT)
    subject = Subject("", hold.organisation, hold.application, frozenset())
    review = house.pipeline.review
    assert await review.twin(subject, hold.same, retried=False) is None
    twin = await review.twin(subject, hold.same, retried=True)
    assert twin is not None
    assert twin.id == hold.id
    assert await later(house, timedelta(minutes=10)).twin(subject, hold.same, retried=True) is None
    assert await review.twin(replace(subject, application="other"), hold.same, retried=True) is None


async def test_what_nobody_decides_expires_with_a_record_and_a_message(house: Furnished, key: str) -> None:
    hold = await held(house, key)
    assert await house.pipeline.review.end_stale() == 0
    assert await later(house, timedelta(days=31)).end_stale() == 1
    ended = await found(house, hold.id)
    assert (ended.state, ended.version) == (HoldState.EXPIRED, hold.version + 1)
    record = house.records()[-1]
    assert (record["type"], record["cause"], record["prev"]) == ("hold:expired", "term", hold.record)
    assert [message.kind for message in await messages(house)] == ["webhook:balie"]
    assert await later(house, timedelta(days=31)).end_stale() == 0


async def test_a_term_that_is_over_holds_before_anybody_wrote_it_down(house: Furnished, key: str) -> None:
    hold = await held(house, key)
    error = later(house, timedelta(days=31)).refusal(hold)
    assert error.review.status == "expired"


async def test_what_was_withdrawn_after_approval_is_fetched_no_more(house: Furnished, key: str) -> None:
    done = await approved(house, await held(house, key))
    await do(house, done, Act.WITHDRAW)
    with pytest.raises(ReviewWithdrawn):
        await house.pipeline.review.fetch(done, "key_1")  # as it was when somebody looked
    assert "hold:fetched" not in [record["type"] for record in house.records()]


async def test_what_was_not_approved_is_not_fetched(house: Furnished, key: str) -> None:
    with pytest.raises(NotReleased):
        await house.pipeline.review.fetch(await held(house, key), "key_1")


async def test_each_fetch_is_a_record_and_the_first_is_remembered(house: Furnished, key: str) -> None:
    done = await approved(house, await held(house, key))
    for first in (True, False):
        await house.pipeline.review.fetch(done, "key_1")
        record = house.records()[-1]
        assert (record["type"], record["first"], record["prev"]) == ("hold:fetched", first, done.record)
    assert (await found(house, done.id)).fetched_at is not None


async def test_who_waits_sees_a_decision_when_it_comes(house: Furnished, key: str) -> None:
    hold = await held(house, key)
    review = house.pipeline.review
    assert (await review.settled(hold, 0.01)).state is HoldState.PENDING
    waiting = asyncio.get_running_loop().create_task(review.settled(hold, 60.0))
    await approved(house, hold)
    assert (await waiting).state is HoldState.APPROVED


async def test_a_failure_after_an_end_changes_nothing(house: Furnished, key: str) -> None:
    hold = await held(house, key)
    await house.pipeline.review.fail(hold, "busy")
    assert (await found(house, hold.id)).state is HoldState.PENDING


LISTENING = {"balie"}
"""Applications that ask to be told."""


async def test_who_asks_for_no_message_gets_none(house: Furnished, key: str) -> None:
    """Policy of the example names no webhook."""
    assert not house.house.policy.listens("balie")
    await do(house, await claimed(house, await held(house, key)), Act.REJECT)
    await house.pipeline.review.fail(await held(house, key), "busy")
    assert await messages(house) == []


async def test_beyond_so_many_clients_nobody_waits_for_a_decision(house: Furnished, key: str) -> None:
    review, hold = house.pipeline.review, await held(house, key)
    patient = [asyncio.create_task(review.settled(hold, 60)) for _ in range(256)]
    await asyncio.sleep(0)
    assert await asyncio.wait_for(review.settled(hold, 60), 60) is hold
    for task in patient:
        task.cancel()
    await asyncio.gather(*patient, return_exceptions=True)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(review.settled(hold, 60), 0.1)


async def test_who_listens_is_told_of_a_decision(house: Furnished, key: str) -> None:
    hold = await claimed(house, await held(house, key))
    desk, make = later(house, timedelta(0)).desk, house.pipeline.publications.make
    await desk.act(REVIEWER, hold.id, verdict(hold, Act.REJECT), make)
    assert [message.kind for message in await messages(house)] == ["webhook:balie"]


async def messages(house: Furnished) -> Sequence[Message]:
    soon = house.house.clock.now() + timedelta(days=60)
    return await house.house.ledger.commit(lambda unit: unit.due_messages(soon), lambda _: ())


def later(house: Furnished, by: timedelta) -> Review:
    open_house = house.house
    contents = Contents(open_house.contents, open_house.keys.cipher)
    commitments = Commitments(open_house.keys.commitment.of(open_house.organisation), open_house.outputs)
    clock, listens = Later(open_house.clock, by), LISTENING.__contains__
    return Review(open_house.ledger, open_house.holds, contents, commitments, clock, listens=listens, most_open=9)
