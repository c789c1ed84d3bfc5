# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An application is told over a real socket, and checks it with the library that receivers use."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Receiver

from app.domain.output import Message
from app.domain.webhook import Outcome, Reply, Webhook
from app.keys.webhook import sign_webhook
from app.upstream.credentials import Credentials
from app.upstream.webhook import WebhookSender, destination_of, event_of
from tests.fake_authority import Authority
from tests.fake_upstream import (
    FakeUpstream,
    Script,
    ScriptedNames,
    answer,
    endless,
    gzip_bomb,
    hang,
    head,
    redirect,
    reset,
)

SECRET = "whsec_" + base64.b64encode(os.urandom(32)).decode()
SOURCE = "https://waarmerk.example"
NOW = datetime.now(UTC)
NOTICE = {
    "id": "rev_1",
    "status": "approved",
    "completion_id": "chatcmpl-rev_1",
    "status_url": "/api/v1/reviews/rev_1",
    "expires_at": 1796083200,
}
TOLD = {"type": "review.approved", "timestamp": "2026-11-23T10:00:00.000Z", "data": NOTICE}
MESSAGE = Message("msg_1", "gemeente-voorbeeld", "webhook:balie", json.dumps(TOLD).encode(), NOW)


def sender(**changes: Any) -> WebhookSender:  # noqa: ANN401 what the sender takes
    credentials = Credentials({"SECRET": SECRET, "BROKEN": "whsec_canary-7f3a"})
    return WebhookSender(credentials, sign_webhook, **({"source": SOURCE, "version": "1.2.3"} | changes))


def webhook(fake: FakeUpstream, path: str = "/hooks/waarmerk?team=balie", secret: str = "env:SECRET") -> Webhook:
    return Webhook("balie", f"http://{fake.host}:{fake.port}{path}", secret)


async def test_it_arrives_signed_as_an_event_without_content(fake: FakeUpstream) -> None:
    fake.on("/hooks/waarmerk?team=balie", answer({"thanks": True}))
    now = datetime.now(UTC)  # the receiver's library takes nothing older than five minutes
    assert await sender().send(webhook(fake), MESSAGE, now) == Reply(Outcome.TAKEN)
    (request,) = fake.requests
    received = {name.lower(): value for name, value in request.headers}
    event = Receiver(SECRET).verify(request.body, received)
    assert (request.method, received["content-type"]) == ("POST", "application/cloudevents+json")
    assert event == {
        "specversion": "1.0",
        "id": "msg_1",
        "source": SOURCE,
        "type": "nl.waarmerk.review.approved",
        "time": "2026-11-23T10:00:00.000Z",
        "subject": "rev_1",
        "datacontenttype": "application/json",
        "data": NOTICE | {"status_url": "https://waarmerk.example/api/v1/reviews/rev_1"},
    }
    assert received["webhook-id"] == "msg_1"
    assert received["user-agent"] == "waarmerk/1.2.3"
    assert received.keys() <= {
        *("host", "user-agent", "accept-encoding", "accept", "connection", "content-type", "content-length"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    }


async def test_every_attempt_is_the_same_event_signed_anew(fake: FakeUpstream) -> None:
    fake.on("/", answer({}, status=503))
    for moment in (NOW, NOW + timedelta(days=1)):
        await sender().send(webhook(fake, "/"), MESSAGE, moment)
    first, second = fake.requests
    assert first.body == second.body
    assert first.header("webhook-signature") != second.header("webhook-signature")


@pytest.mark.parametrize(
    ("script", "reply"),
    [
        (answer({}, status=200), Reply(Outcome.TAKEN)),
        (answer({}, status=202), Reply(Outcome.TAKEN)),
        (answer({}, status=410), Reply(Outcome.GONE)),
        (answer({}, status=404), Reply(Outcome.FAILED, "status 404")),
        (answer({}, status=429), Reply(Outcome.FAILED, "status 429")),
        (answer({}, status=500), Reply(Outcome.FAILED, "status 500")),
        (answer({}, status=799), Reply(Outcome.FAILED, "status 799")),
        (gzip_bomb(), Reply(Outcome.FAILED, "RemoteProtocolError")),
    ],
)
async def test_only_the_status_counts(fake: FakeUpstream, script: Script, reply: Reply) -> None:
    fake.on("/", script)
    assert await sender().send(webhook(fake, "/"), MESSAGE, NOW) == reply


async def test_a_redirect_is_not_followed(fake: FakeUpstream) -> None:
    fake.on("/", redirect(f"http://{fake.host}:{fake.port}/elsewhere"))
    assert await sender().send(webhook(fake, "/"), MESSAGE, NOW) == Reply(Outcome.FAILED, "status 307")
    assert [request.path for request in fake.requests] == ["/"]


async def test_an_answer_without_end_is_not_read(fake: FakeUpstream) -> None:
    fake.on("/", endless(b"x" * 65536, before=head(200, [("Content-Type", "text/plain")])))
    assert await sender().send(webhook(fake, "/"), MESSAGE, NOW) == Reply(Outcome.TAKEN)


@pytest.mark.parametrize("script", [hang(), hang(b"HTTP/1.1 200"), reset()])
async def test_silence_and_a_broken_line_are_failures(fake: FakeUpstream, script: Script) -> None:
    fake.on("/", script)
    reply = await sender(seconds=0.3).send(webhook(fake, "/"), MESSAGE, NOW)
    assert reply.outcome is Outcome.FAILED
    assert reply.why


async def test_nobody_there_is_a_failure() -> None:
    async with FakeUpstream() as gone:
        address = webhook(gone)
    assert (await sender().send(address, MESSAGE, NOW)).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("env:MISSING", "not in the environment"),
        ("file:/missing/secret", "cannot be read"),
        ("whsec_canary-7f3a", "reference"),
        ("env:BROKEN", "whsec_ and 24 to 64"),
    ],
)
async def test_without_a_secret_nothing_is_sent_and_it_is_not_told(
    fake: FakeUpstream, reference: str, why: str
) -> None:
    reply = await sender().send(webhook(fake, "/", reference), MESSAGE, NOW)
    assert reply.outcome is Outcome.FAILED
    assert why in reply.why
    assert "canary" not in reply.why
    assert fake.connections == []


