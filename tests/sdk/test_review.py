# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The unmodified `openai` SDK and an answer that a human must see first, over a real socket."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
import pytest_asyncio

from app.domain.review import Act, Hold, HoldState
from tests.app.test_held import Slow
from tests.fake_upstream import FakeUpstream, answer
from tests.furnished import Furnished, furnished
from tests.installation import Installation
from tests.reviewers import CHAT, approved, claimed, completion, do, found, policies

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "U vraagt het aan bij de balie. Neem een kanarie-4712 mee."


def ask(question: str) -> dict[str, Any]:
    """Each test asks something else: the same question would be the same review."""
    return {"model": "balie-antwoord", "messages": [{"role": "user", "content": question}]}


@pytest_asyncio.fixture(loop_scope="session")
async def desk(installation: Installation) -> AsyncIterator[Furnished]:
    """The same installation as a second worker sees it: where the reviewer sits."""
    async with furnished(installation.home, 1) as house:
        yield house


async def told_to_wait(client: openai.AsyncOpenAI, **more: Any) -> openai.APIStatusError:  # noqa: ANN401 any field
    with pytest.raises(openai.APIStatusError) as caught:
        await client.chat.completions.create(**more)
    return caught.value


def review_of(error: openai.APIStatusError) -> dict[str, Any]:
    body: Any = error.body
    review: dict[str, Any] = body["review"]
    return review


@pytest.mark.parametrize("stream", [False, True])
async def test_held_is_a_typed_error_that_is_not_sent_again(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation, *, stream: bool
) -> None:
    upstream.on(CHAT, answer(completion(TEXT)))
    error = await told_to_wait(client, **ask(f"Wacht dit? {stream}"), stream=stream)
    assert (error.status_code, error.code, error.type) == (423, "held_for_review", "human_review_pending")
    review = review_of(error)
    assert (review["status"], review["completion_id"]) == ("pending", f"chatcmpl-{review['id']}")
    assert review["status_url"] == f"/api/v1/reviews/{review['id']}"
    headers = error.response.headers
    assert (headers["x-should-retry"], headers["retry-after"], headers["x-review-id"]) == ("false", "30", review["id"])
    assert headers["link"] == f'<{review["status_url"]}>; rel="status"'
    assert len(upstream.requests) == 1
    assert "kanarie" not in error.response.text + waarmerk.log.read_text()
    assert [record["type"] for record in waarmerk.records()] == ["exchange:opened", "exchange:held", "hold:opened"]


async def test_what_is_approved_is_retrieved_by_the_sdk(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, desk: Furnished
) -> None:
    upstream.on(CHAT, answer(completion(TEXT)))
    review = review_of(await told_to_wait(client, **ask("Hoe vraag ik een kanarie aan?")))
    with pytest.raises(openai.APIStatusError) as waiting:
        await client.chat.completions.retrieve(review["completion_id"])
    assert (waiting.value.status_code, waiting.value.code) == (423, "held_for_review")
    await approved(desk, await found(desk, review["id"]))
    done = await client.chat.completions.retrieve(review["completion_id"])
    assert done.id == review["completion_id"]
    assert "kanarie-4712" in (done.choices[0].message.content or "")
    assert done.choices[0].finish_reason == "stop"
    extra: Any = done.model_extra
    assert (extra["ai_provenance"]["review"], extra["review"]["status"]) == ("approved", "approved")


@pytest.mark.parametrize(
    ("act", "status", "code"), [(Act.REJECT, 403, "review_rejected"), (Act.WITHDRAW, 410, "review_withdrawn")]
)
async def test_what_was_decided_otherwise_is_a_typed_error_too(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, desk: Furnished, act: Act, status: int, code: str
) -> None:
    upstream.on(CHAT, answer(completion(TEXT)))
    review = review_of(await told_to_wait(client, **ask(f"Mag dit? {act}")))
    await do(desk, await claimed(desk, await found(desk, review["id"])), act)
    with pytest.raises(openai.APIStatusError) as caught:
        await client.chat.completions.retrieve(review["completion_id"])
    assert (caught.value.status_code, caught.value.code) == (status, code)
    assert caught.value.response.headers["x-should-retry"] == "false"


