# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The two programs in C: the model server answers as it was asked, and the load notices each answer that is not right."""

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.needs("cc")
SOURCES = Path(__file__).parents[2] / "bench"
WISH = "mock bytes=300 events=20 every=1;"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    for name in ("mock", "load"):
        command = ["cc", "-O1", "-Wall", "-Wextra", "-o", str(folder / name), str(SOURCES / f"{name}.c")]
        subprocess.run(command, check=True)
    return folder


@pytest.fixture
def port(built: Path) -> Iterator[int]:
    """Of a model server."""
    with subprocess.Popen([str(built / "mock"), "0"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


@pytest.fixture
def load(built: Path, port: int, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def load(*texts: str, stream: bool = False, connections: int = 4, rate: int = 0, events: int = 0) -> dict[str, Any]:
        body = json.dumps({"stream": stream, "messages": [{"role": "user", "content": WISH}]}).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        (tmp_path / "request").write_bytes(head + body)
        numbers = map(str, (connections, 20, rate, events))
        said = subprocess.run(
            [str(built / "load"), str(port), str(tmp_path / "request"), *numbers, *texts],
            check=True, capture_output=True,
        )  # fmt: skip
        return dict(json.loads(said.stdout))

    return load


def test_every_answer_is_counted_and_timed(load: Callable[..., dict[str, Any]], port: int) -> None:
    said = load("Geachte")
    assert (said["answers"], said["errors"], said["events"]) == (20, 0, 0)
    assert len(said["first_us"]) == len(said["total_us"]) == 20
    assert asked_of(port) == 20


def test_streams_are_read_to_their_end(load: Callable[..., dict[str, Any]]) -> None:
    said = load("Geachte", "[DONE]", stream=True, events=23)
    assert (said["answers"], said["errors"], said["events"]) == (20, 0, 20 * 23)
    assert all(first < total for first, total in zip(said["first_us"], said["total_us"], strict=True))


def test_an_open_loop_sends_as_many(load: Callable[..., dict[str, Any]], port: int) -> None:
    assert load("Geachte", rate=200, connections=8)["errors"] == 0
    assert asked_of(port) == 20


def test_an_answer_without_the_text_is_an_error(load: Callable[..., dict[str, Any]]) -> None:
    assert load("Geachte", "ai_provenance")["errors"] == 20


def test_a_stream_that_lacks_an_event_is_an_error(load: Callable[..., dict[str, Any]]) -> None:
    assert load("[DONE]", stream=True, events=24)["errors"] == 20


def asked_of(port: int) -> int:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return int(connection.recv(4096).rpartition(b"\r\n\r\n")[2])
