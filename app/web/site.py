# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One port, two halves: the model routes as raw ASGI, everything else by FastAPI. What neither knows does not exist."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.domain.errors import Fault, InvalidRequest, UnknownRoute, WaarmerkError
from app.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.web.guard import Asgi, Message, Receive, Send


API: Final = "/api/v1/"
API_VERSION: Final = "1.0.0"


class Site:
    """Sends each request to its half by the prefix of its path; says of each answer of the management API which version it is.

    The version belongs on errors too (Dutch API Design Rules, /core/version-header), so it is said where all answers pass.
    """

    def __init__(self, models: Asgi, prefixes: Sequence[str], pages: FastAPI) -> None:
        self._models = models
        self._prefixes = tuple(prefixes)
        self._pages = pages

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Lifespan belongs to the pages' half, which opens and closes the house."""
        path = scope["path"] if scope["type"] == "http" else ""
        half = self._models if path.startswith(self._prefixes) else self._pages
        await half(scope, receive, _versioned(send) if path.startswith(API) else send)


def _versioned(send: Send) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), (b"api-version", API_VERSION.encode())]
            message = {**message, "headers": headers}
        await send(message)

    return answer


def pages(
    routers: Sequence[APIRouter],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    *,
    version: str,
    public_address: str,
    turned_away: Callable[[str, str], None],
) -> FastAPI:
    """The FastAPI half: no redirects, no documentation pages that load from elsewhere, and problems for every error."""
    app = FastAPI(
        title="Waarmerk",
        version=version,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url="/.well-known/openapi.json",
    )
    for router in routers:
        app.include_router(router)

    def answer(error: WaarmerkError) -> Response:
        told = problem(error, public_address)
        return JSONResponse(told.body, told.status, told.headers)

    @app.exception_handler(WaarmerkError)
    async def named(_request: Request, error: WaarmerkError) -> Response:
        return answer(error)

    @app.exception_handler(HTTPException)
    async def unknown(request: Request, _error: HTTPException) -> Response:
        turned_away(UnknownRoute.name, request.client.host if request.client else "")
        return answer(UnknownRoute())

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        """The Dutch API Design Rules want 400 with all faults; the value that was sent is not repeated."""
        faults = (Fault("/" + "/".join(map(str, fault["loc"])), str(fault["msg"])) for fault in error.errors())
        return answer(InvalidRequest(*faults))

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, _error: Exception) -> Response:
        return answer(WaarmerkError())

    return app
