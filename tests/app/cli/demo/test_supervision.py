# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each step notices when an order is not obeyed: the applications reach a model directly, which heeds nobody."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.cli.demo import supervision
from app.cli.demo.expectation import Unexpected
from app.cli.demo.home import DemoHome
from app.cli.demo.scene import Scene
from tests.fake_upstream import Exchange, FakeUpstream, chunk, head

CHAT = "/v1/chat/completions"


@pytest.fixture
def talking(home: DemoHome) -> Iterator[Scene]:
    """A scene whose model goes on talking until the stop is in force, and then to its end: the real one takes a minute for it."""
    running, over, port = threading.Event(), threading.Event(), [0]

    async def serve() -> None:
        async with FakeUpstream() as model:
            model.on(CHAT, until_stopped(home.folder / "waarmerk.db"))
            port[0] = model.port
            running.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert running.wait(60)
        around = home.settings.model_copy(update={"public_address": f"http://127.0.0.1:{port[0]}"})
        with Scene(replace(home, settings=around)) as scene:
            yield scene
    finally:
        over.set()
        thread.join()


def until_stopped(database: Path) -> Any:  # noqa: ANN401 a script
    async def script(exchange: Exchange) -> None:
        lines = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
        await exchange.send(head(200, lines))
        while not stops(database):  # another process writes the order down
            await exchange.send(part("woord "))
            await asyncio.sleep(0.05)
        for _ in range(20):
            await exchange.send(part("woord "))
        await exchange.send(chunk(b"data: [DONE]\n\n"), b"0\r\n\r\n")

    return script


def part(content: str) -> bytes:
    return chunk(
        b'data: {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": '
        b'[{"index": 0, "delta": {"content": "%b"}, "finish_reason": null}]}\n\n' % content.encode()
    )


def stops(database: Path) -> int:
    with closing(sqlite3.connect(database)) as file:
        count: int = file.execute("SELECT count(*) FROM stop").fetchone()[0]
        return count


def test_a_withdrawn_key_that_still_works_is_noticed(bare: Scene) -> None:
    with pytest.raises(Unexpected, match="should have been refused"):
        supervision.revoked(bare)


def test_a_stream_that_is_not_stopped_is_noticed_and_the_stop_is_lifted(
    talking: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Unexpected, match="went on to its end"):
        supervision.stopped(talking)
    assert "In use again: application balie" in capsys.readouterr().out
    assert stops(talking.home.folder / "waarmerk.db") == 0