async def test_a_name_that_leads_inside_is_not_reached(fake: FakeUpstream) -> None:
    """The address is looked at when the socket is made, not when policy is read (A12)."""
    for inside in ("127.0.0.1", "10.0.0.8", "169.254.169.254", "::1"):
        names = ScriptedNames({"app.example": [[inside]]})
        hook = Webhook("balie", f"https://app.example:{fake.port}/", "env:SECRET")
        assert (await sender(names=names).send(hook, MESSAGE, NOW)).outcome is Outcome.FAILED
        assert names.asked == ["app.example."]
    assert fake.connections == []


async def test_a_certificate_that_nobody_vouches_for_is_not_told(authority: Authority) -> None:
    async with FakeUpstream(tls=authority.server("127.0.0.1")) as fake:
        hook = Webhook("balie", f"https://127.0.0.1:{fake.port}/", "env:SECRET")
        assert (await sender().send(hook, MESSAGE, NOW)).outcome is Outcome.FAILED
        assert fake.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example/",
        "https://10.0.0.8/",
        "https://93.184.215.14/",
        "https://intranet/",
        "https://2130706433/",
        "https://[fe80::1%25eth0]/",
        "https://app.example:99999/",
        "https:///path",
        "ftp://app.example/",
    ],
)
def test_some_addresses_are_never_told(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        destination_of(Webhook("balie", url, "env:SECRET"))


def test_a_public_address_goes_over_tls_to_public_addresses_only() -> None:
    destination = destination_of(Webhook("balie", "https://App.Example/path", "env:SECRET"))
    assert (destination.peer.scheme, destination.peer.host, destination.peer.port) == ("https", "app.example", 443)
    assert destination.rule.permits("93.184.215.14")
    assert not destination.rule.permits("127.0.0.1")


@pytest.mark.parametrize(
    "payload", [b"[]", b"{}", b"not json", b'{"type":"t","timestamp":"x","data":{}}', b'{"type":1}']
)
def test_what_is_no_message_is_no_event(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        event_of(Message("msg_1", "o", "webhook:balie", payload, NOW), SOURCE)


def test_the_manual_shows_what_arrives() -> None:
    page = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    sent = json.loads(event_of(MESSAGE, SOURCE))
    assert list(shown) == list(sent)
    assert list(shown["data"]) == list(sent["data"])
    assert (shown["type"], shown["source"]) == (sent["type"], sent["source"])


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    assert Credentials({}).secret(f"file:{path}") == SECRET
