# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the documents promise of every operation; tests/api holds a running installation to them."""

from http import HTTPStatus
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Response
from jsonschema import Draft202012Validator

from app.domain import errors
from app.domain.errors import Fault, InvalidRequest, WaarmerkError
from app.domain.text import LocalText
from app.web.openapi import API, C2PA, KEY, PROBLEM, answers, closed, document, listed, or_null, refusals, router
from app.web.problems import problem
from tests.pages import client

ADDRESS = "https://waarmerk.example"
ROUTES = APIRouter()


@ROUTES.get(
    "/api/v1/things/{thing}",
    response_class=Response,
    responses=answers(closed(name={"type": "string"}), HTTPStatus.TOO_MANY_REQUESTS),
    openapi_extra=dict(KEY),
)
async def thing(thing: int) -> Response:
    return Response(str(thing))


@ROUTES.get("/c2pa/v1/manifests", response_class=Response, responses=refusals())
async def manifests() -> Response:
    return Response()


@pytest.fixture
def app() -> FastAPI:
    made = FastAPI(openapi_url=None)
    made.include_router(ROUTES)
    return made


def test_each_api_has_its_own_document(app: FastAPI) -> None:
    told = {base: document(app, base, ADDRESS) for base in (API, C2PA)}
    assert {base: [*one["paths"]] for base, one in told.items()} == {API: ["/things/{thing}"], C2PA: ["/manifests"]}
    assert [one["servers"] for one in told.values()] == [[{"url": f"{ADDRESS}{base}"}] for base in told]


def test_what_is_invalid_is_400_and_every_answer_has_the_version(app: FastAPI) -> None:
    operation: dict[str, Any] = document(app, API, ADDRESS)["paths"]["/things/{thing}"]["get"]
    assert [*operation["responses"]] == ["200", "429", "400", "503"]
    assert all("API-Version" in answer["headers"] for answer in operation["responses"].values())
    assert ["Retry-After" in answer["headers"] for answer in operation["responses"].values()] == [
        False,
        True,
        False,
        True,
    ]
    assert operation["security"] == [{"key": []}]


def test_nothing_else_may_stand_in_what_is_closed() -> None:
    judge = Draft202012Validator(closed(frozenset({"b"}), a=or_null({"type": "integer"}), b=listed({"type": "null"})))
    assert [judge.is_valid(each) for each in ({"a": 1}, {"a": None, "b": [None]})] == [True, True]
    assert [judge.is_valid(each) for each in ({}, {"a": "1"}, {"a": 1, "c": 1}, {"a": 1, "b": [1]})] == [False] * 4


@pytest.mark.parametrize(
    "error",
    [
        WaarmerkError(),
        InvalidRequest(Fault("/text", "must be a text")),
        errors.Denied("no-contract", LocalText("a.", "a."), LocalText("b.", "b."), source="x", alternative="y"),
        errors.NotAuthenticated(),
        errors.Busy(),
    ],
)
def test_a_problem_is_what_is_said_of_it(error: WaarmerkError) -> None:
    Draft202012Validator(PROBLEM).validate(problem(error, ADDRESS).body)


async def test_the_documents_are_handed_out(app: FastAPI) -> None:
    async with client(router(app, ADDRESS)) as browser:
        told = [await browser.get(f"{base}/openapi.json") for base in (API, C2PA)]
    assert [answer.json()["openapi"] for answer in told] == ["3.1.0"] * 2
    assert [answer.headers["access-control-allow-origin"] for answer in told] == ["*"] * 2
