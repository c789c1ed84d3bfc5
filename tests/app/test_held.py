# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way of a held call: asked once and whole, told to wait, never a word before a human has approved it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.domain.access import StopKind
from app.domain.errors import (
    Held,
    InvalidRequest,
    ReviewFailed,
    ReviewRejected,
    Stopped,
    UnknownName,
    UpstreamInvalid,
    UpstreamRejected,
    WaarmerkError,
)
from app.domain.review import OPEN, Act, Hold, HoldState
from app.web.problems import problem
from tests.fake_upstream import Exchange, FakeUpstream, answer, head
from tests.furnished import Furnished, furnished, read
from tests.reviewers import (
    CHAT,
    approved,
    asking,
    claimed,
    completion,
    do,
    found,
    held,
    opened,
    policies,
    retrieved,
)

CANARY = "kanarie-4711"
TEXT = f"Een zin met een {CANARY}. En nog een zin."


class Slow:
    """A model that answers when the test says so."""

    def __init__(self, tree: Any, status: int = 200) -> None:  # noqa: ANN401 any JSON
        self.now = asyncio.Event()
        self._body = orjson.dumps(tree)
        self._status = status

    async def __call__(self, exchange: Exchange) -> None:
        await self.now.wait()
        lines = [("Content-Type", "application/json"), ("Content-Length", str(len(self._body)))]
        await exchange.send(head(self._status, lines) + self._body)


@pytest.fixture
async def upstream() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as model:
        model.on(CHAT, answer(completion(TEXT)))
        yield model


@pytest.fixture
async def house(tmp_path: Path, upstream: FakeUpstream) -> AsyncIterator[Furnished]:
    async with furnished(tmp_path / "home", upstream.port) as open_house:
        yield open_house


@asynccontextmanager
async def other(tmp_path: Path, upstream: FakeUpstream, **review: object) -> AsyncIterator[Furnished]:
    folder = policies(tmp_path / "policies", **review)
    async with furnished(tmp_path / "home", upstream.port, policies=folder) as open_house:
        yield open_house


def kinds(house: Furnished) -> list[str]:
    told = [str(record["type"]) for record in house.records()]
    return [kind for kind in told if kind.startswith(("exchange:", "hold:"))]


async def waiting_holds(house: Furnished) -> Sequence[Hold]:
    return await asyncio.to_thread(house.house.holds.holds)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 what is waited for happens in another task
            await asyncio.sleep(0.02)


async def test_a_model_is_asked_whole_whatever_its_client_asked_for(house: Furnished, upstream: FakeUpstream) -> None:
    key = await house.key()
    await held(house, key, asking(stream=True, stream_options={"include_usage": True}))
    (request,) = upstream.requests
    assert {"stream", "stream_options"}.isdisjoint(orjson.loads(request.body))
    assert kinds(house) == ["exchange:opened", "exchange:held", "hold:opened"]


async def test_from_question_to_approved_answer(house: Furnished, upstream: FakeUpstream) -> None:
    key = await house.key()
    hold = await approved(house, await held(house, key))
    tree = await retrieved(house, key, hold)
    assert (tree["id"], tree["object"]) == (hold.completion, "chat.completion")
    assert house.pipeline.marking.unmark(tree["choices"][0]["message"]["content"]) == TEXT
    assert (tree["ai_provenance"]["review"], tree["review"]["status"], tree["review"]["edited"]) == (
        "approved", "approved", False,
    )  # fmt: skip
    assert kinds(house)[-1] == "hold:fetched"


async def test_what_nobody_reviewed_does_not_leave_with_what_was_approved(
    house: Furnished, upstream: FakeUpstream
) -> None:
    """Reasoning, refusals, log probabilities and next month's fields hold words too."""
    tree = completion(TEXT, reasoning_content="geheim-1", refusal="geheim-2", annotations=[{"text": "geheim-3"}])
    tree["choices"][0]["logprobs"] = {"content": [{"token": "geheim-4"}]}
    upstream.on(CHAT, answer({**tree, "next_year": "geheim-5"}))
    key = await house.key()
    delivered = await retrieved(house, key, await approved(house, await held(house, key)))
    assert "geheim" not in orjson.dumps(delivered).decode()


