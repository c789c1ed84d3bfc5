# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the edge refuses before a route is known, what it tells the client, and what it tells security."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias

import orjson

Refused: TypeAlias = Callable[[str, str], None]
"""Told of every refusal at the edge: the name of the problem (a closed set) and the peer's address ("" on a socket file)."""


@dataclass(frozen=True, slots=True)
class EdgeProblem:
    """One way in which a request ends before it reaches a route. `name` is a page under `/problems/`."""

    name: str
    status: int
    title: str
    detail: str

    @property
    def body(self) -> bytes:
        """RFC 9457, `application/problem+json`."""
        return orjson.dumps(
            {"type": f"/problems/{self.name}", "title": self.title, "status": self.status, "detail": self.detail}
        )

    @property
    def message(self) -> bytes:
        """The whole response, which closes the connection."""
        head = (
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(self.body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            "connection: close\r\n\r\n"
        )
        return head.encode() + self.body


MALFORMED = EdgeProblem(
    "malformed-request", 400, "The request is not well-formed HTTP/1.1.", "Send it as RFC 9112 says, framed in one way."
)
TARGET = EdgeProblem(
    "invalid-target",
    400,
    "The address is not in its normal form.",
    "Send the path itself, absolute and normalised: no host, fragment, empty or dot segment, and no escape that is not needed.",
)
TARGET_TOO_LONG = EdgeProblem("target-too-long", 414, "The address is too long.", "Send data in the body.")
HEADERS = EdgeProblem("headers-too-large", 431, "The header section is too large.", "Send fewer and smaller headers.")
HOST = EdgeProblem(
    "invalid-host", 400, "There must be exactly one Host header.", "Send one Host header (RFC 9112 3.2)."
)
TIMEOUT = EdgeProblem("request-timeout", 408, "The request did not arrive in time.", "Send it again, faster.")
UPGRADE = EdgeProblem(
    "upgrade-refused", 400, "This service speaks HTTP/1.1 only.", "Send no Upgrade header: set the client to HTTP/1.1."
)
VERSION = EdgeProblem("version-not-supported", 505, "This service speaks HTTP/1.1.", "Set the client to HTTP/1.1.")
METHOD = EdgeProblem("method-unknown", 501, "This method is not known here.", "Use the method the documentation names.")
METHOD_NOT_ALLOWED = EdgeProblem(
    "method-not-allowed", 405, "This address does not take this method.", "Use a method that Allow names."
)
EXPECTATION = EdgeProblem(
    "expectation-failed", 417, "Only 100-continue can be expected.", "Leave the Expect header out."
)
FULL = EdgeProblem(
    "too-many-connections", 503, "There are too many connections.", "Try again later; reuse connections."
)
PIPELINED = EdgeProblem(
    "pipelined-request",
    400,
    "A request came before the previous answer.",
    "Wait for an answer before the next request.",
)
UNKNOWN_HOST = EdgeProblem(
    "unknown-host",
    421,
    "This service does not answer for that host.",
    "Use the address this service was given to you as.",
)
HEADER = EdgeProblem(
    "header-refused",
    400,
    "A header would change what the request means.",
    "Leave out X-HTTP-Method-Override, X-Original-URL and the like, and name only close or keep-alive in Connection.",
)

EDGE_PROBLEMS: Final = {
    problem.name: problem
    for problem in (
        MALFORMED,
        TARGET,
        TARGET_TOO_LONG,
        HEADERS,
        HOST,
        UNKNOWN_HOST,
        HEADER,
        TIMEOUT,
        UPGRADE,
        VERSION,
        METHOD,
        METHOD_NOT_ALLOWED,
        EXPECTATION,
        FULL,
        PIPELINED,
    )
}
"""All of them, by name: the pages under `/problems/`."""


class SecurityLog:
    """Counts calls that end at the door, and writes a few lines about them: anyone can cause these, so the log is bounded.

    Is a `Refused`. `name` must come from a closed set and `peer` from the socket: nothing a client wrote is logged.
    """

    def __init__(self, monotonic: Callable[[], float], *, lines_per_second: int = 5) -> None:
        self.counts: Counter[str] = Counter()
        self._logger = logging.getLogger("waarmerk.security")
        self._monotonic = monotonic
        self._most = lines_per_second
        self._second = self._written = self._unwritten = 0

    def __call__(self, name: str, peer: str = "") -> None:
        self.counts[name] += 1
        second = int(self._monotonic())
        if second != self._second:
            self._second, self._written = second, 0
        if self._written >= self._most:
            self._unwritten += 1
            return
        self._written += 1
        self._logger.warning("refused at the door: %s from %s (%d before it not written)", name, peer, self._unwritten)
        self._unwritten = 0
