# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two questions an orchestrator asks: is it alive, and may it be sent work."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse

_READY = 200
_NOT_READY = 503


def router(checks: Callable[[], Awaitable[Mapping[str, bool]]]) -> APIRouter:
    """`/health/live` and `/health/ready`; `checks` names what must be true and says whether it is."""
    routes = APIRouter(prefix="/health", include_in_schema=False)

    @routes.get("/live")
    async def live() -> JSONResponse:
        """The process answers."""
        return JSONResponse({"status": "live"})

    @routes.get("/ready")
    async def ready() -> JSONResponse:
        """Every check passes: 200. Else 503, with the checks that do not."""
        found = dict(await checks())
        ok = all(found.values())
        status = "ready" if ok else "not ready"
        return JSONResponse({"status": status, "checks": found}, _READY if ok else _NOT_READY)

    return routes