async def test_the_same_call_waits_once(house: Furnished, upstream: FakeUpstream) -> None:
    key = await house.key()
    first = await held(house, key)
    assert (await held(house, key)).id == first.id
    assert (await held(house, key, headers={"idempotency-key": "x"})).id != first.id
    other_body = asking(temperature=0.5)
    named = await held(house, key, other_body, {"idempotency-key": "y"})
    assert (await held(house, key, asking(temperature=1), {"idempotency-key": "y"})).id == named.id
    assert len(upstream.requests) == 3
    repeated = [record for record in house.records() if record["type"] == "exchange:refused"]
    assert [(record["name"], record["hold"]) for record in repeated] == [("held", first.id), ("held", named.id)]


async def test_a_retry_of_what_was_decided_gets_what_was_decided(house: Furnished, upstream: FakeUpstream) -> None:
    key = await house.key()
    hold = await approved(house, await held(house, key))
    call = house.call(key, asking())
    retry = replace(call, headers={**call.headers, "x-stainless-retry-count": "1"})
    tree = orjson.loads(await read(await house.pipeline.handle(retry)))
    assert tree["id"] == hold.completion
    assert len(upstream.requests) == 1
    assert (await held(house, key)).id != hold.id  # asked anew it is a new question


async def test_two_equal_calls_at_once_wait_as_one(house: Furnished, upstream: FakeUpstream) -> None:
    slow = Slow(completion(TEXT))
    upstream.on(CHAT, slow)
    key = await house.key()
    calls = [asyncio.get_running_loop().create_task(held(house, key)) for _ in range(2)]
    await until(lambda: len(upstream.requests) == 2)
    slow.now.set()
    one, two = await asyncio.gather(*calls)
    assert one.id == two.id
    assert sorted(kinds(house)) == [
        "exchange:aborted", "exchange:held", "exchange:opened", "exchange:opened", "hold:opened",
    ]  # fmt: skip
    assert [record["cause"] for record in house.records() if record["type"] == "exchange:aborted"] == ["held"]
    assert house.pipeline.evidence.running == {}


async def test_an_upstream_error_keeps_its_accent(house: Furnished, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, answer({"error": {"code": "context_length_exceeded", "message": "geheim"}}, status=400))
    with pytest.raises(UpstreamRejected) as caught:
        await house.pipeline.handle(house.call(await house.key(), asking()))
    assert caught.value.code == "context_length_exceeded"
    assert kinds(house) == ["exchange:opened", "exchange:failed"]


async def test_an_answer_that_is_none_is_refused(house: Furnished, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, answer({"choices": []}))
    with pytest.raises(UpstreamInvalid):
        await house.pipeline.handle(house.call(await house.key(), asking()))


@pytest.mark.parametrize("words", [{}, {"content": ""}, {"reasoning_content": "geheim"}])
async def test_what_has_no_text_for_a_human_is_not_held(
    house: Furnished, upstream: FakeUpstream, words: dict[str, str]
) -> None:
    tree = completion(None)
    tree["choices"][0]["message"] |= words
    upstream.on(CHAT, answer(tree))
    with pytest.raises(UpstreamInvalid):
        await house.pipeline.handle(house.call(await house.key(), asking()))
    assert kinds(house) == ["exchange:opened", "exchange:failed"]


async def test_calls_of_tools_that_come_late_end_the_hold(tmp_path: Path, upstream: FakeUpstream) -> None:
    """Its client was told that a human looks, and there is nothing that a human could approve."""
    made = {"id": "t1", "type": "function", "function": {"name": "zoek-kennisbank", "arguments": "{}"}}
    slow = Slow(completion(None, tool_calls=[made]))
    upstream.on(CHAT, slow)
    tool = {"type": "function", "function": {"name": "zoek-kennisbank", "parameters": {"type": "object"}}}
    async with other(tmp_path, upstream, hold_after=1) as house:
        hold = await held(house, await house.key(), asking(tools=[tool]))
        slow.now.set()
        await until(lambda: kinds(house)[-1] == "hold:failed")
        assert (await found(house, hold.id)).state is HoldState.UPSTREAM_FAILED


async def test_a_refusal_of_the_model_is_a_text_for_a_human(house: Furnished, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, answer(completion(None, refusal="Dat doe ik niet.")))
    item = await opened(house, await held(house, await house.key()))
    assert item.texts == {0: "Dat doe ik niet."}


