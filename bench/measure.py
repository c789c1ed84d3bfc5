# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One run of one target: the load is sent, and what the target's processes spent is read from /proc before and after."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.targets import MODEL, Target
from bench.tools import BUILT, LOAD, pinned

_READY_WITHIN = 120
_EVENTS_BESIDE_WORDS = 3
"""The role before the words, the finish and `[DONE]` after them."""


@dataclass(frozen=True, slots=True)
class Workload:
    """What is asked and how: `rate` 0 is a closed loop, else so many requests a second. `words` 0 is an answer in one piece."""

    connections: int = 32
    rate: int = 0
    bytes: int = 1700
    words: int = 0
    pause_ms: int = 5
    messages: int = 2


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it. Times are per answer, in milliseconds; a run with errors is void."""

    answers: int
    errors: int
    events: int
    seconds: float
    cpu_seconds: float
    memory_mib: float
    first_ms: Sequence[float]
    total_ms: Sequence[float]
    forwarded: int

    @property
    def void(self) -> bool:
        """Whether anything was wrong: an answer, or how often the model was asked."""
        return self.errors > 0 or self.forwarded != self.answers

    @property
    def cpu_ms_per_answer(self) -> float:
        return 1e3 * self.cpu_seconds / self.answers

    @property
    def cpu_us_per_event(self) -> float:
        """Of the events that the model sent: what a proxy adds is its own business."""
        return 1e6 * self.cpu_seconds / self.events

    @property
    def rate(self) -> float:
        return self.answers / self.seconds


def run(target: Target, model: Target, workload: Workload, count: int) -> Run:
    """Send `count` requests and measure."""
    asked, spent = asked_of(model), cpu(target.process.pid)
    load = _start(target, workload, count)
    memory = 0.0
    while load.poll() is None and memory == 0.0:
        time.sleep(0.4)
        memory = pss(target.process.pid)
    said = json.loads(load.communicate()[0] or b'{"answers": 0}')
    if load.returncode or not said["answers"]:
        raise SystemExit(f"{target.name} does not answer: see {target.log}")
    return Run(
        answers=said["answers"],
        errors=said["errors"],
        events=said["answers"] * (workload.words + _EVENTS_BESIDE_WORDS),
        seconds=said["seconds"],
        cpu_seconds=cpu(target.process.pid) - spent,
        memory_mib=memory or pss(target.process.pid),
        first_ms=[time_us / 1e3 for time_us in said["first_us"]],
        total_ms=[time_us / 1e3 for time_us in said["total_us"]],
        forwarded=asked_of(model) - asked,
    )


def wait_until_ready(target: Target) -> None:
    """Until one answer is right. Raises `SystemExit`."""
    until = time.monotonic() + _READY_WITHIN
    while time.monotonic() < until and target.process.poll() is None:
        load = _start(target, Workload(), 1, quiet=True)
        said = load.communicate()[0]
        if load.returncode == 0 and json.loads(said)["errors"] == 0:
            return
        time.sleep(0.2)
    raise SystemExit(f"{target.name} gave no right answer within {_READY_WITHIN} seconds: see {target.log}")


def asked_of(model: Target) -> int:
    """How many completions the model server was asked for so far."""
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", model.port))
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        return int(connection.recv(4096).rpartition(b"\r\n\r\n")[2])


def cpu(pid: int) -> float:
    """Seconds that a process, its threads and its children were on a core (sched-stats: nanoseconds, no sampling)."""
    spent = 0
    for process in tree(pid):
        for task in Path(f"/proc/{process}/task").glob("*/schedstat"):
            spent += int(task.read_text().split()[0])
    return spent / 1e9


def pss(pid: int) -> float:
    """MiB of a process and its children; memory that several share counts for each in part."""
    return sum(
        int(line.split()[1]) / 1024
        for process in tree(pid)
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    )


def tree(pid: int) -> Iterator[int]:
    """A process and everything it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from tree(int(child))


def _start(target: Target, workload: Workload, count: int, *, quiet: bool = False) -> "subprocess.Popen[bytes]":
    request = BUILT / "request.http"
    request.write_bytes(_request(target, workload))
    numbers = (workload.connections, count, workload.rate, workload.words and workload.words + _EVENTS_BESIDE_WORDS)
    texts = target.streamed if workload.words else target.whole
    command = [str(LOAD), str(target.port), str(request), *map(str, numbers), *texts]
    return subprocess.Popen(pinned(command, 0), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if quiet else None)


def _request(target: Target, workload: Workload) -> bytes:
    """As an SDK sends it. The wish for an answer of some kind stands in the prompt, which every proxy passes on."""
    wish = f"mock bytes={workload.bytes} events={workload.words} every={workload.pause_ms};"
    question = "Ik wil een nieuw paspoort aanvragen. Wat moet ik meenemen, en wanneer kan ik het ophalen? " * 4
    talk = [{"role": ("assistant", "user")[number % 2], "content": question} for number in range(workload.messages - 2)]
    messages = [
        {"role": "system", "content": "Schrijf een kort en vriendelijk antwoord."},
        *talk,
        {"role": "user", "content": f"{question}{wish}"},
    ]
    body = json.dumps(
        {"model": MODEL, "messages": messages, "stream": workload.words > 0}, separators=(",", ":")
    ).encode()
    path = target.stream_path if workload.words else "/v1/chat/completions"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nAuthorization: Bearer {target.key}\r\n"
        f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
