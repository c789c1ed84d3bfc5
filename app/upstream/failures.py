# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What went wrong out there, in our words: the texts of libraries quote the upstream."""

import ssl
from typing import Final

from app.domain.errors import UpstreamFailed, UpstreamInvalid, UpstreamTimeout, UpstreamUnreachable
from app.domain.text import LocalText
from app.upstream.connector import AddressRefused
from app.upstream.framing import Malformed
from app.upstream.pool import ConnectTimeout
from app.upstream.tunnel import ProxyRefused

FAULTS: Final = (Malformed, OSError)
"""All that is raised for what happens outside; anything else is a defect of ours and stays one. `TimeoutError` is an `OSError`."""


def failure_before_head(error: BaseException) -> UpstreamFailed:
    """The domain's error for one of `FAULTS`. Raise it after the `except` block has ended: then it carries nothing of the other."""
    match error:
        case TimeoutError():
            connecting = isinstance(error, ConnectTimeout)
            return timeout("verbinden", "connecting") if connecting else timeout("eerste byte", "first byte")
        case ProxyRefused():
            return unreachable("De proxy voor uitgaand verkeer weigerde.", "The outbound proxy refused.")
        case ssl.SSLError():
            return unreachable(
                "Het certificaat van het taalmodel is niet te vertrouwen.", "The model's certificate is not trusted."
            )
        case AddressRefused():
            return unreachable(
                "Het adres van het taalmodel is niet toegestaan.", "The model is at an address that is not permitted."
            )
        case Malformed():
            return invalid("Het antwoord van het taalmodel was geen HTTP.", "The model's answer was not HTTP.")
    return unreachable("Er kwam geen verbinding, of zij brak.", "There was no connection, or it broke.")


def timeout(nl: str, en: str) -> UpstreamTimeout:
    """Which limit it was: `verbinden`, `connecting`."""
    return UpstreamTimeout(
        LocalText(nl=f"Het taalmodel deed er te lang over: {nl}.", en=f"The model took too long: {en}.")
    )


def unreachable(nl: str, en: str, *, remedy: LocalText | None = None) -> UpstreamUnreachable:
    return UpstreamUnreachable(LocalText(nl=nl, en=en), remedy=remedy)


def invalid(nl: str, en: str) -> UpstreamInvalid:
    return UpstreamInvalid(LocalText(nl=nl, en=en))


def broken() -> UpstreamInvalid:
    """After the head: whatever the cause, what came is not a whole answer."""
    return invalid("Het antwoord van het taalmodel brak af.", "The model's answer broke off.")


def hung_up() -> UpstreamFailed:
    """We closed it ourselves; whoever did so knows why, the reader only learns that this is not the end of the answer."""
    return UpstreamFailed(
        LocalText(nl="Het antwoord is van onze kant afgebroken.", en="The answer was ended from our side.")
    )
