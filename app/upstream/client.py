# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The adapter of the `Upstream` port: one call out, once, to the record's own host."""

import asyncio
from contextlib import suppress
from functools import lru_cache
from typing import Final

from app.domain.answer import UpstreamRequest
from app.domain.decision import Deployment
from app.domain.errors import PolicyInvalid, UpstreamFailed
from app.domain.text import LocalText
from app.upstream.answer import HttpAnswer, Limits
from app.upstream.connector import Connector, NameService, SystemNames
from app.upstream.credentials import Credentials, CredentialUnusable
from app.upstream.destination import Destination, Peer
from app.upstream.failures import FAULTS, failure_before_head, invalid, unreachable
from app.upstream.framing import Head
from app.upstream.headers import is_encoded, request_fields
from app.upstream.pool import Lane

MAX_ANSWER: Final = 16 * 2**20
MAX_ERROR: Final = 64 * 2**10
_NO_CREDENTIAL: Final = LocalText(
    nl="Vraag uw beheerder om de sleutel op zijn plaats te zetten. `waarmerk doctor` zegt welke.",
    en="Ask your operator to put the credential in its place. `waarmerk doctor` says which.",
)


class HttpUpstream:
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

    async def forward(self, request: UpstreamRequest) -> HttpAnswer:
        """Send once, never twice, whatever became of the connection: nobody can know whether a request was acted on (RFC 9110 9.2.2).

        Returns when the head has come, whatever its status; a redirect is no answer (`UpstreamInvalid`). Raises `UpstreamFailed`.
        """
        started = asyncio.get_running_loop().time()
        lane = self._lane(request.deployment)
        wire, limits = self._head(lane, request), request.deployment.timeouts
        connection = lane.kept()
        try:
            if connection is None:
                connection = await lane.connect(min(limits.connect, limits.total))
            # The first byte is due once the connection stands, which has its own limit: this is the two together.
            due = started + min(limits.connect + limits.first_byte, limits.total)
            head = await connection.ask(wire, request.body, due)
        except FAULTS as error:
            failure = failure_before_head(error)
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        else:
            refused = _judged(head)
            if refused is None:
                return HttpAnswer(head, connection, lane, self._limits(request, head.status, started))
            failure = refused
        if connection is not None:
            connection.close()
        raise failure

    async def reset(self) -> None:
        """Policy changed: no kept connection is used again. Answers that are being read go on; who may not is interrupted elsewhere."""
        retired = list(self._lanes.values())
        self._lanes, self._of_deployment = {}, {}
        self._retired = [lane for lane in self._retired if not lane.is_empty] + retired
        for lane in retired:
            lane.retire()

    async def aclose(self) -> None:
        """Close every connection, also under answers that are being read."""
        self._closed = True
        await self.reset()
        for lane in self._retired:
            lane.close()

    def _lane(self, deployment: Deployment) -> Lane:
        """The one of this very record: a record that changed, if only by its proxy, never meets an older connection."""
        if self._closed:
            raise unreachable("De dienst sluit af.", "The service is shutting down.")
        lane = self._of_deployment.get(deployment)
        if lane is None:
            destination = _destination(deployment)
            lane = self._lanes.get(destination) or self._opened(destination)
            self._lanes[destination] = self._of_deployment[deployment] = lane
        return lane

    def _opened(self, destination: Destination) -> Lane:
        with suppress(OSError):
            return Lane(destination, Connector(destination, self._names, user_agent=self._user_agent))
        raise unreachable(
            "Het CA-bestand is niet leesbaar of geen certificaat.",
            "The CA file cannot be read, or holds no certificate.",
        )

    def _head(self, lane: Lane, request: UpstreamRequest) -> bytes:
        """The head of the request. Only the credential and the length are new each time: a credential may have been changed."""
        fixed = _fixed(lane.destination.peer, request.deployment.path, request.path, self._user_agent, request.stream)
        try:
            credential = self._credentials.header(request.deployment)
        except CredentialUnusable as error:
            name, why = request.deployment.id, str(error)
        else:
            shown = b"" if credential is None else b"%b: %b\r\n" % (credential[0].encode(), credential[1].encode())
            return b"%b%bcontent-length: %d\r\n\r\n" % (fixed, shown, len(request.body))
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


def _judged(head: Head) -> UpstreamFailed | None:
    """Why this head is of no answer to a call; None when it is."""
    if not (200 <= head.status < 300 or 400 <= head.status < 600):
        return invalid(
            f"Het taalmodel antwoordde met status {head.status}; doorverwijzingen worden niet gevolgd.",
            f"The model answered with status {head.status}; redirects are not followed.",
        )
    if is_encoded(head.fields):
        return invalid("Het antwoord van het taalmodel was ingepakt.", "The model's answer was compressed, unasked.")
    return None


@lru_cache(maxsize=1024)  # paths are fixed by the dialects, so a few serve every call
def _fixed(peer: Peer, prefix: str, path: str, user_agent: str, stream: bool) -> bytes:  # noqa: FBT001
    """Request line and fields that are the same each time (RFC 9112 3.2.1). Raises `UpstreamUnreachable` for a path that is not fixed."""
    with suppress(ValueError):
        if path.startswith("/"):
            peer.url(prefix + path)
            fields = {"host": peer.authority, **request_fields(user_agent, stream=stream)}
            lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            return f"POST {prefix}{path} HTTP/1.1\r\n{lines}".encode("ascii")
    raise unreachable("Het pad naar het taalmodel is niet toegestaan.", "The path to the model is not permitted.")


def _destination(deployment: Deployment) -> Destination:
    try:
        return Destination.of(deployment)
    except PolicyInvalid as error:
        said = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)
    raise unreachable(
        "Het adres van het taalmodel is niet toegestaan.", f"The model's address is not permitted: {said}."
    )
