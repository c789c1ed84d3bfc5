# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""WCAG 2.2 AA as far as a machine can see it: axe-core on every page, light and dark, wide and narrow; nothing to scroll sideways."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from app.domain.review import HoldState, Role
from tests.browser.chromium import HERE, NARROW, WIDE, axe_source, chromium, person
from tests.paper_desk import ANSWER, TWO, PaperDesk, paper_desk

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("npm")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then((found) => found.violations)"
"""What is in order is not fetched: that would take most of the time."""
LARGE_TEXT = 320
"""A screen of 1280 pixels at 400 % (WCAG 1.4.10)."""


async def furnish(desk: PaperDesk) -> Mapping[str, str]:
    """Something of every kind; the addresses of all pages."""
    now = desk.people.clock.now()
    cookie = await desk.cookie("anna", Role.REVIEWER)
    anna = (await desk.people.sessions.reviewer(cookie)).id
    lease: dict[str, Any] = {
        "state": HoldState.CLAIMED,
        "claimed_by": anna,
        "claimed_until": now + timedelta(minutes=9),
    }
    bram = await desk.people.reviewer("bram", Role.REVIEWER)
    pending = desk.pipeline.add(expires_at=now + timedelta(hours=3))
    mine = desk.pipeline.add(ANSWER, "Een tweede antwoord.", expires_at=now + timedelta(days=2), **lease)
    evil = desk.pipeline.add("Bel\u200b 0900-8080 of p\u0430ypal.", application="wmo", **lease)
    busy = desk.pipeline.add(review_class=TWO, **{**lease, "claimed_by": bram})
    sent_back = desk.pipeline.add(state=HoldState.CHANGES_REQUESTED, reason="tone")
    collecting = desk.pipeline.add(state=HoldState.COLLECTING)
    desk.pipeline.sheets[collecting.id].texts.clear()
    forbidden = desk.pipeline.add(requester=None, **lease)
    approved = desk.pipeline.add(state=HoldState.APPROVED, closed_at=now, fetched_at=now)
    desk.pipeline.add(state=HoldState.REJECTED, closed_at=now, reason="facts")
    edited = desk.pipeline.add(ANSWER)
    desk.pipeline.sheets[edited.id].texts[0] = ANSWER.replace("vijf", "zes")
    data = desk.pipeline.add('{"antwoord": "Ja."}', **lease)
    desk.pipeline.sheets[data.id].data = True
    items = (pending, mine, evil, busy, sent_back, collecting, forbidden, approved, data)
    return {
        "cookie": cookie,
        "queue": "/review/?said=approve",
        "queue empty": "/review/?application=nobody",
        "closed": "/review/closed",
        "account": "/review/account",
        "changes": f"/review/{edited.id}/changes",
        "error": "/review/rev_nothing",
        **{f"item {number}": f"/review/{item.id}" for number, item in enumerate(items)},
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_axe_finds_nothing_on_any_page(tmp_path: Path, scheme: str, width: int) -> None:
    axe = axe_source()
    async with paper_desk(tmp_path) as desk, chromium() as browser:
        addresses = dict(await furnish(desk))
        cookie = addresses.pop("cookie")
        look: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 860}}
        async with person(browser, desk.address, cookie, **look) as page:
            for name, address in addresses.items():
                await page.goto(address)
                assert await violations(page, axe) == [], name
                await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
                assert await violations(page, axe) == [], f"{name}, unfolded"
            await page.keyboard.press("?")
            assert await violations(page, axe) == [], "keys"
        officer = await desk.cookie("piet", Role.POLICY_OFFICER, Role.ADMINISTRATOR)
        async with person(browser, desk.address, officer, **look) as page:
            await page.goto("/review/")
            assert await violations(page, axe) == [], "start"
        async with person(browser, desk.address, **look) as page:
            for address in ("/review/sign-in", "/review/sign-in?after=left", "/review/setup"):
                await page.goto(address)
                assert await violations(page, axe) == [], address


@pytest.mark.parametrize("width", [WIDE, 640, NARROW, LARGE_TEXT])
async def test_no_page_is_wider_than_its_window(tmp_path: Path, width: int) -> None:
    async with paper_desk(tmp_path) as desk, chromium() as browser:
        addresses = dict(await furnish(desk))
        cookie = addresses.pop("cookie")
        long_word = desk.pipeline.add(
            "paspoort" * 500, task="een-heel-lange-naam-van-een-taak-" * 4, application="a" * 60
        )
        addresses["long"] = f"/review/{long_word.id}"
        async with person(browser, desk.address, cookie, viewport={"width": width, "height": 700}) as page:
            for name, address in addresses.items():
                await page.goto(address)
                await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
                beyond = await page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert beyond == 0, name


async def violations(page: Page, axe: str) -> list[str]:
    """What axe calls wrong, with the first place of each."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(axe)
    found = await page.evaluate(LOOK, RULES)
    return [f"{each['id']}: {each['nodes'][0]['html']} {each['nodes'][0].get('failureSummary')}" for each in found]


def test_the_lock_names_hashes_and_no_addresses() -> None:
    text = (HERE / "package-lock.json").read_text()
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in text
