# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Sequence
from itertools import pairwise

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.upstream.framing import MAX_HEAD, Malformed, Response, read_head
from tests.fuzz.targets.upstream_answers import run as judge
from tests.fuzz.targets.upstream_answers import seen

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
TWO = OK + b"Content-Length: 2\r\n\r\n"


def fed(*pieces: bytes, end: bool = False) -> Response:
    response = Response()
    feed(response, pieces)
    if end:
        response.end()
    return response


def feed(response: Response, pieces: Sequence[bytes]) -> None:
    for piece in pieces:
        response.feed(piece)


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        (TWO + b"ab", b"ab"),
        (OK + b"content-length:2 \r\n\r\nab", b"ab"),
        (OK + b"CONTENT-LENGTH:\t002\r\nX-Empty:\r\n\r\nab", b"ab"),
        (OK + b"Content-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 200 \xe9\t!\r\nX: \xe9\r\nContent-Length: 0\r\n\r\n", b""),
        (CHUNKED + b"0\r\n\r\n", b""),
        (CHUNKED + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", b"abc"),
        (CHUNKED + b'02;a=b;c="d"\r\nab\r\n00\r\n\r\n', b"ab"),
        (CHUNKED + b"A\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", b"0\r\n\r\n0\r\n\r\n"),
        (CHUNKED + b"2\r\n\r\n\r\n0\r\nX-Trailer: y\r\n\r\n", b"\r\n"),
        (OK + b"transfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n", b""),
        (b"HTTP/1.1 204 No\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: </x>\r\n\r\n" + TWO + b"ab", b"ab"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nab", b"ab"),
    ],
)  # fmt: skip
def test_an_answer_ends_where_its_framing_says_and_its_connection_stays(wire: bytes, body: bytes) -> None:
    for response in (fed(wire), fed(*(bytes([octet]) for octet in wire))):
        assert (response.take(), response.whole, response.keeps) == (body, True, True)
    for cut in range(len(wire)):
        response = fed(wire[:cut], end=True) if cut else fed(end=True)
        assert not response.whole, wire[:cut]


@pytest.mark.parametrize(
    "wire",
    [
        TWO + b"abX",
        TWO + b"ab\r\n",
        TWO + b"ab" + TWO + b"cd",
        TWO + b"ab" + CHUNKED + b"2\r\ncd\r\n0\r\n\r\n",
        CHUNKED + b"2\r\nab\r\n0\r\n\r\n\r\n",
        CHUNKED + b"2\r\nab\r\n0\r\n\r\n\n",
        CHUNKED + b"2\r\nab\r\n0\r\n\r\n\r",
        CHUNKED + b"2\r\nab\r\n0\r\n\r\n" + TWO + b"cd",
        CHUNKED + b"2\r\nab\r\n0\r\n\r\n" + CHUNKED + b"2\r\ncd\r\n0\r\n\r\n",
        CHUNKED + b"2\r\nab\r\n0\r\nX: y\r\n\r\n0\r\n\r\n",
        CHUNKED + b"2\r\nab\r\n0\r\n\r\n\x00",
        OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nab",
        OK + b"Connection: x, CLOSE\r\nContent-Length: 2\r\n\r\nab",
        OK + b"Connection: keep-alive\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab",
        OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nab" + TWO + b"cd",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab",
    ],
)
def test_what_follows_an_answer_is_not_part_of_it_and_ends_the_connection(wire: bytes) -> None:
    for response in (fed(wire), fed(*(bytes([octet]) for octet in wire))):
        assert (response.take(), response.whole, response.keeps) == (b"ab", True, False)


@pytest.mark.parametrize("wire", [b"HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\n", b"HTTP/1.1 304 No\r\nContent-Length: 2\r\n\r\n",
                                  b"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n"])  # fmt: skip
def test_a_status_without_body_has_none_whatever_is_promised(wire: bytes) -> None:
    assert (fed(wire).whole, fed(wire).keeps) == (True, False)
    response = fed(wire + b"ab")
    assert (response.take(), response.whole, response.keeps) == (b"", True, False)


