# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`POST /api/v1/verifications`, and what stands beside a code: `/v/{code}/receipt.json` and `/v/{code}/qr.svg`. For everybody.

The report never holds content, and says of what did not leave what it says of what never was.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

import orjson
from fastapi import APIRouter, Request, Response

from app.domain.errors import Busy, Fault, InvalidRequest, TooLarge, UnknownRoute
from app.domain.ids import read_code
from app.domain.json import Json
from app.domain.text import LocalText
from app.evidence.verification import Told, Verdict
from app.policy.organisation import Organisation
from app.web.enquiry import MOST_TEXT, Enquiries
from app.web.openapi import answers
from app.web.qr import qr
from app.web.verify_schema import QUESTION, REPORT
from app.web.verify_view import Answer, PublicBody, View, view
from watermark.errors import ManifestUnreadable
from watermark.manifest import MOST_BYTES

_MOST_BODY: Final = 4 * MOST_TEXT
"""Bytes: a text of which every second byte is escaped, and a manifest."""
_FIELDS: Final = ("code", "text", "manifest")
_TYPE: Final = "application/json"
_QR_HEADERS: Final = {
    "content-security-policy": "default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "public, max-age=86400",
}


def router(
    enquiries: Enquiries, organisation: Callable[[str], Organisation | None], *, public_address: str
) -> APIRouter:
    """`organisation` is the policy's register, by id; it is asked once the house is open."""
    counter = Counter(enquiries, organisation, public_address)
    routes = APIRouter()
    routes.add_api_route(
        "/api/v1/verifications",
        counter.verify,
        methods=["POST"],
        summary="What is known of a code, a text, or a text and its C2PA manifest",
        response_class=Response,
        responses=answers(REPORT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.TOO_MANY_REQUESTS),
        openapi_extra=QUESTION,
    )
    routes.add_api_route("/v/{code}/receipt.json", counter.receipt, methods=["GET"], include_in_schema=False)
    routes.add_api_route("/v/{code}/qr.svg", counter.qr, methods=["GET"], include_in_schema=False)
    return routes


class Counter:
    """Answers programs."""

    def __init__(
        self, enquiries: Enquiries, organisation: Callable[[str], Organisation | None], public_address: str
    ) -> None:
        self._enquiries = enquiries
        self._organisation = organisation
        self._public_address = public_address

    async def verify(self, request: Request) -> Response:
        """`{code?, text?, manifest?}` in strict JSON; the report."""
        code, text, manifest = _question(await self._enquiries.read(request, _MOST_BODY))
        try:
            verdict = await self._enquiries.ask(code, text, manifest)
        except ManifestUnreadable:
            raise InvalidRequest(Fault("/manifest", "must be a C2PA manifest store")) from None
        said = view(verdict, self._body, self._body(self._enquiries.organisation))
        return self._answer(self._report(verdict, said))

    async def receipt(self, request: Request, code: str) -> Response:
        """The proof that the log tells of this output. Of a letter, and of what did not leave, there is none at any address."""
        self._enquiries.count(request)
        if read_code(code) != code:
            raise UnknownRoute
        (told,) = (await self._enquiries.ask(code)).codes
        if told.facts is None:
            raise UnknownRoute
        if told.facts.receipt is None:
            raise Busy
        return self._answer(told.facts.receipt.document())

    async def qr(self, request: Request, code: str) -> Response:
        """The address of a code. It is drawn of any code, whether it is known or not."""
        self._enquiries.count(request)
        if read_code(code) != code:
            raise UnknownRoute
        return Response(qr(f"{self._public_address}/v/{code}"), media_type="image/svg+xml", headers=_QR_HEADERS)

    def _answer(self, document: Mapping[str, Json]) -> Response:
        return Response(orjson.dumps(document), media_type=_TYPE, headers={"cache-control": "no-store"})

    def _report(self, verdict: Verdict, said: View) -> Mapping[str, Json]:
        told = [*verdict.codes, *verdict.found]
        pairs = list(zip(told, said.answers, strict=True)) if told else []
        summary = said.answers[0].said if said.answers else None
        return {
            "summary": _both(summary) if summary else None,
            "codes": [self._told(*each) for each in pairs[: len(verdict.codes)]],
            "found": [self._told(*each) for each in pairs[len(verdict.codes) :]],
            "marks": [_both(each) for each in said.marks],
            "notes": [_both(each) for answer in said.answers[:1] for each in answer.notes],
            "warnings": [_both(each) for each in said.warnings],
            "manifest": _manifest(verdict, said),
        }

    def _told(self, told: Told, answer: Answer) -> Mapping[str, Json]:
        facts = told.facts
        return {
            "code": told.code,
            "address": f"{self._public_address}/v/{told.code}",
            "standing": told.standing.value,
            "organisation": _organisation(answer.body) if told.organisation else None,
            "kind": facts.profile.value if facts else None,
            "status": facts.status.value if facts else None,
            "day": facts.day.isoformat() if facts else None,
            "edited": facts.edited if facts else None,
            "comparison": told.comparison.value if told.comparison else None,
            "manifest": told.manifest.state.value if told.manifest else None,
            "said": _both(answer.said),
            "receipt": facts.receipt.document() if facts and facts.receipt else None,
        }

    def _body(self, organisation: str) -> PublicBody:
        return PublicBody.of(organisation, self._organisation(organisation))


def _question(tree: Mapping[str, Json]) -> tuple[str, str, bytes]:
    """Code, text and manifest; what is left out is empty. Raises `InvalidRequest` with all faults, `TooLarge`."""
    faults = [Fault("", f"must hold {', '.join(_FIELDS)} and nothing else")] if tree.keys() - {*_FIELDS} else []
    faults += [Fault(f"/{name}", "must be a string") for name in _FIELDS if not isinstance(tree.get(name, ""), str)]
    if faults:
        raise InvalidRequest(*faults)
    entry, text, encoded = (str(tree.get(name, "")) for name in _FIELDS)
    code, manifest = read_code(entry), _decoded(encoded)
    if "code" in tree and code is None:
        faults.append(Fault("/code", "must be 12 characters of 0-9 and A-Z"))
    if "text" in tree and not text.strip():
        faults.append(Fault("/text", "must hold more than white space"))
    if "manifest" in tree and (not manifest or "text" not in tree):
        faults.append(Fault("/manifest", "must be base64, and its text must be given"))
    if not tree:
        faults.append(Fault("", "must hold a code or a text"))
    if faults:
        raise InvalidRequest(*faults)
    if len(text.encode()) > MOST_TEXT or len(manifest or b"") > MOST_BYTES:
        raise TooLarge
    return code or "", text, manifest or b""


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None


def _manifest(verdict: Verdict, said: View) -> Mapping[str, Json] | None:
    """Of a manifest that was handed in: what C2PA says of it, and who says what in it."""
    report = verdict.manifest
    if report is None or said.manifest is None:
        return None
    return {
        "state": report.state.value,
        "said": _both(said.manifest),
        "title": report.title,
        "identifier": report.identifier,
        "publisher": report.publisher,
        "signer": report.signer,
        "actions": [
            {"action": each.name, "when": each.when, "source": each.source, "agent": each.agent}
            for each in report.actions
        ],
        "faults": list(report.faults),
    }


def _organisation(body: PublicBody) -> Mapping[str, Json]:
    return {
        "id": body.id,
        "name": body.name,
        "contact": body.contact,
        "complaint": body.complaint or None,
        "objection": body.objection or None,
    }


def _both(text: LocalText) -> Mapping[str, Json]:
    return {"nl": text.nl, "en": text.en}
