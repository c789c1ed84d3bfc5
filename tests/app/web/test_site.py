# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Requests go to their half, and every error of the pages' half is a problem."""

import httpx
from fastapi import APIRouter

from app.domain.errors import Busy, NotAuthenticated
from app.web.guard import Asgi, Message, Receive, Send
from app.web.openapi import API_VERSION
from app.web.site import Site, pages, versioned
from tests.pages import client, nothing_to_open

ROUTES = APIRouter()


@ROUTES.get("/busy")
async def busy() -> None:
    raise Busy


@ROUTES.get("/stranger")
async def stranger() -> None:
    raise NotAuthenticated


@ROUTES.get("/broken")
async def broken() -> None:
    raise RuntimeError("geheim")


@ROUTES.get("/api/v1/fine")
async def fine() -> int:
    return 1


@ROUTES.get("/api/v1/busy")
async def api_busy() -> None:
    raise Busy


@ROUTES.get("/api/v1/broken")
async def api_broken() -> None:
    raise RuntimeError("geheim")


@ROUTES.get("/number/{number}")
async def number(number: int) -> int:
    return number


async def test_errors_are_problems_and_tell_no_secrets() -> None:
    away: list[str] = []
    async with client(ROUTES, turned_away=away) as browser:
        answers = [await browser.get(path) for path in ("/busy", "/broken", "/nowhere", "/busy/", "/number/geheim")]
        method = await browser.post("/busy")
    assert [answer.status_code for answer in [*answers, method]] == [503, 500, 404, 404, 400, 405]
    assert all(answer.headers["content-type"] == "application/problem+json" for answer in answers)
    assert all("geheim" not in answer.text for answer in answers)
    assert answers[4].json()["faults"][0]["pointer"] == "/path/number"
    assert method.headers["allow"] == "GET"
    assert away == ["busy", "unknown-route", "unknown-route", "method-not-allowed"]


async def test_what_leaves_no_record_is_counted() -> None:
    away: list[str] = []
    async with client(ROUTES, turned_away=away) as browser:
        assert [(await browser.get(path)).status_code for path in ("/stranger", "/busy", "/broken")] == [401, 503, 500]
    assert away == ["not-authenticated", "busy"]


async def test_no_page_loads_from_elsewhere() -> None:
    async with client(ROUTES) as browser:
        assert [(await browser.get(path)).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404] * 3


async def test_every_answer_of_the_api_says_its_version_once_errors_too() -> None:
    rest = pages([ROUTES], nothing_to_open, version="0", public_address="", turned_away=lambda _name, _peer: None)
    transport = httpx.ASGITransport(versioned(Site(rest, ("/v1/",), rest)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as browser:
        answers = [await browser.get(f"/api/v1/{name}") for name in ("fine", "busy", "broken", "nowhere")]
        others = [await browser.get(path) for path in ("/number/1", "/busy", "/v1/models")]
    assert [answer.status_code for answer in answers] == [200, 503, 500, 404]
    assert [answer.headers.get_list("api-version") for answer in answers] == [[API_VERSION]] * 4
    assert [answer.headers.get_list("api-version") for answer in others] == [[]] * 3


async def test_the_prefix_decides_which_half_answers() -> None:
    async def models(_scope: Message, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    rest = pages([ROUTES], nothing_to_open, version="0", public_address="", turned_away=lambda _name, _peer: None)
    site: Asgi = Site(models, ("/v1/",), rest)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://test") as browser:
        answers = [await browser.get(path) for path in ("/v1/models", "/v1", "/v1x/models", "/number/1")]
    assert [answer.status_code for answer in answers] == [204, 404, 404, 200]