@pytest.mark.parametrize(
    "wire",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01",
        b"\r\n" + TWO + b"ab",
        b" " + TWO + b"ab",
        b"http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/3",
        b"HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 020 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 O\x00K\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        b"HTTP/1.1 200 OK\n",
        OK + b"Content-Length: 0\n\r\n",
        OK + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
        OK + b"X: a\r\n\tb\r\nContent-Length: 0\r\n\r\n",
        OK + b" X: a\r\nContent-Length: 0\r\n\r\n",
        OK + b"X : a\r\nContent-Length: 0\r\n\r\n",
        OK + b": a\r\nContent-Length: 0\r\n\r\n",
        OK + b"X\r\nContent-Length: 0\r\n\r\n",
        OK + b"X\xe9: a\r\nContent-Length: 0\r\n\r\n",
        OK + b"X: a\x00\r\nContent-Length: 0\r\n\r\n",
        OK + b"X: a\x7f\r\nContent-Length: 0\r\n\r\n",
        OK + b"X: a\rb\r\nContent-Length: 0\r\n\r\n",
        OK + b"X: " + b"y" * 8193 + b"\r\nContent-Length: 0\r\n\r\n",
        OK + b"X" * 257 + b": y\r\nContent-Length: 0\r\n\r\n",
        OK + b"X: y\r\n" * 100 + b"Content-Length: 0\r\n\r\n",
        OK + b"".join(b"X: %b\r\n" % (b"y" * 8000) for _ in range(9)) + b"Content-Length: 0\r\n\r\n",
        OK + b"X: " + b"y" * MAX_HEAD,
        b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 9,
        b"HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n" + TWO + b"ab",
        b"HTTP/1.1 103 Hints\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + TWO + b"ab",
        b"HTTP/1.1 204 No\r\nTransfer-Encoding: chud\r\n\r\n",
        OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
        OK + b"Content-Length: 2, 2\r\n\r\nab",
        OK + b"Content-Length: +2\r\n\r\nab",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 0x2\r\n\r\nab",
        OK + b"Content-Length: 2 2\r\n\r\nab",
        OK + b"Content-Length: \r\n\r\n",
        OK + b"Content-Length: 9999999999999999\r\n\r\n",
        OK + b"Transfer-Encoding: gzip\r\n\r\n",
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked;x\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding:\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + b"\r\nno length",
        b"HTTP/1.0 200 OK\r\n\r\nno length",
        CHUNKED + b"zz\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"+2\r\nab\r\n",
        CHUNKED + b"0x2\r\nab\r\n",
        CHUNKED + b" 2\r\nab\r\n",
        CHUNKED + b"2 \r\nab\r\n",
        CHUNKED + b"\r\n2\r\nab\r\n",
        CHUNKED + b"2\nab\r\n",
        CHUNKED + b"2\r\nab\n",
        CHUNKED + b"2\r\nabc\r\n",
        CHUNKED + b"2;a\nab\r\n",
        CHUNKED + b"2;a\x00\r\nab\r\n",
        CHUNKED + b"fffffffffffffffff\r\nab\r\n",
        CHUNKED + b"0\r\nContent-Length: 2\r\n\r\nab",
        CHUNKED + b"0\r\nX y\r\n\r\n",
        CHUNKED + b"0\r\n\n",
        CHUNKED + b"2;" + b"a" * 20_000,
        CHUNKED + b"0" * 20_000,
        CHUNKED + (b"1;" + b"a" * 500 + b"\r\nx\r\n") * 50,
        CHUNKED + b"0\r\n" + b"X: y\r\n" * 4000,
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_not_read(wire: bytes) -> None:
    for pieces in ([wire], [wire[i : i + 7] for i in range(0, len(wire), 7)]):
        response = Response()
        with pytest.raises(Malformed):
            feed(response, pieces)
        assert not response.whole
        response.end()
        assert not response.whole


def test_an_error_may_end_where_the_connection_does_and_a_success_for_whom_a_cut_is_as_good() -> None:
    error = fed(b"HTTP/1.0 503 Full\r\n\r\n", b"<p>", b"later")
    assert (error.whole, error.keeps) == (False, False)
    error.end()
    assert (error.take(), error.whole, error.keeps) == (b"<p>later", True, False)
    response = Response(to_the_close=True)
    response.feed(b"HTTP/1.0 200 OK\r\n\r\n")
    response.end()
    assert (response.whole, response.keeps) == (True, False)


def test_a_head_is_read_to_its_end_and_no_further() -> None:
    wire = OK + b"X-A: b \r\nx-a:c\r\n\r\n"
    head = read_head(wire + b"body")
    assert head is not None
    assert (head.version, head.status, head.size) == (1, 200, len(wire))
    assert head.of(b"x-a") == [b"b", b"c"]
    assert all(read_head(wire[:cut]) is None for cut in range(len(wire)))


FIELD = st.tuples(
    st.from_regex(rb"\AX-[!#$%&'*+.^_`|~0-9A-Za-z-]{0,12}\Z"), st.from_regex(rb"\A[\t -~\x80-\xff]{0,30}\Z")
)
FIELDS = st.lists(FIELD, max_size=6).map(lambda fields: b"".join(b"%b: %b\r\n" % field for field in fields))
EXTENSION = st.from_regex(rb"\A(;[a-z]{1,5}(=([a-z]{1,5}|\"[ -!#-\[\]-~]{0,6}\"))?){0,2}\Z")


@st.composite
def answers(draw: st.DrawFn) -> tuple[bytes, bytes, bool]:
    """An answer that is right, its body, and whether its connection stays."""
    body, fields = draw(st.binary(max_size=200)), draw(FIELDS)
    closes, status = draw(st.booleans()), draw(st.sampled_from([200, 201, 400, 429, 500]))
    interim = draw(st.sampled_from([b"", b"HTTP/1.1 100 Continue\r\n\r\n"]))
    head = interim + b"HTTP/1.1 %d Whatever\r\n" % status + fields + (b"Connection: close\r\n" if closes else b"")
    if draw(st.booleans()):
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body, body, not closes
    places = sorted(draw(st.sets(st.integers(0, len(body)), max_size=5)) | {0, len(body)})
    chunks = [body[a:b] for a, b in pairwise(places)]
    wire = b"".join(b"%x%b\r\n%b\r\n" % (len(chunk), draw(EXTENSION), chunk) for chunk in chunks)
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + wire + b"0\r\n" + draw(FIELDS) + b"\r\n", body, not closes


@st.composite
def pieces_of(draw: st.DrawFn, wire: bytes) -> Sequence[bytes]:
    places = sorted(draw(st.sets(st.integers(1, max(len(wire) - 1, 1)), max_size=12)) | {0, len(wire)})
    return [wire[a:b] for a, b in pairwise(places) if a < b]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_however_an_answer_is_cut_into_pieces_it_is_the_same(data: st.DataObject) -> None:
    wire, body, stays = data.draw(answers())
    response = fed(*data.draw(pieces_of(wire)))
    assert (response.take(), response.whole, response.keeps) == (body, True, stays)
    surplus = data.draw(st.binary(min_size=1, max_size=20) | st.just(TWO + b"ab") | st.just(b"\r\n"))
    response = fed(*data.draw(pieces_of(wire + surplus)))
    assert (response.take(), response.whole, response.keeps) == (body, True, False)
    short = wire[: data.draw(st.integers(0, len(wire) - 1))]
    response = fed(*(data.draw(pieces_of(short)) if short else []), end=True)
    assert not response.whole


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_is_changed_on_the_way_never_ends_where_another_reader_sees_no_end(data: st.DataObject) -> None:
    """The promises of the fuzz target, around answers that are right: a second reader (h11) sees the same end and the same body."""
    wire, _, _ = data.draw(answers())
    changed = bytearray(wire)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from(
                [b"", b"\r", b"\n", b"\r\n", b" ", b"0", b"\x00", b":", b";", b"9", b"Content-Length: 3\r\n"]
            )
        )
        if not changed:
            return
    judge(bytes([7, 80, 160]) + bytes(changed))


def test_the_second_reader_is_one_that_sees_an_end() -> None:
    assert seen(h11.Connection(h11.CLIENT), TWO + b"ab") == (b"ab", True)
    assert seen(h11.Connection(h11.CLIENT), TWO + b"abX") == (b"ab", False)
    assert seen(h11.Connection(h11.CLIENT), TWO + b"a") is None
