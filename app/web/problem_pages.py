# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/problems/{name}`: where the `type` of every problem leads (RFC 9457 3.1.1). What it means and what to do, in Dutch and English."""

import inspect
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from app.domain import errors
from app.domain.errors import UnknownRoute, WaarmerkError
from app.web.edge import EDGE_PROBLEMS

CATALOGUE: dict[str, type[WaarmerkError]] = {
    kind.name: kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, WaarmerkError) and kind is not errors.Refusal
}
"""Every problem type there is, by name."""

_PAGE = """<!doctype html>
<html lang="nl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title></head>
<body><main>
<h1>{title_nl}</h1>
<p>{remedy_nl}</p>
<section lang="en"><h2>{title_en}</h2><p>{remedy_en}</p></section>
<p><code>{name}</code></p>
</main></body>
</html>
"""


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
        page = _PAGE.format(
            name=escape(name),
            title_nl=escape(title.nl),
            title_en=escape(title.en),
            remedy_nl=escape(remedy.nl),
            remedy_en=escape(remedy.en),
        )
        return HTMLResponse(page)

    return routes
