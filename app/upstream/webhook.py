# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tells an application that a review moved on: one POST, signed, behind the same walls as every call to the outside."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import httpx

from app.domain.output import Message
from app.domain.webhook import Outcome, Reply, Webhook
from app.upstream.address import AddressRule
from app.upstream.connector import NameService
from app.upstream.credentials import Credentials, CredentialUnusable
from app.upstream.destination import Destination, Peer
from app.upstream.host import canonical_host, ip_literal
from app.upstream.httpx_client import guarded_client

Sign: TypeAlias = Callable[[str, str, int, bytes], str]
"""`(secret, message id, seconds since 1970, body)` -> `webhook-signature` (Standard Webhooks). Raises `ValueError`."""

_SECONDS: Final = 15.0
_THIS_MACHINE: Final = ("127.0.0.0/8", "::1/128")
_PORTS: Final = {"https": 443, "http": 80}
_TYPE: Final = "nl.waarmerk."


class WebhookSender:
    """Sends CloudEvents 1.0 in Standard Webhooks. Adapter of `app.domain.webhook.Messenger`.

    Every attempt is a connection of its own: an application hears from us a few times a day. No redirect is followed, and of the
    answer only the status is read.
    """

    def __init__(
        self,
        credentials: Credentials,
        sign: Sign,
        *,
        source: str,
        version: str,
        names: NameService | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        """`source` is the address of this installation: who tells it, and what relative links begin with.

        `seconds` is what one attempt may take.
        """
        self._seconds = seconds
        self._credentials = credentials
        self._sign = sign
        self._source = source
        self._version = version
        self._names = names

    async def send(self, webhook: Webhook, message: Message, moment: datetime) -> Reply:
        """One attempt. Whatever goes wrong is a reply: what, in our words, for the operator's log."""
        try:
            destination = destination_of(webhook)
            body = event_of(message, self._source)
            headers = self._headers(webhook, message.id, int(moment.timestamp()), body)
        except (CredentialUnusable, ValueError) as error:
            return Reply(Outcome.FAILED, str(error))
        try:
            async with (
                asyncio.timeout(self._seconds),
                guarded_client(destination, version=self._version, names=self._names) as client,
                client.stream("POST", webhook.url, content=body, headers=headers) as response,
            ):
                return _reply(response.status_code)
        except (httpx.TransportError, httpx.InvalidURL, TimeoutError) as error:
            return Reply(Outcome.FAILED, type(error).__name__)

    def _headers(self, webhook: Webhook, identity: str, timestamp: int, body: bytes) -> Mapping[str, str]:
        secret = self._credentials.secret(webhook.secret)
        return {
            "content-type": "application/cloudevents+json",
            "webhook-id": identity,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": self._sign(secret, identity, timestamp, body),
        }


def event_of(message: Message, source: str) -> bytes:
    """A message of the outbox (`type`, `timestamp`, `data`) as a CloudEvent 1.0 in JSON; the same message is the same bytes.

    Links in it become absolute. Raises `ValueError` when it is no such message.
    """
    told = json.loads(message.payload)
    try:
        data = dict(told["data"])
        event = {
            "specversion": "1.0",
            "id": message.id,
            "source": source,
            "type": _TYPE + told["type"],
            "time": told["timestamp"],
            "subject": data["id"],
            "datacontenttype": "application/json",
            "data": data | {"status_url": source + data["status_url"]},
        }
    except (KeyError, TypeError):
        raise ValueError("a message of the outbox has type, timestamp and data with id and status_url") from None
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def destination_of(webhook: Webhook) -> Destination:
    """The one host that may be reached for it: a public one over TLS, or this machine. Raises `ValueError` that says what is wrong."""
    parts = urlsplit(webhook.url)
    host, port = canonical_host(parts.hostname or ""), parts.port or _PORTS.get(parts.scheme, 0)
    if webhook.on_this_machine:
        return Destination(Peer(parts.scheme, host, port), AddressRule.of(_THIS_MACHINE))
    if parts.scheme != "https":
        raise ValueError("a webhook goes over https; http only to this machine")
    if ip_literal(host) is not None or "." not in host:
        raise ValueError("a webhook goes to a host by its full name")
    return Destination(Peer(parts.scheme, host, port), AddressRule())


def _reply(status: int) -> Reply:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Reply(Outcome.TAKEN)
    if status == HTTPStatus.GONE:
        return Reply(Outcome.GONE)
    return Reply(Outcome.FAILED, f"status {status}")
