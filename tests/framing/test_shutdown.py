# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""SIGTERM while streams run: each ends finished, with an error event, or visibly cut; never as if it were complete."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60
FAREWELL = 20.0
"""Seconds to end in, where they are not the point: more than a stream takes to end itself."""
DONE = b"data: [DONE]\n\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"


class House:
    """The process that serves."""

    def __init__(self, socket_file: Path, process: "subprocess.Popen[bytes]") -> None:
        self.socket_file = socket_file
        self.process = process

    def ask(self, path: str) -> socket.socket:
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(PATIENCE)
        try:
            wire.connect(str(self.socket_file))
        except OSError:
            wire.close()
            raise
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: waarmerk.example\r\n\r\n".encode())
        return wire

    def begin(self, path: str) -> socket.socket:
        """A stream whose first event has come."""
        wire = self.ask(path)
        heard = b""
        while not heard.endswith(b"data: first\n\n\r\n"):
            piece = wire.recv(1)  # what comes behind it, however soon, is for the test
            assert piece, heard
            heard += piece
        return wire

    def status(self) -> int | None:
        """What a new connection is told; None when the door is closed."""
        try:
            with self.ask("/pid") as wire:
                heard = wire.recv(65536)
        except (ConnectionError, FileNotFoundError):
            return None
        return int(heard.split(b" ")[1]) if heard else None

    def pid(self) -> int:
        with self.ask("/pid") as wire:
            heard = b""
            while not heard.endswith(LAST_CHUNK):
                piece = wire.recv(65536)
                assert piece, heard
                heard += piece
        return int(heard.split(b"\r\n")[-4])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)


def rest(wire: socket.socket) -> bytes:
    heard = b""
    with wire:
        try:
            while piece := wire.recv(65536):
                heard += piece
        except ConnectionResetError:
            heard += b" reset"
    return heard


def until(condition: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < patience
        time.sleep(0.02)


@contextmanager
def house(
    tmp_path: Path, *, workers: int = 1, announce: float = 0, grace: float = 0, farewell: float = FAREWELL
) -> Iterator[House]:
    socket_file = tmp_path / "s"
    command = [
        sys.executable,
        "-m",
        "tests.framing.streaming",
        str(socket_file),
        str(workers),
        str(announce),
        str(grace),
        str(farewell),
    ]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        running = House(socket_file, process)
        try:
            until(lambda: running.status() == 200)
            yield running
        finally:
            running.stop()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def test_a_stream_that_ends_within_the_grace_is_complete(tmp_path: Path) -> None:
    with house(tmp_path, grace=PATIENCE) as running:
        stream = running.begin("/short")
        running.stop()
        assert rest(stream).endswith(DONE + LAST_CHUNK)
        assert running.process.wait(PATIENCE) == 0
    assert not running.socket_file.exists()


@pytest.mark.parametrize("path", ["/long", "/lingering"])
def test_a_stream_that_outlasts_the_grace_ends_with_an_error_event(tmp_path: Path, path: str) -> None:
    with house(tmp_path, grace=0.3) as running:
        stream = running.begin(path)
        running.stop()
        heard = rest(stream)
        assert heard.endswith(b"data: error\n\n" + LAST_CHUNK)
        assert DONE not in heard
        assert running.process.wait(PATIENCE) == 0


def test_a_stream_that_does_not_listen_is_cut_without_its_terminator(tmp_path: Path) -> None:
    with house(tmp_path, farewell=0.5) as running:
        stream = running.begin("/stubborn")
        running.stop()
        heard = rest(stream)
        assert DONE not in heard
        assert not heard.endswith(LAST_CHUNK)
        assert running.process.wait(PATIENCE) == 0


def test_draining_is_announced_while_streams_run_and_the_door_is_open(tmp_path: Path) -> None:
    with house(tmp_path, announce=PATIENCE, grace=PATIENCE) as running:
        stream = running.begin("/short")
        running.stop()
        until(lambda: running.status() == 503)
        with running.ask("/long") as refused:
            assert refused.recv(65536).startswith(b"HTTP/1.1 503 ")
        heard = b""
        while LAST_CHUNK not in heard:
            heard += stream.recv(65536)
        assert heard.endswith(DONE + LAST_CHUNK)
        stream.close()
        running.process.send_signal(signal.SIGINT)  # enough seen: skip the waiting


def test_the_door_closes_before_running_streams_are_cut(tmp_path: Path) -> None:
    with house(tmp_path, grace=PATIENCE) as running:
        stream = running.begin("/long")
        running.stop()
        until(lambda: running.status() is None)
        stream.settimeout(0.2)
        with pytest.raises(TimeoutError):
            stream.recv(1)
        stream.close()
        running.process.send_signal(signal.SIGINT)


def test_workers_share_the_door_and_drain(tmp_path: Path) -> None:
    with house(tmp_path, workers=2, grace=PATIENCE) as running:
        pids: set[int] = set()

        def both() -> bool:
            pids.add(running.pid())
            return len(pids) == 2

        until(both)
        assert running.process.pid not in pids
        streams = [running.begin("/short") for _ in range(6)]
        running.stop()
        assert all(rest(stream).endswith(DONE + LAST_CHUNK) for stream in streams)
        assert running.process.wait(PATIENCE) == 0


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with house(tmp_path, workers=2) as running:
        victim = running.pid()
        os.kill(victim, signal.SIGKILL)
        seen: set[int] = set()

        def both_and_new() -> bool:
            seen.add(running.pid())
            return len(seen - {victim}) == 2

        until(both_and_new)


def test_workers_drain_and_end_when_their_supervisor_was_killed(tmp_path: Path) -> None:
    with house(tmp_path, workers=2, grace=PATIENCE) as running:
        stream = running.begin("/short")
        running.process.kill()
        assert rest(stream).endswith(DONE + LAST_CHUNK)
        until(lambda: running.status() is None)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_start_is_not_started_again(tmp_path: Path, workers: int) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.framing.streaming",
        str(tmp_path / "s"),
        str(workers),
        "0",
        "0",
        "0",
        "fail",
    ]
    ended = subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False)
    assert ended.returncode == 3
