# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A setup link in a real browser: who gets to see its secret, with and without scripts, and what another site can do."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from app.domain.review import Role
from app.identity.sessions import csrf
from tests.browser.chromium import chromium, person, turn
from tests.paper_desk import paper_desk
from tests.people import OPERATOR, PASSWORD

pytestmark = pytest.mark.needs("chromium")


async def choose_password(page: Page) -> None:
    """Then sign in with it."""
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_label("The same password again").fill(PASSWORD)
    await turn(page, page.get_by_role("button", name="Set password").click())
    await expect(page.get_by_text("Your password has been set.")).to_be_visible()
    await page.get_by_label("Name").fill("bram")
    await page.get_by_label("Password").fill(PASSWORD)
    await turn(page, page.get_by_role("button", name="Sign in").click())
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
async def test_the_secret_of_a_link_is_in_no_address_that_is_asked_for(tmp_path: Path, script: bool) -> None:
    async with paper_desk(tmp_path) as desk, chromium() as browser:
        _, secret = await desk.people.accounts.create("bram", [Role.REVIEWER], by=OPERATOR)
        asked: list[str] = []
        async with person(browser, desk.address, java_script_enabled=script) as page:
            page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
            await page.goto(f"/review/setup#{secret}")
            field = page.get_by_label("Code")
            if script:
                await expect(field).to_have_value(secret)
                assert page.url == f"{desk.address}/review/setup"
            else:
                await expect(field).to_have_value("")
                await field.fill(secret)
            asked = [told.replace(f"#{secret}", "", 1) for told in asked]  # the driver names the part that is not sent
            await choose_password(page)
            cookies = {cookie["name"]: cookie for cookie in await page.context.cookies()}
    assert len(asked) > 3
    assert [told for told in asked if secret in told] == []
    assert (cookies["waarmerk"]["httpOnly"], cookies["waarmerk"]["sameSite"]) == (True, "Lax")


async def test_another_origin_cannot_send_a_form_even_with_the_right_token(tmp_path: Path) -> None:
    """Another port of the same host: the cookie goes along, so only what the browser says of the origin tells."""
    strange = "http://127.0.0.1:9"
    async with paper_desk(tmp_path) as desk, chromium() as browser:
        await desk.people.reviewer()
        cookie = await desk.people.cookie()
        form = (
            f'<form method="post" action="{desk.address}/review/sign-out">'
            f'<input name="csrf" value="{csrf(cookie)}"><button>Go</button></form>'
        )
        async with person(browser, desk.address, cookie) as page:
            await page.route(f"{strange}/**", lambda route: route.fulfill(body=form, content_type="text/html"))
            await page.goto(f"{strange}/")
            async with page.expect_response(f"{desk.address}/review/sign-out") as told:
                await page.get_by_role("button", name="Go").click()
            answer = await told.value
            assert (answer.status, (await answer.request.all_headers())["cookie"]) == (400, f"waarmerk={cookie}")
            await page.goto(f"{desk.address}/review/")
            await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
