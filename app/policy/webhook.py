# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where an application is told that a review moved on, as it is written down (`webhook` of an application)."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import StringConstraints, field_validator

from app.domain.webhook import Webhook
from app.policy.model import Entry, SecretReference


class WebhookEntry(Entry):
    """An address and where the secret is kept that signs what is sent to it. It becomes a `domain.Webhook`."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=2000)]
    secret: SecretReference

    @field_validator("url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        """What is left open here would be read in two ways by two libraries, or show up in a log."""
        parts = urlsplit(url)
        if "\\" in url or "#" in url or "@" in parts.netloc:
            raise ValueError("an address without user, password, backslash or fragment")
        if not parts.hostname or parts.port == 0:
            raise ValueError("an address with a host, and with a port from 1 to 65535 if any")
        if parts.scheme == "http" and not Webhook("", url, "").on_this_machine:
            raise ValueError("https only; plain http is for this machine, while the application is developed")
        return url

    @property
    def plain(self) -> bool:
        """Whether it goes without TLS."""
        return self.url.startswith("http:")

    def of(self, application: str) -> Webhook:
        """The entry as the rest of the house knows it."""
        return Webhook(application, self.url, self.secret)
