# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Requests go to their half, and every error of the pages' half is a problem."""

from typing import cast

from fastapi import APIRouter
from uvicorn._types import ASGI3Application, HTTPScope

from app.domain.errors import Busy
from app.web.site import Site
from tests.pages import client

ROUTES = APIRouter()


@ROUTES.get("/busy")
async def busy() -> None:
    raise Busy


@ROUTES.get("/broken")
async def broken() -> None:
    raise RuntimeError("geheim")


@ROUTES.get("/number/{number}")
async def number(number: int) -> int:
    return number


async def test_errors_are_problems_and_tell_no_secrets() -> None:
    away: list[str] = []
    async with client(ROUTES, turned_away=away) as browser:
        answers = [await browser.get(path) for path in ("/busy", "/broken", "/nowhere", "/busy/", "/number/geheim")]
        method = await browser.post("/busy")
    assert [answer.status_code for answer in [*answers, method]] == [503, 500, 404, 404, 400, 404]
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in answers)
    assert all("geheim" not in answer.text for answer in answers)
    assert answers[4].json()["faults"][0]["pointer"] == "/path/number"
    assert away == ["unknown-route"] * 3


async def test_no_page_loads_from_elsewhere() -> None:
    async with client(ROUTES) as browser:
        assert [(await browser.get(path)).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404] * 3


async def test_the_prefix_decides_which_half_answers() -> None:
    asked: list[str] = []

    def half(name: str) -> ASGI3Application:
        async def app(scope: object, receive: object, send: object) -> None:
            asked.append(name)

        return cast("ASGI3Application", app)

    site = Site(half("models"), ("/v1/",), half("pages"))  # type: ignore[arg-type]  # a stand-in of the same shape
    for path in ("/v1/models", "/v1", "/verify", "/v1x/models"):
        await site(cast("HTTPScope", {"type": "http", "path": path}), None, None)  # type: ignore[arg-type]
    assert asked == ["models", "pages", "pages", "pages"]
