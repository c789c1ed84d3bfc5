# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The doors of the desk, as a browser meets them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import APIRouter, Request

from app.domain.review import Role
from app.identity.sessions import csrf
from app.web.pages import PAGE_HEADERS, PageRoute
from app.web.session import Doorman
from app.web.sign_in import local, router
from tests.pages import client
from tests.people import OPERATOR, PASSWORD, People, people

ADDRESS = "https://waarmerk.example"
OWN = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[People]:
    async with people(tmp_path) as opened:
        await opened.reviewer()
        yield opened


@pytest.fixture
def refused() -> list[str]:
    """What security was told."""
    return []


@pytest.fixture
def browser(house: People, refused: list[str]) -> httpx.AsyncClient:
    doorman = Doorman(lambda: house.sessions, ADDRESS)
    desk = APIRouter(route_class=PageRoute)

    @desk.get("/review/")
    async def first_page(request: Request) -> str:
        return (await doorman.require(request)).csrf

    doors = router(
        lambda: house.accounts,
        lambda: house.sessions,
        doorman,
        ADDRESS,
        lambda name, peer: refused.append(f"{name} {peer}"),
    )
    made = client(doors, desk)
    made.base_url = httpx.URL(ADDRESS)
    return made


def token(page: httpx.Response) -> str:
    found = re.findall(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert len(found) == 1, page.text
    return str(found[0])


async def sign_in(browser: httpx.AsyncClient, *, after: str = "", **said: str) -> httpx.Response:
    """Ask for the form and send it, as it is or with other values."""
    shown = await browser.get("/review/sign-in", params={"next": after})
    form = {"csrf": token(shown), "next": after, "name": "anna", "password": PASSWORD, **said}
    return await browser.post("/review/sign-in", data=form, headers=OWN)


async def set_up(browser: httpx.AsyncClient, secret: str, **said: str) -> httpx.Response:
    shown = await browser.get("/review/setup")
    form = {"csrf": token(shown), "secret": secret, "password": PASSWORD, "again": PASSWORD, **said}
    return await browser.post("/review/setup", data=form, headers=OWN)


async def inside(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/review/")).status_code == 200


async def test_a_person_comes_in_and_goes_out(browser: httpx.AsyncClient, house: People) -> None:
    assert not await inside(browser)
    answer = await sign_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/")
    flags = set(answer.headers.get_list("set-cookie")[0].split("; ")[1:])
    assert flags == {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}
    assert await inside(browser)
    cookie = browser.cookies["__Host-waarmerk"]
    own = (await browser.get("/review/")).json()
    answer = await browser.post("/review/sign-out", data={"csrf": own}, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/sign-in?after=left")
    assert "__Host-waarmerk" not in browser.cookies
    browser.cookies.set("__Host-waarmerk", cookie)
    assert not await inside(browser)
    assert "U bent uitgelogd." in (await browser.get("/review/sign-in?after=left")).text


@pytest.mark.parametrize("said", [{"password": "wrong"}, {"name": "piet"}, {"name": "<b>", "password": ""}])
async def test_what_is_wrong_is_told_the_same_and_told_to_security(
    browser: httpx.AsyncClient, refused: list[str], said: dict[str, str]
) -> None:
    answer = await sign_in(browser, **said)
    assert answer.status_code == 403
    assert "Naam of wachtwoord klopt niet." in answer.text
    assert "<b>" not in answer.text
    assert PASSWORD not in answer.text
    assert refused == ["not-signed-in 127.0.0.1"]
    assert not await inside(browser)


async def test_after_five_it_is_told_to_wait(browser: httpx.AsyncClient, refused: list[str]) -> None:
    for _ in range(5):
        await sign_in(browser, password="wrong")
    answer = await sign_in(browser)
    assert (answer.status_code, refused[-1]) == (429, "too-many-attempts 127.0.0.1")
    assert not await inside(browser)


async def test_a_session_of_before_is_not_the_session_of_after(browser: httpx.AsyncClient, house: People) -> None:
    browser.cookies.set("__Host-waarmerk", "fixed-by-somebody", domain="waarmerk.example")
    await sign_in(browser)
    first = browser.cookies["__Host-waarmerk"]
    assert first != "fixed-by-somebody"
    await sign_in(browser)
    assert browser.cookies["__Host-waarmerk"] != first
    browser.cookies.set("__Host-waarmerk", first, domain="waarmerk.example")
    assert not await inside(browser)


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}],
)
@pytest.mark.parametrize("door", ["sign-in", "sign-out", "setup"])
async def test_no_door_opens_for_another_site(
    browser: httpx.AsyncClient, house: People, door: str, headers: dict[str, str]
) -> None:
    if door == "sign-out":
        await sign_in(browser)
        form = {"csrf": (await browser.get("/review/")).json()}
    else:
        form = {"csrf": token(await browser.get(f"/review/{door}")), "name": "anna", "password": PASSWORD, "next": ""}
        form |= {"secret": "x", "again": PASSWORD}
    answer = await browser.post(f"/review/{door}", data=form, headers=headers)
    assert answer.status_code == 400
    assert await inside(browser) == (door == "sign-out")


