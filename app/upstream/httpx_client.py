# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`httpx` behind the same walls, for all that is not the hot path: is a deployment reachable, later a webhook."""

from typing import Final

import httpx
from httpx_aiohttp import AiohttpTransport
from typing_extensions import override

from app.domain.decision import Deployment
from app.upstream.connector import NameService, SystemNames, open_session, tls_context
from app.upstream.destination import Destination
from app.upstream.failures import FAULTS, failure_before_head
from app.upstream.headers import answer_headers, is_encoded

_SECONDS: Final = 10.0


class GuardedTransport(AiohttpTransport):
    """Sends to one destination; whatever address a request names, another peer is refused before anything is looked up."""

    def __init__(self, destination: Destination, names: NameService) -> None:
        super().__init__(
            verify=tls_context(destination.ca_file),
            trust_env=False,
            client=lambda: open_session(destination, names),
        )
        self._peer = destination.peer

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises `httpx.TransportError`; the answer has only the headers on the allowlist."""
        url = request.url
        named = (url.scheme, url.raw_host.decode("ascii"), url.port or {"https": 443, "http": 80}.get(url.scheme))
        if named != (self._peer.scheme, self._peer.host, self._peer.port) or url.userinfo:
            raise httpx.UnsupportedProtocol("not the host of this destination", request=request)
        response = await super().handle_async_request(request)
        if is_encoded(response.headers.raw):
            await response.aclose()
            raise httpx.RemoteProtocolError("a compressed answer, unasked", request=request)
        response.headers = httpx.Headers(dict(answer_headers(response.headers.raw)))
        return response


def guarded_client(destination: Destination, *, version: str, names: NameService | None = None) -> httpx.AsyncClient:
    """A client whose paths are relative to the destination. Make it where a loop runs; close it. No redirects, no environment."""
    return httpx.AsyncClient(
        transport=GuardedTransport(destination, names or SystemNames()),
        base_url=str(destination.peer.url("")),
        headers={"user-agent": f"waarmerk/{version}", "accept-encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
        timeout=_SECONDS,
    )


async def unreachable_because(deployment: Deployment, *, version: str, names: NameService | None = None) -> str | None:
    """None when the deployment's host answers at all, else why not, in our words. No prompt and no credential is sent."""
    async with guarded_client(Destination.of(deployment), version=version, names=names) as client:
        try:
            await client.get(f"{deployment.path}/models")
        except httpx.TransportError as error:
            # httpx-aiohttp calls a refused connection a timeout; what aiohttp raised stands behind it.
            cause = error.__cause__
            return failure_before_head(cause).reason.en if isinstance(cause, FAULTS) else type(error).__name__
    return None
