# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reviews for applications: where one stands, and a text that is handed in for publication. Management API, in English."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from app.domain.call import Call
from app.domain.control import Door, Kind
from app.domain.errors import TooLarge
from app.domain.review import HoldState
from app.pipeline import Pipeline
from app.publication import LANGUAGE, LONGEST, PUBLICATION
from app.web.openapi import KEY, Schema, answers, closed

STATUS = Door("GET", "/api/v1/reviews/{name}", Kind.REVIEW, "reviews.status")
PUBLISH = Door("POST", "/api/v1/publications", Kind.PUBLICATION, PUBLICATION)
DOORS = (STATUS, PUBLISH)
_MOST_BODY = 1 << 20
_TEXT: Final = {"type": "string"}
_Id: TypeAlias = Annotated[str, Path(json_schema_extra={"pattern": "^rev_[0-9a-f-]{36}$"})]
"""Described, not judged: what is no id is as unknown as one that never was."""
_REVIEW: Final = closed(
    frozenset({"reason_code"}),
    id=_TEXT,
    status={"type": "string", "enum": [state.value for state in HoldState]},
    completion_id={"type": "string", "description": "By which the approved text is retrieved with an SDK."},
    status_url=_TEXT,
    expires_at={"type": "integer", "description": "Seconds since 1970."},
    reason_code={"type": "string", "description": "Of a rejection, where there is one."},
)
_DOCUMENT: Final[dict[str, Any]] = {
    **KEY,
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "example": {"text": "Vanaf maandag is de Dorpsstraat dicht.", "task": "balie-antwoord"},
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["text", "task"],
                    "properties": {
                        "text": {"type": "string", "pattern": r"\S", "maxLength": LONGEST},
                        "task": {
                            "type": "string",
                            "minLength": 1,
                            "description": "A task of this application, of profile publication or correspondence.",
                        },
                        "language": {
                            "type": ["string", "null"],
                            "pattern": f"^{LANGUAGE.pattern}$",
                            "description": "BCP 47; left out, the task's own.",
                        },
                    },
                },
            }
        },
    },
}
_MADE: Final[dict[str, Schema]] = {
    "headers": {"Location": {"description": "Where it stands.", "required": True, "schema": _TEXT}},
    "links": {"review": {"operationId": "review", "parameters": {"name": "$response.body#/id"}}},
}
_NO_ACCESS: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def router(pipeline: Callable[[], Pipeline]) -> APIRouter:
    """`GET /api/v1/reviews/{id}` and `POST /api/v1/publications`, with an API key of the application (`app:generation:create`)."""
    routes = APIRouter(tags=["reviews"])

    @routes.get(
        STATUS.template,
        summary="Where a review stands",
        operation_id="review",
        response_class=Response,
        responses=answers(_REVIEW, *_NO_ACCESS, HTTPStatus.NOT_FOUND),
        openapi_extra=dict(KEY),
    )
    async def status(name: _Id, request: Request) -> Response:
        """The review object; its text is retrieved at `GET /v1/chat/completions/{completion_id}`."""
        told = await pipeline().review_status(_call(request), name)
        return JSONResponse(told.document(), headers={"cache-control": "no-store"})

    @routes.post(
        PUBLISH.template,
        status_code=HTTPStatus.CREATED,
        summary="Hand in a text for publication",
        operation_id="publish",
        response_class=Response,
        responses=answers(
            _REVIEW, *_NO_ACCESS, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, status=HTTPStatus.CREATED, **_MADE
        ),
        openapi_extra=_DOCUMENT,
    )
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
