# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one door: every early return is an error with a name, a record, and no socket; a delivery has both its records."""

import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.domain.access import StopKind
from app.domain.decision import Decision
from app.domain.errors import (
    Busy,
    Denied,
    EvidenceUnavailable,
    InvalidRequest,
    NotAuthenticated,
    NotPermitted,
    ObligationUnsupported,
    Stopped,
    UnknownRoute,
    UpstreamInvalid,
    UpstreamRejected,
    UpstreamUnreachable,
    WaarmerkError,
)
from app.domain.generation import Generation
from app.domain.subject import Scope, Subject
from app.policy.room import PolicyRoom
from tests.fake_upstream import FakeUpstream, answer, sse, whole
from tests.furnished import Furnished, furnished, read

CHAT = "/v1/chat/completions"
WHOLE = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "ja"}, "finish_reason": "stop"}],
    "model": "m",
}


def ask(model: str = "balie-zoekvraag", **more: Any) -> bytes:  # noqa: ANN401 any field of the vendor
    return orjson.dumps({"model": model, "messages": [{"role": "user", "content": "Hallo"}], **more})


@pytest.fixture
async def upstream() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as model:
        model.on(CHAT, answer(WHOLE))
        yield model


@pytest.fixture
async def house(tmp_path: Path, upstream: FakeUpstream) -> AsyncIterator[Furnished]:
    async with furnished(tmp_path / "home", upstream.port) as open_house:
        yield open_house


def kinds(house: Furnished) -> list[str]:
    return [str(record["type"]) for record in house.records() if str(record["type"]).startswith("exchange:")]


async def test_a_call_is_recorded_before_it_leaves_and_before_it_is_delivered(
    house: Furnished, upstream: FakeUpstream
) -> None:
    delivery = await house.pipeline.handle(house.call(await house.key(), ask()))
    assert kinds(house) == ["exchange:opened"]
    assert len(upstream.requests) == 1
    delivered = orjson.loads(await read(delivery))
    assert kinds(house) == ["exchange:opened", "exchange:delivered"]
    assert delivered["choices"] == WHOLE["choices"]
    assert delivered["ai_provenance"]["id"] == delivery.headers["x-ai-provenance-id"]
    assert house.pipeline.evidence.running == {}


async def test_a_stream_holds_its_last_event_until_delivered_is_durable(
    house: Furnished, upstream: FakeUpstream
) -> None:
    parts = [
        {"choices": [{"index": 0, "delta": {"content": "ja"}}]},
        {"choices": [{"index": 0, "finish_reason": "stop"}]},
    ]
    upstream.on(CHAT, sse(parts))
    delivery = await house.pipeline.handle(house.call(await house.key(), ask(stream=True)))
    async with delivery:
        first = await anext(delivery.chunks)
        assert kinds(house) == ["exchange:opened"]
        last = await anext(delivery.chunks)
        assert kinds(house) == ["exchange:opened", "exchange:delivered"]
    assert b'"ja"' in first
    assert last.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    ("body", "error", "name"),
    [
        (b"{", InvalidRequest, "invalid-request"),
        (b"[]", InvalidRequest, "invalid-request"),
        (ask(n=0), InvalidRequest, "invalid-request"),
        (ask("no-such-task"), Denied, "denied"),
        (ask("balie-zoekvraag", modalities=["audio"]), Denied, "denied"),
        (ask("balie-redactie"), ObligationUnsupported, "obligation-unsupported"),
    ],
)
async def test_every_refusal_after_authentication_is_a_record_and_no_socket(
    house: Furnished, upstream: FakeUpstream, body: bytes, error: type[WaarmerkError], name: str
) -> None:
    with pytest.raises(error) as caught:
        await house.pipeline.handle(house.call(await house.key(), body))
    record = house.records()[-1]
    assert (record["type"], record["name"], record["exchange"]) == ("exchange:refused", name, caught.value.exchange)
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("path", "key", "error"),
    [("/v1/embeddings", None, UnknownRoute), (CHAT, "wmk_" + "x" * 43, NotAuthenticated), (CHAT, "", NotAuthenticated)],
)
async def test_strangers_and_unknown_routes_leave_no_record(
    house: Furnished, upstream: FakeUpstream, path: str, key: str | None, error: type[WaarmerkError]
) -> None:
    with pytest.raises(error):
        await house.pipeline.handle(house.call(await house.key() if key is None else key, ask(), path))
    assert kinds(house) == []
    assert upstream.requests == []


