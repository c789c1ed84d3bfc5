# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One port, two halves: the model routes as raw ASGI, everything else by FastAPI. What neither knows does not exist."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.domain.errors import Busy, Fault, InvalidRequest, NotAuthenticated, UnknownRoute, WaarmerkError
from app.web import openapi
from app.web.edge import METHOD_NOT_ALLOWED
from app.web.openapi import API, API_VERSION
from app.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from app.web.guard import Asgi, Message, Receive, Send


class Site:
    """Sends each request to its half by the prefix of its path."""

    def __init__(self, models: Asgi, prefixes: Sequence[str], pages: FastAPI) -> None:
        self._models = models
        self._prefixes = tuple(prefixes)
        self._pages = pages

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Lifespan belongs to the pages' half, which opens and closes the house."""
        path = scope["path"] if scope["type"] == "http" else ""
        half = self._models if path.startswith(self._prefixes) else self._pages
        await half(scope, receive, send)


def versioned(asgi: Asgi) -> Asgi:
    """Says of each answer of the management API which version it is.

    That belongs on errors too (Dutch API Design Rules, /core/version-header), so it stands around everything that answers.
    """

    def dressed(scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        return asgi(scope, receive, _versioned(send) if scope.get("path", "").startswith(f"{API}/") else send)

    return dressed


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
        openapi_url=None,
    )
    for router in (*routers, openapi.router(app, public_address)):
        app.include_router(router)

    def answer(error: WaarmerkError) -> Response:
        told = problem(error, public_address)
        return JSONResponse(told.body, told.status, told.headers)

    @app.exception_handler(WaarmerkError)
    async def named(request: Request, error: WaarmerkError) -> Response:
        if isinstance(error, NotAuthenticated | Busy) and error.exchange is None:  # no record says so
            turned_away(error.name, _peer(request))
        return answer(error)

    @app.exception_handler(HTTPException)
    async def unknown(request: Request, error: HTTPException) -> Response:
        wrong = error.status_code == METHOD_NOT_ALLOWED.status
        turned_away(METHOD_NOT_ALLOWED.name if wrong else UnknownRoute.name, _peer(request))
        return _not_allowed(routers, request) if wrong else answer(UnknownRoute())

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        """The Dutch API Design Rules want 400 with all faults; the value that was sent is not repeated."""
        faults = (Fault("/" + "/".join(map(str, fault["loc"])), str(fault["msg"])) for fault in error.errors())
        return answer(InvalidRequest(*faults))

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, _error: Exception) -> Response:
        return answer(WaarmerkError())

    return app


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""


def _not_allowed(routers: Sequence[APIRouter], request: Request) -> Response:
    """405 with all methods that this address takes (RFC 9110 15.5.6): Starlette names those of the first route only."""
    routes = (route for router in routers for route in router.routes if isinstance(route, APIRoute))
    methods = {
        name for route in routes if route.matches(request.scope)[0] is Match.PARTIAL for name in route.methods or ()
    }
    headers = {"content-type": "application/problem+json", "allow": ", ".join(sorted(methods))}
    return Response(METHOD_NOT_ALLOWED.body, METHOD_NOT_ALLOWED.status, headers)
