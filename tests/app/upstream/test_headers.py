# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from app.upstream.headers import ANSWER_HEADERS, answer_headers, is_encoded, request_fields


def test_what_is_sent_is_a_closed_list() -> None:
    assert request_fields("waarmerk/1", stream=True) == {
        "content-type": "application/json",
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "user-agent": "waarmerk/1",
    }
    assert request_fields("waarmerk/1", stream=False)["accept"] == "application/json"


def test_what_is_kept_of_an_answer_is_a_closed_list() -> None:
    names = [
        "set-cookie",
        "server",
        "alt-svc",
        "location",
        "connection",
        "keep-alive",
        "trailer",
        "upgrade",
        "link",
        "date",
    ]
    names += [
        "x-ai-review",
        "x-ai-generated",
        "waarmerk-exchange",
        "content-length",
        "transfer-encoding",
        "content-encoding",
    ]
    raw = [(name.encode(), b"value") for name in [*names, "X-Request-Id", "Content-Type", "Retry-After"]]
    assert answer_headers(raw) == {"x-request-id": "value", "content-type": "value", "retry-after": "value"}


def test_the_allowlist_holds_nothing_that_acts_on_a_client() -> None:
    assert not {
        name for name in ANSWER_HEADERS if name.startswith(("set-", "x-ai", "access-control", "www-", "proxy-"))
    }


def test_a_name_that_came_twice_is_joined() -> None:
    assert answer_headers([(b"Content-Type", b"a/b"), (b"content-type", b"c/d")]) == {"content-type": "a/b, c/d"}


@pytest.mark.parametrize("value", [b"", b"\xff", b"a\x00b", b"a\nb", "é".encode(), b"x" * 513])
def test_a_value_that_is_not_plain_text_is_dropped(value: bytes) -> None:
    assert answer_headers([(b"x-request-id", value)]) == {}


@pytest.mark.parametrize(
    ("headers", "encoded"),
    [
        ([], False),
        ([(b"Content-Encoding", b"Identity ")], False),
        ([(b"Content-Encoding", b"gzip")], True),
        ([(b"CONTENT-ENCODING", b"br")], True),
        ([(b"content-encoding", b"identity"), (b"content-encoding", b"gzip")], True),
        ([(b"content-encoding", b"")], True),
        ([(b"Transfer-Encoding", b"chunked")], False),
        ([(b"Transfer-Encoding", b"gzip, chunked")], True),
    ],
)
def test_an_encoded_body_is_recognised(headers: list[tuple[bytes, bytes]], encoded: bool) -> None:
    assert is_encoded(headers) is encoded
