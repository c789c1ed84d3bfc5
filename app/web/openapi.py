# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The OpenAPI documents: one for each API, under its own base path, for everybody (Dutch API Design Rules, /core/publish-openapi).

A route says what it answers when all is well; that everything else is a problem, and what a problem looks like, is said here.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

Responses: TypeAlias = dict[int | str, dict[str, Any]]
Schema: TypeAlias = Mapping[str, Any]

API: Final = "/api/v1"
API_VERSION: Final = "1.0.0"
C2PA: Final = "/c2pa/v1"
KEY: Final[Schema] = {"security": [{"key": []}]}
"""Of an operation that needs the key of an application."""

CODE: Final = "^[ -]*([0-9A-TV-Za-tv-z][ -]*){12}$"
"""A code as people may type it (`app.domain.ids.read_code`)."""

_TITLES: Final = {API: "Waarmerk: reviews, publications and verification", C2PA: "Waarmerk: C2PA manifests"}
_TYPE: Final = "application/problem+json"
_EVERYBODY: Final = {"access-control-allow-origin": "*", "cache-control": "max-age=3600"}
_TEXT: Final[Schema] = {"type": "string"}
_LATER: Final[Schema] = {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
_VERSION: Final[Schema] = {"description": "Of this API.", "required": True, "schema": {"const": API_VERSION}}
_WAIT: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def closed(optional: frozenset[str] = frozenset(), **members: Schema) -> Schema:
    """An object with these members, and no others."""
    required = [name for name in members if name not in optional]
    return {"type": "object", "additionalProperties": False, "properties": members, "required": required}


def listed(items: Schema) -> Schema:
    """An array of these."""
    return {"type": "array", "items": items}


def or_null(schema: Schema) -> Schema:
    """This, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


WORDS: Final = closed(nl=_TEXT, en=_TEXT)
"""A sentence in both languages."""

PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "RFC 9457. What happened, why, and what to do now; `type` leads to a page that says it in Dutch and English.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": or_null({"type": "string", "description": "Id of the exchange, where there is one."}),
        "code": _TEXT,
        "remedy": _TEXT,
        "nl": closed(title=_TEXT, detail=_TEXT, remedy=_TEXT),
        "faults": {**listed(closed(pointer=_TEXT, detail=_TEXT)), "description": "All of them, by JSON Pointer."},
        "rule": {"type": "string", "description": "Of the policy that said no."},
        "source": _TEXT,
        "alternative": or_null(_TEXT),
    },
}


def answers(schema: Schema, *problems: HTTPStatus, status: HTTPStatus = HTTPStatus.OK, **more: Schema) -> Responses:
    """What an operation answers: this object, or one of these problems. `more`: `headers` and `links` of the former."""
    well = {"description": status.phrase, "content": {"application/json": {"schema": schema}}, **more}
    return {int(status): well, **refusals(*problems)}


def refusals(*problems: HTTPStatus) -> Responses:
    """These problems, and those that every operation can end with."""
    return {int(each): _refusal(each) for each in (*problems, HTTPStatus.BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE)}


def _refusal(status: HTTPStatus) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": status.phrase,
        "content": {_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {**said, "headers": {"Retry-After": _LATER}} if status in _WAIT else said


def router(app: FastAPI, public_address: str) -> APIRouter:
    """`openapi.json` of each API of this application, to be read from any page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(f"{API}/openapi.json")
    async def management() -> Response:
        return JSONResponse(document(app, API, public_address), headers=_EVERYBODY)

    @routes.get(f"{C2PA}/openapi.json")
    async def manifests() -> Response:
        return JSONResponse(document(app, C2PA, public_address), headers=_EVERYBODY)

    return routes


def document(app: FastAPI, base: str, public_address: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the API with this base path."""
    described = get_openapi(title=_TITLES[base], version=API_VERSION, routes=app.routes)
    paths = {
        path.removeprefix(base): operations for path, operations in described["paths"].items() if path.startswith(base)
    }
    for operation in (operation for operations in paths.values() for operation in operations.values()):
        # FastAPI's own idea of an invalid request: here it is 400 (API Design Rules, /core/error-handling/invalid-input).
        operation["responses"].pop("422", None)
        for answer in operation["responses"].values() if base == API else ():
            answer["headers"] = {**answer.get("headers", {}), "API-Version": _VERSION}
    return {
        "openapi": described["openapi"],
        "info": {
            **described["info"],
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            "contact": {"name": "Waarmerk contributors"},
        },
        "servers": [{"url": f"{public_address}{base}"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "Key of an application."}},
        },
    }
