# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A stream is cut into the same events however it arrives."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialects.sse import Frame, Framer, parse, write
from app.domain.errors import UpstreamInvalid

ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
LINES = st.sampled_from(
    [b'data: {"a":1}', b"data:x", b": ping", b"event: error", b"id: 7", b"data", "data: é🙂".encode()]
)
EVENTS = st.builds(lambda end, lines: end.join(lines) + end * 2, ENDS, st.lists(LINES, min_size=1, max_size=4))
STREAMS = st.lists(EVENTS, max_size=6).map(b"".join)


def read(chunks: list[bytes]) -> list[Frame]:
    framer = Framer()
    frames = [frame for chunk in chunks for frame in framer.feed(chunk)]
    return [*frames, *framer.close()]


@given(STREAMS, st.lists(st.integers(0, 400)))
def test_any_cut_gives_the_same_events(stream: bytes, cuts: list[int]) -> None:
    at = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
    chunks = [stream[start:end] for start, end in pairwise(at)]
    assert read(chunks) == read([stream])


@given(STREAMS)
def test_no_byte_is_lost(stream: bytes) -> None:
    assert b"".join(frame.raw for frame in read([stream])) == stream


@pytest.mark.parametrize(
    ("raw", "name", "data"),
    [
        (b"data: a\n\n", "", b"a"),
        (b"data:a\r\n\r\n", "", b"a"),
        (b"data: a\ndata: b\n\n", "", b"a\nb"),
        (b": comment\n\n", "", None),
        (b"event: error\ndata: x\n\n", "error", b"x"),
        (b"data\n\n", "", b""),
        (b"data:  two spaces\n\n", "", b" two spaces"),
        (b"ignored: x\n\n", "", None),
    ],
)
def test_fields_are_read_as_the_standard_says(raw: bytes, name: str, data: bytes | None) -> None:
    assert parse(raw) == Frame(raw, name, data)


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        (b"data: a\n\n", True),
        (b"data:a\r\ndata: b\r\n\r\n", True),
        (b": x\ndata: a\n\n", False),
        (b"data: a\nid: 1\n\n", False),
        (b"data: a\nx\n\n", False),
    ],
)
def test_an_event_that_holds_more_than_data_is_known(raw: bytes, bare: bool) -> None:
    assert parse(raw).bare is bare


@pytest.mark.parametrize("data", [b"", b"a", b"a\n\nb"])
def test_what_is_written_is_read_back(data: bytes) -> None:
    assert (parse(write(data)).data, parse(write(data)).bare) == (data, True)


def test_the_last_event_counts_without_its_blank_line() -> None:
    assert [frame.data for frame in read([b"data: a\n\ndata: b\n"])] == [b"a", b"b"]


def test_an_endless_line_is_refused() -> None:
    framer = Framer(limit=100)
    with pytest.raises(UpstreamInvalid):
        list(framer.feed(b"data: " + b"x" * 100))


def test_an_event_that_is_too_long_is_refused_also_when_it_comes_whole() -> None:
    framer = Framer(limit=100)
    assert len(list(framer.feed(b"data: a\n\n" * 100))) == 100
    with pytest.raises(UpstreamInvalid):
        list(framer.feed(b"data: " + b"x" * 100 + b"\n\n"))
