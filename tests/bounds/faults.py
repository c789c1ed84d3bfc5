# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""All that a model may do wrong, as scripts: to a call that asks for JSON, and to one that asks for a stream."""

import json
from collections.abc import Mapping
from typing import Any

from tests.bounds.asking import COMPLETION, part
from tests.fake_upstream import (
    Script,
    answer,
    chunk,
    endless,
    endless_line,
    gzip_bomb,
    hang,
    hang_after,
    head,
    raw,
    reset,
    sse,
    truncated_chunk,
    whole,
)

BOUND = 16 << 20
"""`max_answer` of the installation under test."""
_JSON = [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]
_SSE = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")]
_GOOD = json.dumps(COMPLETION).encode()
_FIRST = chunk(b"data: %s\n\n" % json.dumps(part("eerste ")).encode())
_LAST = chunk(b"data: %s\n\n" % json.dumps(part("", "stop")).encode())
_DONE = chunk(b"data: [DONE]\n\n")
_END = b"0\r\n\r\n"


def _text(content: Any, **choice: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    message = {"role": "assistant", "content": content}
    return {**COMPLETION, "choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}]}


def _stream(*frames: bytes) -> Script:
    """A head, one good event, and these."""
    return raw(head(200, _SSE), _FIRST, *frames, close=True)


def _data(data: bytes) -> bytes:
    return chunk(b"data: %s\n\n" % data)


def _dripping_head() -> Script:
    """A head of which a byte comes every fifth of a second."""
    return raw(*[bytes([letter]) for letter in head(200, _JSON)], interval=0.2)


BEFORE_THE_HEAD: Mapping[str, Script] = {
    "silence": hang(),
    "silence in the head": hang(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "a head in drops": _dripping_head(),
    "a reset": reset(),
    "a reset in the head": reset(b"HTTP/1.1 200 OK\r\n"),
    "nothing": raw(close=True),
    "no HTTP": raw(b"\x16\x03\x01\x02\x00\x01\x00\x01" * 8, close=True),
    "another version": raw(b"HTTP/3.0 200 OK\r\n\r\n", close=True),
    "a head without end": endless(b"X-A: b\r\n" * 100, before=b"HTTP/1.1 200 OK\r\n"),
    "a header without end": endless(b"x" * 4096, before=b"HTTP/1.1 200 OK\r\nX-A: "),
    "two lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", close=True),
    "another protocol": raw(head(101, [("Upgrade", "h2c"), ("Connection", "Upgrade")])),
    "a page": whole(b"<p>Welkom</p>", content_type="text/html"),
    "no type": raw(head(200, [("Content-Length", str(len(_GOOD)))]) + _GOOD),
    "another alphabet": whole(_GOOD, content_type="application/json; charset=utf-16"),
    "a bomb": gzip_bomb(),
    "an error page without end": endless(chunk(b"x" * 65536), before=head(500, _JSON)),
}
"""Told before a byte of an answer has left, whatever was asked for."""

JSON: Mapping[str, Script] = {
    **BEFORE_THE_HEAD,
    "silence after the head": hang_after(0),
    "silence in the middle": hang_after(20),
    "cut": raw(head(200, [("Content-Type", "application/json"), ("Content-Length", "999")]) + _GOOD, close=True),
    "cut in a chunk": raw(head(200, _JSON) + b"ff\r\n" + _GOOD, close=True),
    "a reset in the middle": reset(head(200, _JSON) + chunk(_GOOD)),
    "chunks that are none": raw(head(200, _JSON) + b"zz\r\n" + _GOOD, close=True),
    "an empty body": whole(b""),
    "no JSON": whole(b"\x00\x01\x02"),
    "two answers": whole(_GOOD + _GOOD),
    "half a letter": whole(_GOOD.replace(b'"ja"', b'"\xc3"')),
    "half a pair": whole(_GOOD.replace(b'"ja"', b'"\\ud800"')),
    "another encoding": whole(_GOOD.decode().encode("utf-16")),
    "a member twice": whole(_GOOD[:-1] + b',"choices":[]}'),
    "no number": whole(_GOOD[:-1] + b',"x":NaN}'),
    "a tower": whole(b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a list": answer([COMPLETION]),
    "no choices": answer({**COMPLETION, "choices": []}),
    "a choice too many": answer({**COMPLETION, "choices": COMPLETION["choices"] * 2}),
    "a choice nobody asked for": answer(_text("ja", index=7)),
    "a stream": sse([part("ja", "stop")]),
    "too much": whole(b" " * (BOUND + 1)),
    "a body without end": endless(chunk(b" " * 65536), before=head(200, _JSON)),
}

STREAM: Mapping[str, Script] = {
    **BEFORE_THE_HEAD,
    "an answer": answer(COMPLETION),
}
"""As with JSON: no stream has begun."""

BEGUN: Mapping[str, Script] = {
    "silence in the stream": hang(head(200, _SSE) + _FIRST),
    "silence in an event": hang(head(200, _SSE) + _FIRST + chunk(b'data: {"choi')),
    "silence after the last word": hang(head(200, _SSE) + _FIRST + _LAST),
    "an end without [DONE]": _stream(_LAST, _END),
    "an end without a word of it": _stream(_END),
    "cut in an event": _stream(chunk(b'data: {"choices":[{"index":0,"delta":{"content":"tw')),
    "cut between events": _stream(),
    "cut after [DONE]": _stream(_LAST, _DONE),
    "cut in a chunk": truncated_chunk(),
    "a reset in the stream": reset(head(200, _SSE) + _FIRST + _LAST),
    "chunks that are none in the stream": _stream(b"zz\r\nnothing\r\n"),
    "a line without end": endless_line(),
    "half a letter": _stream(_data(b'{"choices":[{"index":0,"delta":{"content":"\xc3"}}]}'), _LAST, _DONE, _END),
    "no JSON": _stream(_data(b"\x00\x01"), _LAST, _DONE, _END),
    "a list": _stream(_data(b"[]"), _LAST, _DONE, _END),
    "a choice nobody asked for": _stream(_data(b'{"choices":[{"index":3,"delta":{"content":"x"}}]}'), _LAST, _DONE, _END),
    "a choice twice in one event": _stream(
        _data(b'{"choices":[{"index":0,"delta":{"content":"x"}},{"index":0,"delta":{"content":"y"}}]}'),
        _LAST, _DONE, _END,
    ),
    "an error of its own": _stream(_data(b'{"error":{"message":"geheim-kanarie","code":"x"}}'), _LAST, _DONE, _END),
    "an event of another kind": _stream(chunk(b"event: ping\ndata: {}\n\n"), _LAST, _DONE, _END),
    "words after [DONE]": _stream(_LAST, _DONE, _FIRST, _DONE, _END),
    "[DONE] twice": _stream(_LAST, _DONE, _DONE, _END),
    "much after the end": _stream(_LAST, *[_data(json.dumps(part("x" * 60_000)).encode())] * 20, _DONE, _END),
    "a tower": _stream(_data(b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), _LAST, _DONE, _END),
}  # fmt: skip
"""A stream has begun: it ends in an error."""

WORDS_AFTER_THE_END: Mapping[str, Script] = {"words after the end": _stream(_LAST, _FIRST, _DONE, _END)}
"""Too late for their marks; where nothing is written into a text, they are part of it."""

WHOLE: Mapping[str, Script] = {
    "two ends": _stream(_LAST, _LAST, _DONE, _END),
    "an end that is said while it speaks": _stream(_data(json.dumps(part("slot", "stop")).encode()), _DONE, _END),
    "lines that are no event": _stream(_LAST, _DONE, chunk(b"geheim-kanarie\n\n"), _END),
    "comments": _stream(chunk(b": geheim-kanarie\n\n"), _LAST, _DONE, _END),
}
"""Odd, but whole: all that is an event was read, and all of it is marked."""
