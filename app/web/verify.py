# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/verify` and `/v/{code}`: a citizen with a letter. One question, answered in a sentence first.

What is typed goes in a form, never in an address: addresses are kept by browsers and logged by proxies. The address with a code
is what stands under a text, so it is public with it.
"""

import json
from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from app.domain.errors import TooLarge
from app.domain.ids import read_code
from app.policy.organisation import Organisation
from app.web.enquiry import MOST_TEXT, Enquiries
from app.web.forms import Form, form
from app.web.pages import PageRoute, page, see_other
from app.web.problems import problem
from app.web.rate import TooOften
from app.web.verify_view import Answer, PublicBody, view
from app.web.verify_words import VERIFY

_OK = 200
_NOT_FOUND = 404
_WRONG = 400


def router(
    enquiries: Enquiries, organisation: Callable[[str], Organisation | None], *, public_address: str
) -> APIRouter:
    """`organisation` is the policy's register, by id; it is asked once the house is open."""
    desk = CitizenDesk(enquiries, organisation, public_address)
    routes = APIRouter(include_in_schema=False, route_class=PageRoute)
    routes.add_api_route("/verify", desk.question, methods=["GET"])
    routes.add_api_route("/verify", desk.answer, methods=["POST"])
    routes.add_api_route("/v/{entry}", desk.by_code, methods=["GET"])
    return routes


class CitizenDesk:
    """Shows one page: the question, and what is known."""

    def __init__(
        self, enquiries: Enquiries, organisation: Callable[[str], Organisation | None], public_address: str
    ) -> None:
        self._enquiries = enquiries
        self._organisation = organisation
        self._public_address = public_address

    async def question(self, request: Request) -> Response:
        """The empty form."""
        return self._show(request)

    async def by_code(self, request: Request, entry: str) -> Response:
        """What a code alone says; another spelling of a code leads to the one that is printed."""
        code = read_code(entry)
        if code is None:
            return self._show(request, status=_NOT_FOUND, fault="verify.no_code")
        if code != entry:
            return see_other(f"/v/{code}")
        try:
            self._enquiries.count(request)
        except TooOften as error:
            return self._too_often(request, error)
        return await self._answered(request, code, "")

    async def answer(self, request: Request) -> Response:
        """What code and text say together; either may be left out."""
        try:
            filled = await self._enquiries.receive(request, form)
        except TooOften as error:
            return self._too_often(request, error)
        entry, text = _optional(filled, "code").strip(), _optional(filled, "text")
        if len(text.encode()) > MOST_TEXT:
            raise TooLarge
        code = read_code(entry) or ""
        if not code and not text.strip():
            fault = "verify.no_code" if entry else "verify.nothing_typed"
            return self._show(request, status=_WRONG, fault=fault, code=entry)
        return await self._answered(request, code, text, fault="verify.no_code" if entry and not code else "")

    async def _answered(self, request: Request, code: str, text: str, fault: str = "") -> Response:
        try:
            self._enquiries.weigh(request, len(text))
        except TooOften as error:
            return self._too_often(request, error)
        verdict = await self._enquiries.ask(code, text)
        said = view(verdict, self._body, self._body(self._enquiries.organisation))
        known = not code or bool(text.strip()) or verdict.codes[0].organisation
        return self._show(
            request,
            status=_OK if known else _NOT_FOUND,
            fault=fault,
            code=code,
            answers=said.answers,
            marks=said.marks,
            warnings=said.warnings,
            compared=bool(text.strip()),
        )

    def _too_often(self, request: Request, error: TooOften) -> Response:
        told = problem(error, self._public_address)
        refused = page("error.html", request, status=told.status, error=error)
        refused.headers["retry-after"] = told.headers["retry-after"]
        return refused

    def _show(self, request: Request, status: int = _OK, fault: str = "", **values: object) -> Response:
        given = {"code": "", "answers": [], "marks": [], "warnings": [], "compared": False} | values
        return page(
            "verify.html",
            request,
            status=status,
            words=VERIFY,
            house=self._body(self._enquiries.organisation),
            origin=self._public_address,
            fault=VERIFY[fault] if fault else None,
            receipt=_receipt,
            **given,
        )

    def _body(self, organisation: str) -> PublicBody:
        return PublicBody.of(organisation, self._organisation(organisation))


def _optional(filled: Form, name: str) -> str:
    return filled.one(name) if filled.all(name) else ""


def _receipt(answer: Answer) -> str:
    """As it is downloaded."""
    return json.dumps(answer.receipt.document() if answer.receipt else None, indent=2)
