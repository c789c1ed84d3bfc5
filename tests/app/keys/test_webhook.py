# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is signed here is verified by the library that receivers use."""

import base64
import os
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app.keys.webhook import sign_webhook

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
BODY = '{"data":"é🙂"}'


@pytest.mark.parametrize("length", [24, 32, 64])
def test_the_receivers_library_accepts_it(length: int) -> None:
    secret = "whsec_" + base64.b64encode(os.urandom(length)).decode()
    assert Webhook(secret).verify(BODY, headers(secret)) == {"data": "é🙂"}


def test_it_signs_as_the_receivers_library_does() -> None:
    moment = datetime(2026, 11, 23, 10, tzinfo=UTC)
    ours = sign_webhook(SECRET, "msg_1", int(moment.timestamp()), BODY.encode())
    assert ours == Webhook(SECRET).sign("msg_1", moment, BODY)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_nothing_that_is_signed_can_be_changed(name: str) -> None:
    sent = headers(SECRET)
    other = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(sent["webhook-timestamp"]) - 1),
        "webhook-signature": headers("whsec_" + base64.b64encode(b"x" * 32).decode())["webhook-signature"],
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, sent | {name: other[name]})
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + " ", sent)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_not base64!",
        SECRET.removeprefix("whsec_"),
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
    ],
)
def test_a_secret_that_is_none_signs_nothing_and_is_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_ and 24 to 64") as refused:
        sign_webhook(secret, "msg_1", 0, b"")
    assert len(secret) < 7 or secret not in str(refused.value)


def headers(secret: str) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp())
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": sign_webhook(secret, "msg_1", now, BODY.encode()),
    }