class Watched:
    """The policy room, and the threads on which it was asked."""

    def __init__(self, policy: PolicyRoom) -> None:
        self.threads: list[threading.Thread] = []
        self._policy = policy

    def decide(self, subject: Subject, generation: Generation) -> Decision:
        self.threads.append(threading.current_thread())
        return self._policy.decide(subject, generation)


@pytest.mark.parametrize(("letters", "beside"), [(1000, False), (100_000, True)])
async def test_a_long_prompt_is_judged_beside_the_loop(house: Furnished, letters: int, beside: bool) -> None:
    """A sandbox is searched for personal data: over ten megabytes that takes seconds, in which others are served."""
    house.pipeline.policy = watched = Watched(house.house.policy)  # type: ignore[assignment]
    body = ask("proeftuin-zoekvraag", messages=[{"role": "user", "content": "NL91ABNA0417164300".ljust(letters)}])
    with pytest.raises(Denied) as caught:
        await house.pipeline.handle(house.call(await house.key("proeftuin"), body))
    assert caught.value.rule == "sandbox-personal-data"
    assert (watched.threads[0] is not threading.main_thread()) is beside


async def test_a_key_without_the_scope_may_not_ask(house: Furnished) -> None:
    _, secret = await house.house.registrar().create_key("balie", [Scope.LIST_MODELS])
    await house.house.identity.refresh()
    with pytest.raises(NotPermitted):
        await house.pipeline.handle(house.call(secret, ask()))
    assert house.records()[-1]["name"] == "not-permitted"


async def test_a_refused_list_of_models_is_a_record_too(house: Furnished) -> None:
    _, secret = await house.house.registrar().create_key("balie", [Scope.CREATE_GENERATION])
    await house.house.identity.refresh()
    with pytest.raises(NotPermitted):
        await house.pipeline.models(house.call(secret, b"", "/v1/models", "GET"))
    record = house.records()[-1]
    assert (record["type"], record["operation"], record["name"]) == (
        "exchange:refused",
        "openai.models",
        "not-permitted",
    )


async def test_a_context_that_is_none_is_refused_and_recorded(house: Furnished, upstream: FakeUpstream) -> None:
    call = house.call(await house.key(), ask())
    with pytest.raises(InvalidRequest):
        await house.pipeline.handle(replace(call, headers={**call.headers, "waarmerk-context": "geheim"}))
    assert house.records()[-1]["name"] == "invalid-request"
    assert upstream.requests == []


@pytest.mark.parametrize("refreshed", [True, False])
@pytest.mark.parametrize(
    ("kind", "name"),
    [(StopKind.APPLICATION, "balie"), (StopKind.DEPLOYMENT, "demo-smollm2"), (StopKind.PROVIDER, "self-hosted")],
)
async def test_a_stop_holds_also_on_a_worker_that_has_not_heard_of_it(
    house: Furnished, upstream: FakeUpstream, kind: StopKind, name: str, *, refreshed: bool
) -> None:
    key = await house.key()
    await house.house.registrar().stop(kind, name, "incident")
    if refreshed:
        await house.house.identity.refresh()
    with pytest.raises(Stopped):
        await house.pipeline.handle(house.call(key, ask()))
    assert kinds(house) == ["exchange:refused"]
    assert upstream.requests == []


async def test_a_revocation_holds_also_on_a_worker_that_has_not_heard_of_it(
    house: Furnished, upstream: FakeUpstream
) -> None:
    registrar = house.house.registrar()
    key, secret = await registrar.create_key("balie", [Scope.CREATE_GENERATION])
    await house.house.identity.refresh()
    await registrar.revoke_key(key.id)
    with pytest.raises(NotAuthenticated):
        await house.pipeline.handle(house.call(secret, ask()))
    assert kinds(house) == ["exchange:refused"]
    assert upstream.requests == []