@pytest.mark.parametrize("given", [None, "", "0" * 64])
@pytest.mark.parametrize("door", ["sign-in", "sign-out", "setup"])
async def test_no_door_opens_without_its_token(browser: httpx.AsyncClient, door: str, given: str | None) -> None:
    if door == "sign-out":
        await sign_in(browser)
    else:
        await browser.get(f"/review/{door}")
    form = {"name": "anna", "password": PASSWORD, "next": "", "secret": "x", "again": PASSWORD}
    answer = await browser.post(f"/review/{door}", data=form if given is None else form | {"csrf": given}, headers=OWN)
    assert answer.status_code == 400
    assert await inside(browser) == (door == "sign-out")


async def test_a_token_without_the_browsers_half_opens_nothing(browser: httpx.AsyncClient) -> None:
    """Somebody who has a form of his own cannot have another fill it in."""
    mine = token(await browser.get("/review/sign-in"))
    browser.cookies.clear()
    form = {"csrf": mine, "name": "anna", "password": PASSWORD, "next": ""}
    assert (await browser.post("/review/sign-in", data=form, headers=OWN)).status_code == 400
    computed = form | {"csrf": csrf("")}
    assert (await browser.post("/review/sign-in", data=computed, headers=OWN)).status_code == 400
    await browser.get("/review/sign-in")
    assert (await browser.post("/review/sign-in", data=form, headers=OWN)).status_code == 400
    assert not await inside(browser)


NOWHERE = [
    "",
    "https://evil.example/",
    "//evil.example/review/",
    "/\\evil.example",
    "/review/\\evil.example",
    "/review//evil.example",
    "/review/../../evil",
    "/review/./x",
    "/review/a/../x",
    "/review/%2E%2e/x",
    "/review/a/%2e./x",
    "/reviewer/",
    "/problems/busy",
    "review/",
    " /review/",
    "/review/\n",
    "/review/\r\nset-cookie: a=b",
    "/review/<b>",
    "javascript:alert(1)",
    "/review/" + "a" * 500,
]


@pytest.mark.parametrize("wanted", NOWHERE)
async def test_signing_in_leads_nowhere_else(browser: httpx.AsyncClient, wanted: str) -> None:
    assert local(wanted) == "/review/"
    answer = await sign_in(browser, after=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/")


@pytest.mark.parametrize("wanted", ["/review/", "/review/rev_1", "/review/rev_1/x?lang=en&a=%20b+c", "/review/log"])
async def test_signing_in_leads_to_where_one_wanted_to_be(browser: httpx.AsyncClient, wanted: str) -> None:
    shown = await browser.get(f"/review/sign-in?next={quote(wanted)}")
    assert f'name="next" value="{wanted.replace("&", "&amp;")}"' in shown.text
    assert (await sign_in(browser, after=wanted)).headers["location"] == wanted


async def test_a_link_leads_to_a_password_and_the_password_to_the_desk(
    browser: httpx.AsyncClient, house: People
) -> None:
    _, secret = await house.accounts.create("bram", [Role.REVIEWER], by=OPERATOR)
    answer = await set_up(browser, f" {secret} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/review/sign-in?after=ready")
    assert "Uw wachtwoord is ingesteld." in (await browser.get("/review/sign-in?after=ready")).text
    assert not await inside(browser)
    await sign_in(browser, name="bram")
    assert await inside(browser)
    again = await set_up(browser, secret)
    assert again.status_code == 400
    assert "Deze code werkt niet" in again.text


async def test_a_link_that_is_too_old_sets_nothing(
    browser: httpx.AsyncClient, house: People, refused: list[str]
) -> None:
    _, secret = await house.accounts.create("bram", [Role.REVIEWER], by=OPERATOR)
    house.clock.forward(hours=72)
    assert (await set_up(browser, secret)).status_code == 400
    assert refused == ["form-refused 127.0.0.1"]
    assert (await sign_in(browser, name="bram")).status_code == 403


@pytest.mark.parametrize(
    "said", [{"again": "iets heel anders dan dat"}, {"password": "kort", "again": "kort"}], ids=["differ", "short"]
)
async def test_a_password_that_is_not_taken_leaves_the_code_in_the_form(
    browser: httpx.AsyncClient, house: People, said: dict[str, str]
) -> None:
    _, secret = await house.accounts.create("bram", [Role.REVIEWER], by=OPERATOR)
    answer = await set_up(browser, secret, **said)
    assert answer.status_code == 400
    assert f'value="{secret}"' in answer.text
    assert 'role="alert"' in answer.text
    assert (await set_up(browser, secret)).status_code == 303


async def test_no_get_changes_anything(browser: httpx.AsyncClient, house: People) -> None:
    _, secret = await house.accounts.create("bram", [Role.REVIEWER], by=OPERATOR)
    await sign_in(browser)
    before = house.records(), await house.accounts.users()
    for address in (
        f"/review/setup?secret={secret}&password={quote(PASSWORD)}&again={quote(PASSWORD)}",
        f"/review/sign-in?name=anna&password={quote(PASSWORD)}",
        "/review/sign-out",
    ):
        answer = await browser.get(address)
        assert answer.status_code in {200, 404, 405}
        assert f'value="{secret}"' not in answer.text
    assert (house.records(), await house.accounts.users()) == before
    assert await inside(browser)


@pytest.mark.parametrize("address", ["/review/sign-in", "/review/setup", "/review/"])
async def test_every_answer_tells_the_browser_what_it_may(browser: httpx.AsyncClient, address: str) -> None:
    answer = await browser.get(address)
    assert answer.headers.items() >= PAGE_HEADERS.items()
    assert answer.headers["referrer-policy"] == "same-origin"
