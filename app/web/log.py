# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log of an organisation as static files (C2SP tlog-tiles): hashes for everybody, entries and coverage for its auditors."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from app.coverage import Coverage
from app.domain.errors import NotPermitted, UnknownRoute
from app.domain.subject import Scope, Subject
from app.domain.threads import look
from app.evidence.published import PublishedLog
from app.evidence.tiles import ENTRIES, Tile, parse_address

_AT_ONCE = 2
"""Reads that run together: a log must not keep the threads of the house busy, whoever asks for it."""
_FOR_A_SECOND = {"cache-control": "max-age=1"}
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_NEVER = {"cache-control": "no-store"}


def router(
    log: Callable[[], PublishedLog],
    coverage: Callable[[], Coverage],
    authorise: Callable[[Mapping[str, str]], Awaitable[Subject]],
) -> APIRouter:
    """`/log/{org}/checkpoint`, `/log/{org}/tile/…` and `/log/{org}/coverage.json`.

    `log` and `coverage` are asked once the house is open. `authorise` takes lower-case headers and raises `NotAuthenticated` or
    `NotPermitted`; its subject needs `org:evidence:read`, and reads entries and coverage of its own organisation only.
    """
    routes = APIRouter(prefix="/log/{org}", include_in_schema=False)
    reads = asyncio.Semaphore(_AT_ONCE)

    @routes.get("/checkpoint")
    async def checkpoint(org: str) -> Response:
        """The latest signed note."""
        async with reads:
            note = await look(log().checkpoint, org)
        if note is None:
            raise UnknownRoute
        return PlainTextResponse(note, headers=_FOR_A_SECOND)

    @routes.get("/tile/{rest:path}")
    async def tile(request: Request, org: str, rest: str) -> Response:
        """A tile of hashes, or a bundle of entries."""
        asked = parse_address(f"tile/{rest}")
        if asked is None:
            raise UnknownRoute
        if asked.level == ENTRIES:
            _require_auditor(org, await authorise(request.headers))
        async with reads:
            data = await look(log().read, org, asked)
        if data is None:
            raise UnknownRoute
        return Response(data, media_type="application/octet-stream", headers=_caching(asked))

    @routes.get("/coverage.json")
    async def controls(request: Request, org: str) -> Response:
        """Which control runs where, under the policy that is in force in this process (docs/coverage.md)."""
        _require_auditor(org, await authorise(request.headers))
        async with reads:
            rows = await asyncio.to_thread(coverage().rows)
        return JSONResponse([row.document() for row in rows], headers=_NEVER)

    return routes


def _require_auditor(organisation: str, subject: Subject) -> None:
    if Scope.READ_EVIDENCE not in subject.scopes or subject.organisation != organisation:
        raise NotPermitted


def _caching(tile: Tile) -> Mapping[str, str]:
    return _NEVER if tile.level == ENTRIES else _FOR_EVER
