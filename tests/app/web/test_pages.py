# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import httpx
import pytest
from fastapi import APIRouter, Request, Response

from app.domain.errors import FormRefused, NotSignedIn, SeparationRefused, UnknownName, WaarmerkError
from app.domain.text import LocalText
from app.web.pages import PAGE_HEADERS, PageRoute, language_of, page, see_other
from tests.pages import client

SAID = LocalText(nl="Nee <b>.", en="No <b>.")
ERRORS: dict[str, WaarmerkError] = {
    "form": FormRefused(SAID, remedy=SAID),
    "unknown": UnknownName(),
    "separation": SeparationRefused(SAID),
    "away": NotSignedIn(),
}


@pytest.fixture
def browser() -> httpx.AsyncClient:
    routes = APIRouter(route_class=PageRoute)

    @routes.api_route("/review/error/{name}", methods=["GET", "POST"])
    async def fail(name: str) -> Response:
        raise ERRORS[name]

    @routes.get("/review/language")
    async def language(request: Request) -> str:
        return language_of(request)

    @routes.get("/review/setup")
    async def shown(request: Request) -> Response:
        return page("setup.html", request, error=None, csrf="token", secret="<'\">")

    @routes.get("/review/away")
    async def away(request: Request) -> Response:
        return see_other("/review/")

    return client(routes)


async def test_what_is_filled_in_is_never_markup(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/review/setup")
    assert 'value="&lt;&#39;&#34;&gt;"' in answer.text
    assert "{%" not in answer.text
    assert "SPDX" not in answer.text


async def test_a_page_runs_and_loads_nothing_that_is_not_ours(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/review/setup")
    assert answer.headers.items() >= PAGE_HEADERS.items()
    directives = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert directives == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert (await browser.get("/review/away")).headers.items() >= PAGE_HEADERS.items()


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "language"),
    [
        ("", "", "", "nl"),
        ("", "", "en", "en"),
        ("", "", "en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("", "", "nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("", "", "de,en;q=0.7,nl;q=0.9", "nl"),
        ("", "", "de,fr;q=0.9", "nl"),
        ("", "", "en;q=0,nl;q=0", "nl"),
        ("", "", "nonsense;;q=,en", "en"),
        ("", "en", "nl", "en"),
        ("", "xx", "en", "en"),
        ("nl", "en", "en", "nl"),
        ("xx", "en", "nl", "en"),
    ],
)
async def test_the_reader_chooses_the_language(
    browser: httpx.AsyncClient, asked: str, cookie: str, accepted: str, language: str
) -> None:
    headers = {"accept-language": accepted, "cookie": f"lang={cookie}"}
    answer = await browser.get("/review/language", params={"lang": asked} if asked else {}, headers=headers)
    assert answer.json() == language


async def test_a_choice_is_remembered_and_the_rest_of_the_address_kept(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/review/setup?a=1&lang=en")
    assert '<html lang="en"' in answer.text
    assert "Set your password" in answer.text
    assert 'href="/review/setup?a=1&amp;lang=nl"' in answer.text
    flags = answer.headers["set-cookie"].split("; ")
    assert flags[0] == "lang=en"
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(flags)
    assert "set-cookie" not in (await browser.get("/review/setup?lang=xx")).headers


@pytest.mark.parametrize(("name", "status"), [("form", 400), ("unknown", 404)])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_error_is_told_to_a_person(browser: httpx.AsyncClient, name: str, status: int, method: str) -> None:
    answer = await browser.request(method, f"/review/error/{name}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert ERRORS[name].title.nl in answer.text
    assert "<b>" not in answer.text
    assert ("lang=en" in answer.text) == (method == "GET")


async def test_who_is_not_signed_in_comes_back_to_what_he_asked_for(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/review/error/away?a=b")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/review/sign-in?next=%2Freview%2Ferror%2Faway%3Fa%3Db",
    )
    answer = await browser.post("/review/error/away?a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/sign-in")


@pytest.mark.parametrize(("development", "warned"), [(None, True), (True, True), (False, False)])
async def test_development_keys_are_told_on_every_page_unless_it_is_sure_there_are_none(
    browser: httpx.AsyncClient, development: bool | None, warned: bool
) -> None:
    transport = browser._transport  # noqa: SLF001  (the client gives no other way to its application)
    assert isinstance(transport, httpx.ASGITransport)
    if development is not None:
        transport.app.state.development = development  # type: ignore[attr-defined]
    for address in ("/review/setup", "/review/error/form"):
        assert ("ontwikkelsleutels" in (await browser.get(address)).text) is warned
