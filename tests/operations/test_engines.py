# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of one installation, on either engine: it answers, is ordered about, is killed, and is moved to another home."""

import asyncio
import json
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
import pytest_asyncio

from tests.fake_upstream import Exchange, FakeUpstream, answer, chunk, head, sse
from tests.installation import Installation
from tests.operations.calling import ANSWER, ASK, CHAT, COMPLETION, ask
from tests.postgres import new_database

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Engine:
    """Makes empty databases: none for SQLite, which keeps its own in the home."""

    def __init__(self, name: str, stack: ExitStack) -> None:
        self._name = name
        self._stack = stack

    def setting(self) -> dict[str, Any]:
        return {} if self._name == "sqlite" else {"database": self._stack.enter_context(new_database())}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ExitStack() as stack:
        yield Engine(request.param, stack)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def model() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def waarmerk(
    engine: Engine, model: FakeUpstream, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    async with Installation(tmp_path_factory.mktemp("engine") / "home", model.port, **engine.setting()) as running:
        yield running


@pytest.fixture
def upstream(model: FakeUpstream) -> FakeUpstream:
    model.on(CHAT, answer(COMPLETION))
    return model


async def test_the_unmodified_sdk_gets_an_answer_and_a_stream(waarmerk: Installation, upstream: FakeUpstream) -> None:
    async with openai.AsyncOpenAI(base_url=f"{waarmerk.address}/v1", api_key=waarmerk.key()) as client:
        whole = await client.chat.completions.create(**ASK)  # type: ignore[call-overload]  # a plain tree
        upstream.on(CHAT, sse([part(content="Dag "), part(content="burger"), part("stop")]))
        stream = await client.chat.completions.create(**ASK, stream=True)  # type: ignore[call-overload]  # a plain tree
        parts = [piece async for piece in stream]
    assert whole.choices[0].message.content == ANSWER
    assert "".join(piece.choices[0].delta.content or "" for piece in parts) == "Dag burger"
    ids = [whole.ai_provenance["id"], parts[-1].ai_provenance["id"]]
    assert [record["exchange"] for record in waarmerk.records("exchange:delivered")][-2:] == ids


async def test_a_stop_is_in_force_until_it_is_lifted(waarmerk: Installation, upstream: FakeUpstream) -> None:
    await waarmerk.command("stop", "provider", "self-hosted", "--reason", "onderzoek")
    refused = await ask(waarmerk, waarmerk.key())
    assert (refused.status_code, refused.json()["code"]) == (403, "stopped")
    assert "onderzoek" in refused.json()["detail"]
    await waarmerk.command("start", "provider", "self-hosted", "--reason", "klaar")
    async with asyncio.timeout(60):
        while (await ask(waarmerk, waarmerk.key())).status_code != 200:  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.05)


async def test_a_withdrawn_key_is_out_at_once(waarmerk: Installation, upstream: FakeUpstream) -> None:
    created = await waarmerk.command("key", "create", "balie")
    key, name = created.splitlines()[0], created.split("the key ")[1].split(" ")[0]
    async with asyncio.timeout(60):
        while (await ask(waarmerk, key)).status_code != 200:  # noqa: ASYNC110 another process answers
            await asyncio.sleep(0.05)
    await waarmerk.command("key", "revoke", name)
    assert (await ask(waarmerk, key)).status_code == 401


async def test_a_call_that_a_kill_cut_off_is_closed_by_the_next_process(
    waarmerk: Installation, upstream: FakeUpstream
) -> None:
    async def script(exchange: Exchange) -> None:
        lines = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
        await exchange.send(head(200, lines), chunk(b"data: %s\n\n" % json.dumps(part(content="begin")).encode()))
        await exchange.hang()

    upstream.on(CHAT, script)
    request = {"json": {**ASK, "stream": True}, "headers": {"authorization": f"Bearer {waarmerk.key()}"}}
    async with (
        httpx.AsyncClient(timeout=60) as client,
        client.stream("POST", waarmerk.address + CHAT, **request) as response,  # type: ignore[arg-type]
    ):
        lines = response.aiter_lines()
        while "begin" not in await anext(lines):
            pass
        await waarmerk.stop(signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            await everything(lines)
    lost = waarmerk.records("exchange:opened")[-1]["exchange"]
    await waarmerk.start()
    assert await cause_of(waarmerk, lost) == "worker-lost"
    await in_order(waarmerk)


async def test_a_backup_made_under_load_opens_in_a_new_home_and_serves(
    waarmerk: Installation, upstream: FakeUpstream, engine: Engine, tmp_path: Path
) -> None:
    running = asyncio.gather(*(asked_until_cancelled(waarmerk) for _ in range(4)))
    said = await waarmerk.command("backup", str(tmp_path / "backup"))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    restored = await empty_home(tmp_path / "home", waarmerk, upstream, engine)
    assert "IN ORDER" in await restored.command("restore", str(tmp_path / "backup"), "--verify")
    there = restored.records()
    assert f"{len(there)} of them entries" in said
    assert there == waarmerk.records()[: len(there)]
    await restored.start()
    try:
        response = await ask(restored, waarmerk.key())
        assert response.status_code == 200
        assert restored.records("exchange:delivered")[-1]["exchange"] == response.headers["x-request-id"]
        await in_order(restored)
    finally:
        await restored.stop()


async def test_an_older_database_than_was_signed_for_is_not_served(
    waarmerk: Installation, upstream: FakeUpstream, engine: Engine, tmp_path: Path
) -> None:
    await waarmerk.command("backup", str(tmp_path / "older"))
    assert (await ask(waarmerk, waarmerk.key())).status_code == 200
    await waarmerk.command("backup", str(tmp_path / "newer"))
    restored = await empty_home(tmp_path / "home", waarmerk, upstream, engine)
    shutil.copytree(waarmerk.home / "anchor", restored.home / "anchor")
    assert "NOT IN ORDER" in await restored.command("restore", str(tmp_path / "older"), status=1)
    entries = len(restored.records())
    for command in (["serve"], ["backup", str(tmp_path / "another")]):
        said = await restored.command(*command, status=78)
        assert "entries were signed and" in said
        assert f"{entries} are left" in said
        assert "Traceback" not in said
    assert len(restored.records()) == entries


async def empty_home(home: Path, like: Installation, upstream: FakeUpstream, engine: Engine) -> Installation:
    """A home with the same keys and an empty database."""
    shutil.copytree(like.home / "keys", home / "keys")
    made = Installation(home, upstream.port, **engine.setting())
    await made.command("migrate")
    return made


async def asked_until_cancelled(waarmerk: Installation) -> None:
    while True:
        assert (await ask(waarmerk, waarmerk.key())).status_code == 200


async def everything(lines: AsyncIterator[str]) -> list[str]:
    return [line async for line in lines]


async def cause_of(waarmerk: Installation, exchange: str) -> str:
    """Why it was aborted, once the log says so."""
    async with asyncio.timeout(60):
        while not (found := [each for each in waarmerk.records("exchange:aborted") if each["exchange"] == exchange]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return str(found[0]["cause"])


async def in_order(waarmerk: Installation) -> None:
    said = await waarmerk.command("evidence", "verify")
    assert "IN ORDER" in said
    assert "NOT IN ORDER" not in said


def part(finish: str | None = None, **delta: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
