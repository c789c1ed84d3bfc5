# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/problems/{name}`: where the `type` of every problem leads (RFC 9457 3.1.1). What it means and what to do, in Dutch and English."""

import inspect
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.domain import errors
from app.domain.errors import UnknownRoute, WaarmerkError
from app.domain.text import LocalText
from app.web.edge import EDGE_PROBLEMS
from app.web.pages import page
from app.web.problem_words import CAUSES, EDGE

CATALOGUE: dict[str, type[WaarmerkError]] = {
    kind.name: kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, WaarmerkError) and kind is not errors.Refusal
}
"""Every problem that an error of the house becomes, by name."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, why that happens, and what to do now."""

    title: LocalText
    cause: LocalText
    remedy: LocalText


def _explanations() -> dict[str, Explanation]:
    known = {name: Explanation(kind.title, CAUSES[name], kind.remedy) for name, kind in CATALOGUE.items()}
    for name, edge in EDGE_PROBLEMS.items():
        title, remedy = EDGE[name]
        known[name] = Explanation(LocalText(title, edge.title), CAUSES[name], LocalText(remedy, edge.detail))
    return known


EXPLANATIONS: Final = _explanations()
"""Every problem there is, those of the edge too, by name."""


def router() -> APIRouter:
    """HTML for people, JSON for who asks for it."""
    routes = APIRouter(prefix="/problems", include_in_schema=False)

    @routes.get("/{name}")
    async def explain(name: str, request: Request) -> Response:
        explanation = EXPLANATIONS.get(name)
        if explanation is None:
            raise UnknownRoute
        if "text/html" in request.headers.get("accept", ""):
            return page("problem.html", request, name=name, problem=explanation)
        return JSONResponse(
            {
                "name": name,
                "title": {"nl": explanation.title.nl, "en": explanation.title.en},
                "cause": {"nl": explanation.cause.nl, "en": explanation.cause.en},
                "remedy": {"nl": explanation.remedy.nl, "en": explanation.remedy.en},
            }
        )

    return routes
