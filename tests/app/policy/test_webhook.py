# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json

import pytest
from pydantic import ValidationError

from app.domain.webhook import Webhook
from app.policy.webhook import WebhookEntry


def entry(url: str, secret: str = "env:WEBHOOK_SECRET") -> WebhookEntry:
    return WebhookEntry.model_validate_json(json.dumps({"url": url, "secret": secret}))


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://zaak.voorbeeld.example/waarmerk", False),
        ("https://zaak.voorbeeld.example:8443/waarmerk?van=balie", False),
        ("http://127.0.0.1:9000/waarmerk", True),
        ("http://localhost/", True),
    ],
)
def test_an_address_that_can_be_told(url: str, plain: bool) -> None:
    assert entry(url).plain is plain
    assert entry(url).of("balie") == Webhook("balie", url, "env:WEBHOOK_SECRET")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://zaak.voorbeeld.example/", "https only"),
        ("http://10.0.0.1/", "https only"),
        ("http://localhost.voorbeeld.example/", "https only"),
        ("http://127.0.0.1:80@elders.example/", "without user"),
        ("https://gebruiker@zaak.voorbeeld.example/", "without user"),
        ("https://gebruiker:geheim@zaak.voorbeeld.example/", "without user"),
        ("https://@zaak.voorbeeld.example/", "without user"),
        ("https://elders.example\\@zaak.voorbeeld.example/", "backslash"),
        ("https://zaak.voorbeeld.example/#deel", "fragment"),
        ("https://zaak.voorbeeld.example:0/", "port from 1"),
        ("https://zaak.voorbeeld.example:65536/", "Port out of range"),
        ("https://:443/", "with a host"),
        ("https:///pad", "with a host"),
        ("https://[::1/", "Invalid IPv6"),
        ("ftp://zaak.voorbeeld.example/", "should match pattern"),
        ("HTTPS://zaak.voorbeeld.example/", "should match pattern"),
        ("https://zaak.voorbeeld.example/a b", "should match pattern"),
        ("https://zaak.voorbeeld.example/\n", "should match pattern"),
        ("https://záák.example/", "should match pattern"),
        ("https://zaak.voorbeeld.example/" + "a" * 2000, "at most 2000"),
    ],
)
def test_an_address_that_cannot(url: str, fault: str) -> None:
    with pytest.raises(ValidationError, match="url") as caught:
        entry(url)
    assert fault in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("secret", ["whsec_c2VjcmV0", "file:secret", "env:lower", "env:", ""])
def test_a_secret_is_named_and_not_written_down(secret: str) -> None:
    with pytest.raises(ValidationError, match="secret"):
        entry("https://zaak.voorbeeld.example/", secret)
