# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/problems/{name}`: where the `type` of every problem leads (RFC 9457 3.1.1). What it means and what to do, in Dutch and English."""

import inspect

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.domain import errors
from app.domain.errors import UnknownRoute, WaarmerkError
from app.web.edge import EDGE_PROBLEMS
from app.web.pages import page

CATALOGUE: dict[str, type[WaarmerkError]] = {
    kind.name: kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, WaarmerkError) and kind is not errors.Refusal
}
"""Every problem type there is, by name."""


def router() -> APIRouter:
    """HTML for people, JSON for who asks for it."""
    routes = APIRouter(prefix="/problems", include_in_schema=False)

    @routes.get("/{name}")
    async def explain(name: str, request: Request) -> Response:
        edge = EDGE_PROBLEMS.get(name)
        if edge is not None:
            return JSONResponse({"name": name, "title": {"en": edge.title}, "remedy": {"en": edge.detail}})
        kind = CATALOGUE.get(name)
        if kind is None:
            raise UnknownRoute
        title, remedy = kind.title, kind.remedy
        if "text/html" not in request.headers.get("accept", ""):
            said = {
                "name": name,
                "title": {"nl": title.nl, "en": title.en},
                "remedy": {"nl": remedy.nl, "en": remedy.en},
            }
            return JSONResponse(said)
        return page("problem.html", request, name=name, title=title, remedy=remedy)

    return routes
