# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from socket import gaierror
from ssl import SSLCertVerificationError, SSLError
from typing import Any

import pytest

from app.domain.errors import UpstreamFailed, UpstreamInvalid, UpstreamTimeout, UpstreamUnreachable
from app.upstream.connector import AddressRefused
from app.upstream.failures import FAULTS, broken, failure_before_head, hung_up, timeout
from app.upstream.framing import Malformed
from app.upstream.pool import ConnectTimeout
from app.upstream.tunnel import ProxyRefused

SAID = "said-canary"


@pytest.mark.parametrize(
    ("error", "failure", "en"),
    [
        (ConnectTimeout(SAID), UpstreamTimeout, "connecting"),
        (TimeoutError(SAID), UpstreamTimeout, "first byte"),
        (ProxyRefused(SAID), UpstreamUnreachable, "proxy"),
        (SSLCertVerificationError(SAID), UpstreamUnreachable, "certificate"),
        (SSLError(1, SAID), UpstreamUnreachable, "certificate"),
        (AddressRefused(SAID), UpstreamUnreachable, "not permitted"),
        (ConnectionRefusedError(111, SAID), UpstreamUnreachable, "no connection"),
        (ConnectionAbortedError(SAID), UpstreamUnreachable, "no connection"),
        (ConnectionResetError(SAID), UpstreamUnreachable, "no connection"),
        (gaierror(SAID), UpstreamUnreachable, "no connection"),
        (Malformed(SAID), UpstreamInvalid, "not HTTP"),
    ],
)
def test_each_fault_has_one_name_and_none_of_its_text(error: Any, failure: type[UpstreamFailed], en: str) -> None:  # noqa: ANN401
    assert isinstance(error, FAULTS)
    told = failure_before_head(error)
    assert type(told) is failure
    assert en in told.reason.en
    assert SAID not in f"{told} {told.reason} {told.remedy} {vars(told)}"


def test_what_comes_later_says_what_it_is() -> None:
    assert isinstance(broken(), UpstreamInvalid)
    assert isinstance(timeout("stilte", "silence"), UpstreamTimeout)
    assert type(hung_up()) is UpstreamFailed
    assert all(error.reason.nl != error.reason.en for error in (broken(), hung_up(), timeout("stilte", "silence")))
