# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The doorman before a page, with a real session behind the cookie."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Request, Response

from app.domain.review import Role
from app.identity.sessions import csrf
from app.web.forms import form
from app.web.pages import PageRoute
from app.web.session import Cookie, Doorman
from tests.pages import client
from tests.people import OPERATOR, People, people

ADDRESS = "https://waarmerk.example"
OWN = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[People]:
    async with people(tmp_path) as opened:
        await opened.reviewer()
        yield opened


@pytest.fixture
def changed() -> list[str]:
    """What forms that came through said."""
    return []


@pytest.fixture
def browser(house: People, changed: list[str]) -> httpx.AsyncClient:
    doorman = Doorman(lambda: house.sessions, ADDRESS)
    routes = APIRouter(route_class=PageRoute)

    @routes.get("/review/page")
    async def look(request: Request) -> dict[str, str]:
        signed = await doorman.require(request, Role.REVIEWER, Role.AUDITOR)
        return {"name": signed.reviewer.name, "csrf": signed.csrf}

    @routes.get("/review/policy")
    async def policy(request: Request) -> None:
        await doorman.require(request, Role.POLICY_OFFICER)

    @routes.get("/review/any")
    async def anybody(request: Request) -> None:
        await doorman.require(request)

    @routes.post("/review/page")
    async def change(request: Request) -> None:
        await doorman.require(request, Role.REVIEWER)
        changed.append((await form(request)).one("what"))

    made = client(routes)
    made.base_url = httpx.URL(ADDRESS)
    return made


@pytest.fixture
async def signed_in(house: People, browser: httpx.AsyncClient) -> str:
    """The cookie that the browser has."""
    cookie = await house.cookie()
    browser.cookies.set("__Host-waarmerk", cookie)
    return cookie


async def test_a_page_knows_who_asks(browser: httpx.AsyncClient, signed_in: str) -> None:
    assert (await browser.get("/review/page")).json() == {"name": "anna", "csrf": csrf(signed_in)}


@pytest.mark.parametrize("cookies", [{}, {"__Host-waarmerk": ""}, {"__Host-waarmerk": "x"}, {"waarmerk": "{}"}])
async def test_who_is_not_signed_in_is_led_to_the_form_and_back(
    browser: httpx.AsyncClient, house: People, cookies: dict[str, str]
) -> None:
    cookie = await house.cookie()
    for name, value in cookies.items():
        browser.cookies.set(name, value.format(cookie))
    answer = await browser.get("/review/page?lang=nl&x=1%202")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/review/sign-in?next=%2Freview%2Fpage%3Flang%3Dnl%26x%3D1%25202"


async def test_a_session_that_is_over_leads_to_the_form(
    browser: httpx.AsyncClient, house: People, signed_in: str, changed: list[str]
) -> None:
    house.clock.forward(minutes=30)
    assert (await browser.get("/review/page")).status_code == 303
    answer = await browser.post("/review/page", data={"csrf": csrf(signed_in), "what": "x"}, headers=OWN)
    assert (answer.status_code, answer.headers["location"], changed) == (303, "/review/sign-in", [])


async def test_a_role_is_needed(browser: httpx.AsyncClient, signed_in: str) -> None:
    answer = await browser.get("/review/policy")
    assert answer.status_code == 403
    assert "Uw account mag deze pagina niet gebruiken." in answer.text
    assert (await browser.get("/review/any")).status_code == 200


async def test_our_own_form_comes_through(browser: httpx.AsyncClient, signed_in: str, changed: list[str]) -> None:
    for headers in (OWN, {"origin": ADDRESS}, {"sec-fetch-site": "same-origin"}):
        answer = await browser.post("/review/page", data={"csrf": csrf(signed_in), "what": "x"}, headers=headers)
        assert answer.status_code == 200, answer.text
    assert changed == ["x"] * 3


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://waarmerk.example"},
        {"origin": "https://waarmerk.example.evil.example"},
        {"origin": "https://waarmerk.example:8443"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": ADDRESS, "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
async def test_a_form_from_elsewhere_is_refused_with_the_right_token(
    browser: httpx.AsyncClient, signed_in: str, changed: list[str], headers: dict[str, str]
) -> None:
    answer = await browser.post("/review/page", data={"csrf": csrf(signed_in), "what": "x"}, headers=headers)
    assert (answer.status_code, changed) == (400, [])


async def test_who_is_shut_out_while_a_form_is_on_its_way_does_nothing_with_it(
    browser: httpx.AsyncClient, house: People, signed_in: str, changed: list[str]
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield f"csrf={csrf(signed_in)}&".encode()
        await house.accounts.disable("anna", by=OPERATOR)
        yield b"what=x"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await browser.post("/review/page", content=slowly(), headers=OWN | kind)
    assert (answer.status_code, answer.headers.get("location"), changed) == (303, "/review/sign-in", [])


async def test_a_token_is_needed_once_and_of_this_session(
    browser: httpx.AsyncClient, house: People, signed_in: str, changed: list[str]
) -> None:
    token, other = csrf(signed_in), csrf(await house.cookie())
    for given in ([], [""], [other], [token[:-1]], [token + "0"], [token.upper()], ["é"], [token, token], [signed_in]):
        answer = await browser.post("/review/page", data={"csrf": given, "what": "x"}, headers=OWN)
        assert (answer.status_code, changed) == (400, []), given


async def test_a_host_that_is_ours_by_another_name_may_send_its_own_forms(
    browser: httpx.AsyncClient, signed_in: str, changed: list[str]
) -> None:
    """The guard has judged the host; the form has to come from the page of that host."""
    said = {"csrf": csrf(signed_in), "what": "x"}
    cookie = f"__Host-waarmerk={signed_in}"
    for origin, status in (("https://intern.example", 200), ("https://ander.example", 400)):
        headers = {"host": "intern.example", "origin": origin, "cookie": cookie}
        assert (await browser.post("/review/page", data=said, headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("address", "strict", "name", "flags"),
    [
        (ADDRESS, False, "__Host-waarmerk", {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}),
        (ADDRESS, True, "__Host-waarmerk", {"HttpOnly", "Path=/", "SameSite=strict", "Secure"}),
        ("http://127.0.0.1:8484", False, "waarmerk", {"HttpOnly", "Path=/", "SameSite=lax"}),
    ],
)
def test_a_cookie_is_for_this_host_and_not_for_scripts(address: str, strict: bool, name: str, flags: set[str]) -> None:
    cookie, answer = Cookie("waarmerk", address, strict=strict), Response()
    cookie.give(answer, "secret")
    first, *rest = answer.headers["set-cookie"].split("; ")
    assert (first, set(rest)) == (f"{name}=secret", flags)
    gone = Response()
    cookie.take(gone)
    assert "Max-Age=0" in gone.headers["set-cookie"]
    assert flags <= set(gone.headers["set-cookie"].split("; "))