async def test_a_slow_answer_is_waited_for_by_the_house(tmp_path: Path, upstream: FakeUpstream) -> None:
    slow = Slow(completion(TEXT))
    upstream.on(CHAT, slow)
    async with other(tmp_path, upstream, hold_after=1) as house:
        key = await house.key()
        hold = await held(house, key)
        assert (hold.state, hold.edition) == (HoldState.COLLECTING, 0)
        assert (await held(house, key)).id == hold.id
        slow.now.set()
        await until(lambda: house.pipeline.evidence.running == {})
        done = await approved(house, await found(house, hold.id))
        assert (await retrieved(house, key, done))["id"] == hold.completion
        assert kinds(house)[:4] == ["exchange:opened", "hold:opened", "exchange:refused", "exchange:held"]


async def test_a_slow_answer_that_fails_ends_its_hold(tmp_path: Path, upstream: FakeUpstream) -> None:
    slow = Slow({"error": {"message": "geheim"}}, status=500)
    upstream.on(CHAT, slow)
    async with other(tmp_path, upstream, hold_after=1) as house:
        key = await house.key()
        hold = await held(house, key)
        slow.now.set()
        await until(lambda: kinds(house)[-1] == "hold:failed")
        assert (await found(house, hold.id)).state is HoldState.UPSTREAM_FAILED
        with pytest.raises(ReviewFailed):
            await retrieved(house, key, hold)
        assert house.records()[-1]["cause"] == "upstream-rejected"


async def test_what_is_still_collected_at_the_end_is_closed(tmp_path: Path, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, Slow(completion(TEXT)))
    async with other(tmp_path, upstream, hold_after=1) as house:
        hold = await held(house, await house.key())
        house.pipeline.drain()
        await house.pipeline.end()
        assert (await found(house, hold.id)).state is HoldState.UPSTREAM_FAILED
        assert kinds(house) == ["exchange:opened", "hold:opened", "exchange:aborted", "hold:failed"]


async def test_a_stop_ends_what_is_collected_and_what_is_retrieved(tmp_path: Path, upstream: FakeUpstream) -> None:
    async with other(tmp_path, upstream, hold_after=1) as house:
        key = await house.key()
        done = await held(house, key)
        await until(lambda: house.pipeline.evidence.running == {})  # also where its answer took long
        done = await approved(house, await found(house, done.id))
        upstream.on(CHAT, Slow(completion(TEXT)))
        waiting = await held(house, key)
        await house.house.registrar().stop(StopKind.APPLICATION, "balie", "incident")
        house.pipeline.enforce(await house.house.identity.refresh())
        await until(lambda: kinds(house)[-1] == "hold:failed")
        assert (await found(house, waiting.id)).state is HoldState.UPSTREAM_FAILED
        with pytest.raises(Stopped):
            await retrieved(house, key, done)


async def test_a_client_that_leaves_finds_its_answer_later(house: Furnished, upstream: FakeUpstream) -> None:
    slow = Slow(completion(TEXT))
    upstream.on(CHAT, slow)
    key = await house.key()
    client = asyncio.get_running_loop().create_task(house.pipeline.handle(house.call(key, asking())))
    await until(lambda: len(upstream.requests) == 1)
    client.cancel()
    await until(lambda: "hold:opened" in kinds(house))
    slow.now.set()
    await until(lambda: "exchange:held" in kinds(house))
    assert len(upstream.requests) == 1
    assert (await held(house, key)).state is HoldState.PENDING


@pytest.mark.parametrize("stream", [False, True])
async def test_in_band_is_an_answer_without_content(tmp_path: Path, upstream: FakeUpstream, *, stream: bool) -> None:
    async with other(tmp_path, upstream, held_as="in_band") as house:
        key, body = await house.key(), b""
        for _ in range(2):
            delivery = await house.pipeline.handle(house.call(key, asking(stream=stream)))
            body = await read(delivery)
            assert delivery.stream is stream
            assert b"content_filter" in body
            assert CANARY.encode() not in body
        (hold,) = await waiting_holds(house)
        assert hold.id.encode() in body


@pytest.mark.parametrize("stream", [False, True])
async def test_who_waits_gets_what_is_approved_meanwhile(
    tmp_path: Path, upstream: FakeUpstream, *, stream: bool
) -> None:
    async with other(tmp_path, upstream, held_as="wait", hold_after=60) as house:
        key = await house.key()
        call = house.call(key, asking(stream=stream))
        waiting = asyncio.get_running_loop().create_task(house.pipeline.handle(call))
        await until(lambda: "hold:opened" in kinds(house))
        await approved(house, (await waiting_holds(house))[0])
        delivery = await waiting
        body = await read(delivery)
        assert delivery.stream is stream
        assert CANARY.encode() in body
        assert body.endswith(b"[DONE]\n\n") is stream


