# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from ssl import SSLCertVerificationError, SSLError
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http_exceptions import BadStatusLine
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from app.domain.errors import UpstreamFailed, UpstreamInvalid, UpstreamTimeout, UpstreamUnreachable
from app.upstream.connector import AddressRefused
from app.upstream.failures import FAULTS, broken, failure_before_head, hung_up, timeout

SAID = "said-canary"
KEY = ConnectionKey(SAID, 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)
ABOUT = aiohttp.RequestInfo(
    URL("https://said-canary/"),
    "POST",
    CIMultiDictProxy(CIMultiDict({"authorization": SAID})),
    URL("https://said-canary/"),
)


@pytest.mark.parametrize(
    ("error", "failure", "en"),
    [
        (aiohttp.ConnectionTimeoutError(SAID), UpstreamTimeout, "connecting"),
        (TimeoutError(), UpstreamTimeout, "first byte"),
        (aiohttp.ClientHttpProxyError(ABOUT, (), status=407, message=SAID), UpstreamUnreachable, "proxy"),
        (
            aiohttp.ClientConnectorCertificateError(KEY, SSLCertVerificationError(SAID)),
            UpstreamUnreachable,
            "certificate",
        ),
        (aiohttp.ClientConnectorSSLError(KEY, SSLError(1, SAID)), UpstreamUnreachable, "certificate"),
        (aiohttp.ClientConnectorError(KEY, AddressRefused(SAID)), UpstreamUnreachable, "not permitted"),
        (aiohttp.ClientConnectorDNSError(KEY, AddressRefused(SAID)), UpstreamUnreachable, "not permitted"),
        (aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(111, SAID)), UpstreamUnreachable, "no connection"),
        (aiohttp.ServerDisconnectedError(SAID), UpstreamUnreachable, "no connection"),
        (ConnectionResetError(SAID), UpstreamUnreachable, "no connection"),
        (aiohttp.ClientResponseError(ABOUT, (), status=400, message=SAID), UpstreamInvalid, "not HTTP"),
        (aiohttp.ClientPayloadError(SAID), UpstreamInvalid, "not HTTP"),
        (BadStatusLine(SAID), UpstreamInvalid, "not HTTP"),
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
