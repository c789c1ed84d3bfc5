# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where an application is told that its review moved on. It is told ids and links, never what was held."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from app.domain.output import Message


@dataclass(frozen=True, slots=True)
class Webhook:
    """As policy declares it; who sends still looks at every address it connects to."""

    application: str
    url: str
    """`https://…`; `http://…` only where `on_this_machine`."""
    secret: str
    """Reference, `file:/run/secrets/x` or `env:X`; never the secret."""

    @property
    def on_this_machine(self) -> bool:
        """Whether the host is `localhost` or a loopback address as written: no name is looked up."""
        try:
            host = urlsplit(self.url).hostname or ""
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False


class Outcome(StrEnum):
    """What became of one attempt to tell something."""

    TAKEN = "taken"
    GONE = "gone"
    """The receiver wants no more of it: 410."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reply:
    """How a receiver answered, in our words: nothing of what it said itself."""

    outcome: Outcome
    why: str = ""


class Messenger(Protocol):
    """Tells an application something, once."""

    async def send(self, webhook: Webhook, message: Message, moment: datetime) -> Reply:
        """Try it now; never raises for what happens outside. `moment` is that of this attempt, and part of what is signed."""
        ...