async def test_who_waits_in_vain_is_told_to_come_back(tmp_path: Path, upstream: FakeUpstream) -> None:
    async with other(tmp_path, upstream, held_as="wait", hold_after=1) as house:
        assert (await held(house, await house.key())).state in OPEN


async def test_another_applications_answer_does_not_exist(house: Furnished, upstream: FakeUpstream) -> None:
    hold = await approved(house, await held(house, await house.key()))
    stranger = await house.key("proeftuin")
    with pytest.raises(UnknownName):
        await retrieved(house, stranger, hold)
    with pytest.raises(UnknownName):
        await house.pipeline.review_status(house.call(stranger, b""), hold.id)
    assert house.records()[-1]["name"] == "unknown-name"


async def test_where_a_review_stands(house: Furnished, upstream: FakeUpstream) -> None:
    key = await house.key()
    hold = await held(house, key)
    told = await house.pipeline.review_status(house.call(key, b""), hold.id)
    assert (told.status, told.completion) == ("pending", hold.completion)
    with pytest.raises(Held):
        await retrieved(house, key, hold)
    await do(house, await claimed(house, hold), Act.REJECT, reason="law")
    told = await house.pipeline.review_status(house.call(key, b""), hold.id)
    assert (told.status, told.reason) == ("rejected", "law")
    with pytest.raises(ReviewRejected):
        await retrieved(house, key, hold)


async def test_a_text_that_is_handed_in_waits_as_an_answer_does(house: Furnished, upstream: FakeUpstream) -> None:
    key = await house.key()
    body = orjson.dumps({"text": "Een persbericht. Het gaat goed.", "task": "balie-antwoord", "language": "en"})
    told = await house.pipeline.publish(house.call(key, body, "/api/v1/publications"))
    assert (await house.pipeline.publish(house.call(key, body, "/api/v1/publications"))).id == told.id
    assert upstream.requests == []
    hold = await found(house, told.id)
    assert (hold.state, hold.language) == (HoldState.PENDING, "en")
    first = next(record for record in house.records() if record["type"] == "exchange:opened")
    assert (first["operation"], first["provider"], first["model"]) == ("publications.create", None, None)
    tree = await retrieved(house, key, await approved(house, hold))
    assert "Een persbericht" in tree["choices"][0]["message"]["content"]
    assert tree["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"text": "", "task": "balie-antwoord"}',
        b'{"text": "x"}',
        b'{"text": "x", "task": "balie-antwoord", "language": "de taal"}',
        b'{"text": "x", "task": "balie-antwoord", "more": 1}',
        b'{"text": "x", "task": "balie-zoekvraag"}',
    ],
)
async def test_what_cannot_be_handed_in_is_refused(house: Furnished, body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        await house.pipeline.publish(house.call(await house.key(), body))
    assert kinds(house) == ["exchange:refused"]


async def test_before_its_approval_no_byte_of_it_leaves(
    house: Furnished, upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in an answer, an error, a record, a message or a log; and on disk only sealed."""
    caplog.set_level(logging.DEBUG)
    key = await house.key()
    errors: list[WaarmerkError] = []
    for path, method in ((CHAT, "POST"), (CHAT, "POST")):
        with pytest.raises(Held) as caught:
            await house.pipeline.handle(house.call(key, asking(), path, method))
        errors.append(caught.value)
    hold = await found(house, errors[0].review.id)  # type: ignore[attr-defined]
    with pytest.raises(Held) as caught:
        await retrieved(house, key, hold)
    told = [orjson.dumps(problem(error, "http://x").body) for error in (*errors, caught.value)]
    told.append(orjson.dumps((await house.pipeline.review_status(house.call(key, b""), hold.id)).document()))
    told.append(orjson.dumps(house.records()))
    told.append(caplog.text.encode())
    told += [path.read_bytes() for path in house.house.settings.home.rglob("*") if path.is_file()]
    assert [place for place, said in enumerate(told) if CANARY.encode() in said] == []
    await approved(house, hold)
    assert CANARY in (await retrieved(house, key, hold))["choices"][0]["message"]["content"]
