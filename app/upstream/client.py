# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The adapter of the `Upstream` port: one call out, once, to the record's own host."""

import asyncio
import io
from contextlib import suppress
from typing import Final

import aiohttp
from yarl import URL

from app.domain.answer import UpstreamRequest
from app.domain.decision import Deployment
from app.domain.errors import PolicyInvalid
from app.domain.text import LocalText
from app.upstream.answer import AiohttpAnswer, Limits
from app.upstream.connector import NameService, SystemNames, open_session
from app.upstream.credentials import Credentials, CredentialUnusable
from app.upstream.destination import Destination
from app.upstream.failures import FAULTS, failure_before_head, invalid, unreachable
from app.upstream.headers import is_encoded, request_headers

MAX_ANSWER: Final = 16 * 2**20
MAX_ERROR: Final = 64 * 2**10
_NO_CREDENTIAL: Final = LocalText(
    nl="Vraag uw beheerder om de sleutel op zijn plaats te zetten. `waarmerk doctor` zegt welke.",
    en="Ask your operator to put the credential in its place. `waarmerk doctor` says which.",
)
_WRITTEN_AT_ONCE: Final = 2**20
"""A larger body goes to aiohttp as a file, which it writes in pieces."""


class Lane:
    """The connections to one destination. Retired, it takes no new call and closes with its last answer."""

    def __init__(self, destination: Destination, session: aiohttp.ClientSession) -> None:
        self.destination = destination
        self.session = session
        self._calls = 0
        self._retired = False

    def enter(self) -> None:
        self._calls += 1

    async def leave(self) -> None:
        self._calls -= 1
        await self._close_when_done()

    async def retire(self) -> None:
        self._retired = True
        await self._close_when_done()

    async def _close_when_done(self) -> None:
        if self._retired and not self._calls:
            await self.session.close()


class AiohttpUpstream:
    """`Upstream` over HTTP/1.1. Make it where a loop runs; close it.

    `version` is ours, for `user-agent`. `max_answer` bounds the body of an answer that is not a stream, in bytes.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        version: str,
        max_answer: int = MAX_ANSWER,
        names: NameService | None = None,
    ) -> None:
        self._credentials = credentials
        self._user_agent = f"waarmerk/{version}"
        self._max_answer = max_answer
        self._names = names or SystemNames()
        self._lanes: dict[Destination, Lane] = {}
        self._of_deployment: dict[Deployment, Lane] = {}
        self._retired: list[Lane] = []
        self._closed = False

    async def forward(self, request: UpstreamRequest) -> AiohttpAnswer:
        """Send once, never twice: aiohttp repeats idempotent methods only (RFC 9110 9.2.2), and this is a POST.

        Returns when the head has come, whatever its status; a redirect is no answer (`UpstreamInvalid`). Raises `UpstreamFailed`.
        """
        started = asyncio.get_running_loop().time()
        lane = self._lane(request.deployment)
        url, headers = _url(lane, request), self._headers(request)
        lane.enter()
        try:
            response = await _ask(lane.session, url, headers, request)
        except BaseException:
            await lane.leave()
            raise
        return AiohttpAnswer(response, self._limits(request, response.status, started), lane.leave)

    async def reset(self) -> None:
        """Policy changed: no kept connection is used again. Answers that are being read go on; who may not is interrupted elsewhere."""
        retired = list(self._lanes.values())
        self._lanes, self._of_deployment = {}, {}
        self._retired = [lane for lane in self._retired if not lane.session.closed] + retired
        for lane in retired:
            await lane.retire()

    async def aclose(self) -> None:
        """Close every connection, also under answers that are being read."""
        self._closed = True
        await self.reset()
        for lane in self._retired:
            await lane.session.close()

    def _lane(self, deployment: Deployment) -> Lane:
        """The one of this very record: a record that changed, if only by its proxy, never meets an older connection."""
        if self._closed:
            raise unreachable("De dienst sluit af.", "The service is shutting down.")
        lane = self._of_deployment.get(deployment)
        if lane is None:
            destination = _destination(deployment)
            lane = self._lanes.get(destination) or Lane(destination, _session(destination, self._names))
            self._lanes[destination] = self._of_deployment[deployment] = lane
        return lane

    def _headers(self, request: UpstreamRequest) -> dict[str, str]:
        try:
            credential = self._credentials.header(request.deployment)
        except CredentialUnusable as error:
            name, why = request.deployment.id, str(error)
        else:
            return request_headers(self._user_agent, credential, stream=request.stream)
        raise unreachable(
            f"De sleutel van {name} is niet te gebruiken.",
            f"The credential of {name} cannot be used: {why}.",
            remedy=_NO_CREDENTIAL,
        )

    def _limits(self, request: UpstreamRequest, status: int, started: float) -> Limits:
        timeouts = request.deployment.timeouts
        success = 200 <= status < 300
        size = (None if request.stream else self._max_answer) if success else MAX_ERROR
        return Limits(timeouts.idle, started + timeouts.total, size, truncate=not success)


async def _ask(
    session: aiohttp.ClientSession, url: URL, headers: dict[str, str], request: UpstreamRequest
) -> aiohttp.ClientResponse:
    """The response with its head judged; its body is not read."""
    limits, body = request.deployment.timeouts, request.body
    try:
        # The first byte is due once the connection stands; aiohttp times the one, this the two together.
        async with asyncio.timeout(min(limits.connect + limits.first_byte, limits.total)):
            response = await session.post(
                url,
                data=body if len(body) <= _WRITTEN_AT_ONCE else io.BytesIO(body),
                headers=headers,
                proxy_headers={"user-agent": headers["user-agent"]},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(connect=limits.connect),
            )
    except FAULTS as error:
        failure = failure_before_head(error)
    else:
        if 200 <= response.status < 300 or 400 <= response.status < 600:
            if not is_encoded(response.raw_headers):
                return response
            failure = invalid(
                "Het antwoord van het taalmodel was ingepakt.", "The model's answer was compressed, unasked."
            )
        else:
            failure = invalid(
                f"Het taalmodel antwoordde met status {response.status}; doorverwijzingen worden niet gevolgd.",
                f"The model answered with status {response.status}; redirects are not followed.",
            )
        response.close()
    raise failure


def _url(lane: Lane, request: UpstreamRequest) -> URL:
    with suppress(ValueError):
        if request.path.startswith("/"):
            return lane.destination.peer.url(request.deployment.path + request.path)
    raise unreachable("Het pad naar het taalmodel is niet toegestaan.", "The path to the model is not permitted.")


def _destination(deployment: Deployment) -> Destination:
    try:
        return Destination.of(deployment)
    except PolicyInvalid as error:
        said = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)
    raise unreachable(
        "Het adres van het taalmodel is niet toegestaan.", f"The model's address is not permitted: {said}."
    )


def _session(destination: Destination, names: NameService) -> aiohttp.ClientSession:
    with suppress(OSError):
        return open_session(destination, names)
    raise unreachable(
        "Het CA-bestand is niet leesbaar of geen certificaat.", "The CA file cannot be read, or holds no certificate."
    )
