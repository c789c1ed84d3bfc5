# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same requests through the shipped profile of HAProxy: each still has one answer, and none reaches further than without it."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Protocol

import pytest

from tests.framing.conftest import listen
from tests.framing.test_connections import drip
from tests.framing.test_probes import HONEST, HOST, PROBES, Probe
from tests.haproxy import haproxy

pytestmark = pytest.mark.needs("haproxy")

PATIENCE = 60
LARGE = 1_000_000
"""Bytes."""
NORMALISED = {
    "CL and TE",
    "TE and CL",
    "two equal CL",
    "CL list",
    "bare LF after chunk size",
    "bare LF after the request line",
    "bare LF after a header",
    "bare LF at the end",
    "obs-fold",
    "obs-fold with tab",
    "two Hosts",
    "HTTP/2.0",
    "HTTP/1.2",
}
"""HAProxy gives these one meaning, and writes that down anew for Waarmerk. What was smuggled in behind one is dropped."""

REFUSED = {
    **dict.fromkeys(("TE: gzip, chunked", "two TE"), 422),
    **dict.fromkeys(
        (
            "two differing CL",
            "CL: +4",
            "CL: -1",
            "CL: 0x4",
            "CL empty",
            "CL huge",
            "TE xchunked",
            "TE: chunked, identity",
            "TE empty",
            "TE with vertical tab",
            "bad chunk CRLF",
            "chunk size 0x1",
            "chunk size -1",
            "chunk size overflow",
            "1 MB chunk extension",
            "1 MB of leading zeros",
            "space before colon",
            "space before the first header",
            "no header name",
            "no colon",
            "bare CR in a header",
            "5 MB of headers",
            "one header of 5 MB",
            "a header name of 5 MB",
            "101 headers",
            "Upgrade",
            "two differing Hosts",
            "absolute-form",
            "authority-form",
            "fragment",
            "target not ASCII",
            "HTTP/0.9",
            "RTSP",
            "TLS on the plain port",
            "noise",
        ),
        400,
    ),
}
"""HAProxy refuses these itself. Of all others Waarmerk gives the answer that it gives without HAProxy."""

UNFINISHED = {"bare LF in chunk extension"}
"""HAProxy waits for the rest of these, and answers nothing to who leaves."""


class Edge(Protocol):
    port: int
    reached: list[str]
    refused: list[str]
    gone: Event

    def settle(self) -> None: ...


@pytest.fixture(scope="module")
def port(patient: Edge) -> Iterator[int]:
    with haproxy(patient.port) as listening:
        yield listening


def talk(port: int, raw: bytes) -> bytes:
    """Say this, and no more; everything that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
        with suppress(OSError):  # it has heard enough
            wire.sendall(raw)
            wire.shutdown(socket.SHUT_WR)
        return listen(wire)


def reached(edge: Edge) -> list[str]:
    """Without the question of HAProxy itself."""
    return [each for each in edge.reached if each != "GET /health/ready"]


def test_every_probe_has_its_place() -> None:
    named = [*NORMALISED, *REFUSED, *UNFINISHED]
    assert len(named) == len(set(named))
    assert set(named) <= PROBES.keys()


@pytest.mark.parametrize(("name", "probe"), PROBES.items(), ids=PROBES.keys())
def test_a_doubtful_request_gets_its_one_answer(edge: Edge, port: int, name: str, probe: Probe) -> None:
    heard = talk(port, probe.raw)
    statuses = [int(status) for status in re.findall(rb"HTTP/1\.\d (\d{3}) ", heard)]
    assert b"evil" not in heard
    if name in NORMALISED:
        assert (statuses, len(reached(edge)), edge.refused) == ([200], 1, [])
        assert not reached(edge)[0].endswith("/smuggled")
        return
    # What is larger than all buffers is refused while it is sent, and the answer may be lost to a reset.
    expected = [] if name in UNFINISHED else [REFUSED.get(name, probe.status)]
    assert statuses == expected or (len(probe.raw) >= LARGE and statuses == [])
    if name not in REFUSED and name not in UNFINISHED:
        assert edge.refused == [probe.problem]
    edge.settle()  # HAProxy answers without waiting for Waarmerk
    assert reached(edge) in ([], ["POST /v1/x", "gone"])


@pytest.mark.parametrize(("raw", "expected"), HONEST.values(), ids=HONEST.keys())
def test_an_honest_request_is_answered(edge: Edge, port: int, raw: bytes, expected: bytes) -> None:
    head, _, body = talk(port, raw).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body == expected
    assert edge.refused == []


def test_who_is_silent_or_slow_is_answered_408_and_costs_waarmerk_nothing(edge: Edge, port: int) -> None:
    def slow(begin: bytes, piece: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
            wire.sendall(begin)
            return drip(wire, piece) if piece else listen(wire)

    asked = [
        (b"", b""),
        (b"GET /v1/x HTTP/1.1\r\n" + HOST, b"X: y\r\n"),
        (b"GET /", b"a"),
        (b"POST /v1/x HTTP/1.1\r\n", b""),
    ]
    with ThreadPoolExecutor(len(asked)) as together:
        answers = list(together.map(lambda each: slow(*each), asked))
    assert [answer[:13] for answer in answers] == [b"HTTP/1.1 408 "] * len(asked)
    assert reached(edge) == []


def test_a_stream_longer_than_the_pauses_of_waarmerk_is_whole(hasty: Edge) -> None:
    with haproxy(hasty.port) as port:
        heard = talk(port, b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n")
    assert heard.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


def test_waarmerk_learns_that_a_client_left(edge: Edge, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as wire:
        wire.sendall(b"POST /v1/x HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\nabc")
        for _ in range(1200):
            if reached(edge):
                break
            Event().wait(0.05)
    assert edge.gone.wait(PATIENCE)
    assert reached(edge) == ["POST /v1/x", "gone"]
