# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reviews for applications: where one stands, and a text that is handed in for publication. Management API, in English."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.domain.call import Call
from app.domain.control import Door, Kind
from app.domain.errors import TooLarge
from app.pipeline import Pipeline
from app.publication import PUBLICATION

STATUS = Door("GET", "/api/v1/reviews/{name}", Kind.REVIEW, "reviews.status")
PUBLISH = Door("POST", "/api/v1/publications", Kind.PUBLICATION, PUBLICATION)
DOORS = (STATUS, PUBLISH)
_MOST_BODY = 1 << 20


def router(pipeline: Callable[[], Pipeline]) -> APIRouter:
    """`GET /api/v1/reviews/{id}` and `POST /api/v1/publications`, with an API key of the application (`app:generation:create`)."""
    routes = APIRouter(tags=["reviews"])

    @routes.get(STATUS.template, summary="Where a review stands")
    async def status(name: str, request: Request) -> Response:
        """The review object; its text is retrieved at `GET /v1/chat/completions/{completion_id}`."""
        told = await pipeline().review_status(_call(request), name)
        return JSONResponse(told.document(), headers={"cache-control": "no-store"})

    @routes.post(PUBLISH.template, status_code=201, summary="Hand in a text for publication")
    async def publish(request: Request) -> Response:
        """JSON with `text`, `task` and where needed `language`. It waits for a human as an answer of that task does."""
        told = await pipeline().publish(_call(request))
        return JSONResponse(told.document(), 201, {"location": told.status_url, "cache-control": "no-store"})

    return routes


def _call(request: Request) -> Call:
    names = {name for name, _ in request.headers.items()}
    headers = {name: ", ".join(request.headers.getlist(name)) for name in names}  # two keys are no key
    return Call(request.method, request.url.path, headers, _reading(request))


def _reading(request: Request) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BODY:
                raise TooLarge
        return bytes(body)

    return read