@pytest.mark.parametrize(("good_units", "asked"), [(0, 0), (1, 1)])
async def test_what_cannot_be_recorded_is_not_asked_and_not_delivered(
    tmp_path: Path, upstream: FakeUpstream, good_units: int, asked: int
) -> None:
    async with furnished(tmp_path / "home", upstream.port, good_units=good_units) as house:
        with pytest.raises(EvidenceUnavailable):
            await read(await house.pipeline.handle(house.call(await house.key(), ask())))
        assert len(upstream.requests) == asked
        assert "exchange:delivered" not in kinds(house)
        assert house.pipeline.evidence.running == {}


async def test_a_refusal_that_cannot_be_recorded_is_told_as_such(tmp_path: Path, upstream: FakeUpstream) -> None:
    async with furnished(tmp_path / "home", upstream.port, good_units=0) as house:
        with pytest.raises(EvidenceUnavailable):
            await house.pipeline.handle(house.call(await house.key(), ask("no-such-task")))


async def test_an_upstream_that_refuses_is_named_by_its_status(house: Furnished, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, answer({"error": {"message": "geheim"}}, status=429, headers=[("Retry-After", "7")]))
    with pytest.raises(UpstreamRejected) as caught:
        await house.pipeline.handle(house.call(await house.key(), ask()))
    assert (caught.value.status, caught.value.retry_after) == (429, "7")
    assert house.records()[-1]["cause"] == "upstream-rejected"


async def test_an_answer_of_another_kind_is_a_failure_and_a_record(house: Furnished, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, whole(b"<html>", content_type="text/html"))
    with pytest.raises(UpstreamInvalid):
        await house.pipeline.handle(house.call(await house.key(), ask()))
    assert kinds(house) == ["exchange:opened", "exchange:failed"]


async def test_an_upstream_that_is_not_there_is_a_failure_and_a_record(tmp_path: Path) -> None:
    async with FakeUpstream() as gone:
        port = gone.port
    async with furnished(tmp_path / "home", port) as house:
        with pytest.raises(UpstreamUnreachable):
            await house.pipeline.handle(house.call(await house.key(), ask()))
        assert kinds(house) == ["exchange:opened", "exchange:failed"]


async def test_a_delivery_nobody_reads_is_closed_as_aborted(house: Furnished, upstream: FakeUpstream) -> None:
    async with await house.pipeline.handle(house.call(await house.key(), ask())):
        pass
    assert house.records()[-1]["cause"] == "client-gone"
    assert house.pipeline.evidence.running == {}


async def test_a_house_that_drains_takes_no_more_calls(house: Furnished, upstream: FakeUpstream) -> None:
    key = await house.key()
    house.pipeline.drain()
    with pytest.raises(Busy):
        await house.pipeline.handle(house.call(key, ask()))
    assert upstream.requests == []


async def test_more_after_the_end_than_a_megabyte_is_refused(house: Furnished, upstream: FakeUpstream) -> None:
    parts: list[Any] = [{"choices": [{"index": 0, "finish_reason": "stop"}]}]
    upstream.on(CHAT, sse([*parts, *[{"choices": [], "x": "y" * 1000}] * 1100]))
    with pytest.raises(UpstreamInvalid):
        await read(await house.pipeline.handle(house.call(await house.key(), ask(stream=True))))


async def test_models_are_those_that_this_caller_may_use_now(house: Furnished) -> None:
    key = await house.key()
    listed: Any = await house.pipeline.models(house.call(key, b"", "/v1/models", "GET"))
    names = {model["id"] for model in listed["data"]}
    assert {"balie-zoekvraag", "balie-antwoord"} <= names
    assert not {"balie-chat", "balie-redactie"} & names  # nobody can do yet what these ask
    one: Any = await house.pipeline.models(house.call(key, b"", "/v1/models/balie-zoekvraag", "GET"))
    assert one["owned_by"] == "gemeente-voorbeeld"
    with pytest.raises(UnknownRoute):
        await house.pipeline.models(house.call(key, b"", "/v1/models/balie-chat", "GET"))
