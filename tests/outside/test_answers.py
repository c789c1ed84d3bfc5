# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the permitted machine may answer to lead the service or its clients elsewhere: nobody follows (A13, A16)."""

import pytest

from tests.fake_upstream import Script, answer, head, raw, redirect, reset, sse, whole
from tests.outside.observer import ANSWER, CHAT, SECRET, Outside, question

pytestmark = [pytest.mark.needs("strace"), pytest.mark.asyncio(loop_scope="session")]

ELSEWHERE = "http://127.0.0.2:{port}/v1/chat/completions"
MESSAGE = {"choices": [{"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}]}
REDIRECTS = [301, 302, 303, 307, 308, 300, 304, 305]
LEADING = {
    "Location": ELSEWHERE,
    "Content-Location": ELSEWHERE,
    "Alt-Svc": 'h2="127.0.0.2:{port}"; ma=86400, h3=":{port}"',
    "Refresh": f"0; url={ELSEWHERE}",
    "Link": f"<{ELSEWHERE}>; rel=preconnect",
    "Set-Cookie": f"session={SECRET}; Domain=127.0.0.1",
    "Operation-Location": ELSEWHERE,
    "Report-To": '{"endpoints":[{"url":"http://127.0.0.2:{port}"}]}',
    "NEL": '{"report_to":"default","max_age":1}',
    "SourceMap": ELSEWHERE,
    "X-Accel-Redirect": "/etc/passwd",
    "X-Sendfile": "/etc/passwd",
    "Proxy-Authenticate": "Basic",
    "Strict-Transport-Security": "max-age=1",
    "Clear-Site-Data": '"*"',
    "X-AI-Generated": "false",
}
FAILING: dict[str, Script] = {
    "asks for a login": whole(SECRET.encode(), status=401, headers=[("WWW-Authenticate", "Basic realm=x")]),
    "asks for a proxy login": whole(SECRET.encode(), status=407, headers=[("Proxy-Authenticate", "Basic")]),
    "says it is misdirected": whole(SECRET.encode(), status=421, headers=[("Alt-Svc", 'h2="127.0.0.2"')]),
    "tells its prompt and key": answer({"error": {"message": SECRET, "code": SECRET}}, status=400),
    "breaks down with its insides": whole(f"<pre>{SECRET}</pre>".encode(), status=500, content_type="text/html"),
    "switches protocols": raw(head(101, [("Upgrade", "h2c"), ("Connection", "Upgrade")])),
    "resets": reset(),
    "resets in the middle": reset(head(200, [("Content-Length", "99"), ("Content-Type", "application/json")])),
    "answers no HTTP": raw(f"{SECRET}\r\n\r\n".encode(), close=True),
    "answers another kind": whole(SECRET.encode(), content_type="text/html"),
    "answers a message to fetch": whole(b"x", content_type="message/external-body; access-type=URL"),
}


@pytest.mark.parametrize("target", [ELSEWHERE, "/v1/elsewhere", "//127.0.0.2:{port}/v1", "file:///etc/passwd"])
@pytest.mark.parametrize("code", REDIRECTS)
async def test_a_redirect_is_followed_by_nobody(code: int, target: str, outside: Outside) -> None:
    """Not even to the permitted machine itself: another path there was judged by nobody."""
    outside.model.on(CHAT, redirect(target.replace("{port}", str(outside.model.port)), status=code))
    outside.model.on("/v1/elsewhere", answer(MESSAGE))
    for stream in (False, True):
        outside.begin()
        response = await outside.ask(question(stream=stream))
        assert response.status_code == 502
        assert not {"location", "refresh"} & {*response.headers}
        assert "127.0.0.2" not in response.text
        assert_failed(outside)


@pytest.mark.parametrize("name", LEADING)
async def test_a_header_of_an_answer_leads_nobody(name: str, outside: Outside) -> None:
    value = LEADING[name].replace("{port}", str(outside.model.port))
    outside.model.on(CHAT, answer(MESSAGE, headers=[(name, value)]))
    for _ in range(2):  # what an answer said is not remembered for the next call either
        outside.begin()
        response = await outside.ask()
        assert response.status_code == 200
        assert value not in response.headers.values()
        outside.delivered()
        assert outside.model.requests[0].header("cookie") is None
        assert outside.model.requests[0].header("authorization") is None


@pytest.mark.parametrize("name", FAILING)
async def test_an_answer_that_fails_leaks_nothing_and_is_asked_once(name: str, outside: Outside) -> None:
    outside.model.on(CHAT, FAILING[name])
    response = await outside.ask()
    assert response.status_code >= 400
    assert SECRET not in response.text + str(response.headers)
    assert_failed(outside)


async def test_a_stream_that_names_addresses_is_only_passed_on(outside: Outside) -> None:
    told = {
        "choices": [
            {
                "index": 0,
                "delta": {"content": f"![x](http://127.0.0.2:{outside.model.port}/x.png)"},
                "finish_reason": None,
            }
        ]
    }
    done = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "next": ELSEWHERE, "url": ELSEWHERE}
    outside.model.on(CHAT, sse([told, done]))
    response = await outside.ask(question(stream=True))
    assert response.text.rstrip().endswith("data: [DONE]")
    outside.delivered()


def assert_failed(outside: Outside) -> None:
    """The call stands in the log as failed, and nobody was asked a second time."""
    assert [record["type"] for record in outside.waarmerk.records("exchange:")] == [
        "exchange:opened",
        "exchange:failed",
    ]
    assert len(outside.model.requests) == 1
    outside.contained()
