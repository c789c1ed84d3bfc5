# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/c2pa/v1/manifests`: the C2PA manifest of a published text by its code, or of a text that somebody has. For everybody.

Nothing that is asked is stored. What cannot be given is 404, whatever the cause: a code that never was, or another text.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from app.domain.errors import Fault, InvalidRequest, TooLarge, UnknownName
from app.domain.ids import read_code
from app.domain.json import Json
from app.evidence.delivered import Provenance
from app.web.enquiry import MOST_TEXT, Enquiries
from app.web.openapi import CODE, Responses, refusals
from watermark.manifest import MEDIA_TYPE

_MOST_BODY: Final = 2 * MOST_TEXT
_Code: TypeAlias = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$"})]
"""Described, not judged: another spelling is as unknown as a code that never was."""
_FIELDS: Final = ("code", "text")
_TYPE: Final = "application/json"
# For an hour and not for ever: what is withdrawn is no longer given.
_FOR_AN_HOUR: Final = {"cache-control": "public, max-age=3600", "x-content-type-options": "nosniff"}
_NEVER: Final = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_STORE: Final = {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
_SCHEMA: Final = {
    "requestBody": {
        "required": True,
        "content": {
            _TYPE: {
                "example": {"code": "K7Q2-9FXM-3TBW", "text": "Vanaf maandag is de Dorpsstraat dicht."},
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": list(_FIELDS),
                    "properties": {
                        "code": {"type": "string", "pattern": CODE},
                        "text": {
                            "type": "string",
                            "minLength": 1,
                            "description": "Exactly as it left, at most 1 MiB of UTF-8.",
                        },
                    },
                },
            }
        },
    },
}


def router(provenance: Callable[[], Provenance], enquiries: Enquiries) -> APIRouter:
    """`provenance` is asked once the house is open. `enquiries` bounds how often and how much may be asked."""
    counter = Counter(provenance, enquiries)
    routes = APIRouter(prefix="/c2pa/v1")
    store: Responses = {200: {"description": "The manifest store.", **_STORE}}
    often, nothing = HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.NOT_FOUND
    routes.add_api_route(
        "/manifests/{code}",
        counter.published,
        methods=["GET"],
        response_class=Response,
        responses={**store, **refusals(nothing, often)},
        summary="The C2PA manifest store of a published text",
    )
    routes.add_api_route(
        "/manifests",
        counter.of_text,
        methods=["POST"],
        response_class=Response,
        responses={**store, **refusals(nothing, often, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)},
        summary="The C2PA manifest store of a text that left under a code, for who has that text",
        openapi_extra=_SCHEMA,
    )
    return routes


class Counter:
    """Hands manifests out, a few at a time."""

    def __init__(self, provenance: Callable[[], Provenance], enquiries: Enquiries) -> None:
        self._provenance = provenance
        self._enquiries = enquiries

    async def published(self, request: Request, code: _Code) -> Response:
        """By code, in its canonical spelling only: one manifest, one address."""
        self._enquiries.count(request)
        if read_code(code) != code:
            raise UnknownName
        return _answer(await self._ask(self._provenance().published, code), _FOR_AN_HOUR)

    async def of_text(self, request: Request) -> Response:
        """`{code, text}` in strict JSON."""
        code, text = _question(await self._enquiries.read(request, _MOST_BODY))
        return _answer(await self._ask(self._provenance().of_text, code, text), _NEVER)

    async def _ask(self, question: Callable[..., bytes | None], *asked: str) -> bytes | None:
        return await self._enquiries.reckon(question, *asked)


def _answer(store: bytes | None, headers: Mapping[str, str]) -> Response:
    if store is None:
        raise UnknownName
    return Response(store, media_type=MEDIA_TYPE, headers=dict(headers))


def _question(tree: Mapping[str, Json]) -> tuple[str, str]:
    """Code and text. Raises `InvalidRequest` with all faults, `TooLarge`."""
    faults = [Fault("", f"must hold {' and '.join(_FIELDS)} and nothing else")] if tree.keys() - {*_FIELDS} else []
    entry, text = tree.get("code"), tree.get("text")
    code = read_code(entry) if isinstance(entry, str) else None
    if code is None:
        faults.append(Fault("/code", "must be 12 characters of 0-9 and A-Z"))
    if not isinstance(text, str) or not text:
        faults.append(Fault("/text", "must be a text"))
    if faults or code is None or not isinstance(text, str):
        raise InvalidRequest(*faults)
    if len(text.encode()) > MOST_TEXT:
        raise TooLarge
    return code, text