async def test_what_a_person_changed_is_what_is_retrieved(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, desk: Furnished
) -> None:
    upstream.on(CHAT, answer(completion(TEXT, "Of online.")))
    review = review_of(await told_to_wait(client, **ask("Kan het beter?"), n=2))
    mine = await claimed(desk, await found(desk, review["id"]))
    edited = await do(desk, mine, Act.EDIT, texts={0: "U regelt dit aan de balie."})
    await do(desk, edited, Act.APPROVE)
    done = await client.chat.completions.retrieve(review["completion_id"])
    texts = [desk.pipeline.marking.unmark(choice.message.content or "") for choice in done.choices]
    assert len(texts) == 2
    assert "U regelt dit aan de balie." in texts[0]
    assert "Of online." in texts[1]


async def test_an_answer_of_another_application_does_not_exist(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation
) -> None:
    upstream.on(CHAT, answer(completion(TEXT)))
    review = review_of(await told_to_wait(client, **ask("Is dit van mij?")))
    async with openai.AsyncOpenAI(base_url=f"{waarmerk.address}/v1", api_key=waarmerk.key("proeftuin")) as stranger:
        for name in (review["completion_id"], "chatcmpl-rev_0", "something-else"):
            with pytest.raises(openai.NotFoundError):
                await stranger.chat.completions.retrieve(name)


async def test_an_upstream_error_is_the_upstreams_not_the_reviewers(
    client: openai.AsyncOpenAI, upstream: FakeUpstream
) -> None:
    upstream.on(CHAT, answer({"error": {"code": "context_length_exceeded", "message": "geheim"}}, status=400))
    with pytest.raises(openai.BadRequestError) as caught:
        await client.chat.completions.create(**ask("Past dit?"))
    assert caught.value.code == "context_length_exceeded"


@asynccontextmanager
async def slow_house(tmp_path: Path, upstream: FakeUpstream) -> AsyncIterator[Installation]:
    folder = policies(tmp_path / "policies", hold_after=1)
    async with Installation(tmp_path / "home", upstream.port, policies=str(folder)) as running:
        yield running


async def test_a_worker_that_is_killed_while_it_collects_leaves_no_hold_open(tmp_path: Path) -> None:
    async with FakeUpstream() as upstream, slow_house(tmp_path, upstream) as waarmerk:
        slow = Slow(completion(TEXT))
        upstream.on(CHAT, slow)
        async with openai.AsyncOpenAI(base_url=f"{waarmerk.address}/v1", api_key=waarmerk.key()) as client:
            review = review_of(await told_to_wait(client, **ask("Duurt dit lang?")))
            assert review["status"] == "collecting"
            await waarmerk.stop(signal.SIGKILL)
            await waarmerk.start()
            (failed,) = await waarmerk.until("hold:failed")
            assert (failed["hold"], failed["cause"]) == (review["id"], "exchange-ended")
            with pytest.raises(openai.APIStatusError) as caught:
                await client.chat.completions.retrieve(review["completion_id"])
            assert (caught.value.status_code, caught.value.code) == (502, "review_upstream_failed")
            assert [record["cause"] for record in waarmerk.records("exchange:aborted")] == ["worker-lost"]
        await waarmerk.stop()
        assert "kanarie" not in waarmerk.log.read_text()
        await waarmerk.command("evidence", "verify")


async def test_an_orderly_stop_closes_what_is_still_collected(tmp_path: Path) -> None:
    async with FakeUpstream() as upstream, slow_house(tmp_path, upstream) as waarmerk:
        upstream.on(CHAT, Slow(completion(TEXT)))
        async with openai.AsyncOpenAI(base_url=f"{waarmerk.address}/v1", api_key=waarmerk.key()) as client:
            await told_to_wait(client, **ask("En nu?"))
        assert await waarmerk.stop() == 0
        told = [record["type"] for record in waarmerk.records()]
        assert told[-4:] == ["exchange:opened", "hold:opened", "exchange:aborted", "hold:failed"]


async def test_a_client_that_hangs_up_finds_its_answer_when_it_asks_again(
    client: openai.AsyncOpenAI, upstream: FakeUpstream, waarmerk: Installation, desk: Furnished
) -> None:
    slow = Slow(completion(TEXT))
    upstream.on(CHAT, slow)
    question = ask("Wie wacht er?")
    asking = asyncio.get_running_loop().create_task(client.chat.completions.create(**question))
    await waarmerk.until("exchange:opened")
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    (opened,) = await waarmerk.until("hold:opened")
    slow.now.set()
    await waarmerk.until("exchange:held")
    review = review_of(await told_to_wait(client, **question))
    assert (review["id"], review["status"]) == (opened["hold"], "pending")
    assert len(upstream.requests) == 1
    hold: Hold = await found(desk, review["id"])
    assert hold.state is HoldState.PENDING
