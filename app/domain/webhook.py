# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where an application is told that its review moved on. It is told ids and links, never what was held."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


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
