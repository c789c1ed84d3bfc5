# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A reviewer's day in a real browser: with keys only, with the mouse, and without scripts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Dialog, Page, Route, expect

from app.domain.review import HoldState, Role
from tests.browser.chromium import chromium, person, turn
from tests.paper_desk import PaperDesk, paper_desk
from tests.people import PASSWORD

pytestmark = pytest.mark.needs("chromium")


@asynccontextmanager
async def anna_at_work(folder: Path, *, script: bool = True) -> AsyncIterator[tuple[PaperDesk, Page]]:
    """Two texts that wait, and somebody who signs in for them."""
    async with paper_desk(folder) as desk, chromium() as browser:
        await desk.people.reviewer("anna", Role.REVIEWER)
        now = desk.people.clock.now()
        desk.pipeline.add(task="eerste-taak", expires_at=now + timedelta(days=1))
        desk.pipeline.add(task="tweede-taak", expires_at=now + timedelta(days=2))
        async with person(browser, desk.address, java_script_enabled=script) as page:
            await page.goto("/review/")
            await page.get_by_label("Name").fill("anna")
            await page.get_by_label("Password").fill(PASSWORD)
            await turn(page, page.get_by_role("button", name="Sign in").click())
            await expect(page.get_by_role("heading", name="To review")).to_be_visible()
            yield desk, page


def states(desk: PaperDesk) -> dict[str, HoldState]:
    """By task."""
    return {sheet.hold.task: sheet.hold.state for sheet in desk.pipeline.sheets.values()}


async def test_a_day_with_keys_only(tmp_path: Path) -> None:
    async with anna_at_work(tmp_path) as (desk, page):
        keys = page.keyboard
        await keys.press("j")
        await keys.press("j")
        await keys.press("k")
        await turn(page, keys.press("Enter"))
        await expect(page.get_by_role("heading", name="eerste-taak")).to_be_visible()
        await turn(page, keys.press("c"))
        await expect(page.get_by_text("You have taken this text on.")).to_be_visible()
        await keys.press("e")
        field = page.get_by_label("The text of the model")
        await expect(field).to_be_focused()
        await keys.press("Control+End")
        await keys.type(" Bel gerust: crea.")  # c, r, e and a only type here
        await keys.press("Tab")
        await turn(page, keys.press("Enter"))
        await expect(page.get_by_text("The change is saved.")).to_be_visible()
        await keys.press("a")
        for _ in range(3):
            await keys.press("Space")
            await keys.press("Tab")
        await expect(page.get_by_role("button", name="Approve this text")).to_be_focused()
        await turn(page, keys.press("Enter"))
        await expect(page.get_by_role("heading", name="tweede-taak")).to_be_visible()
        await expect(page.get_by_text("The last text was approved.")).to_be_visible()
        await turn(page, keys.press("c"))
        await expect(page.get_by_text("You have taken this text on.")).to_be_visible()
        await keys.press("r")
        await keys.press("F")
        await keys.press("Tab")
        await keys.type("The year is wrong.")
        await keys.press("Tab")
        await turn(page, keys.press("Enter"))
        await expect(page.get_by_text("Nothing is waiting for you.")).to_be_visible()
        assert states(desk) == {"eerste-taak": HoldState.APPROVED, "tweede-taak": HoldState.REJECTED}
        first, second = desk.pipeline.sheets.values()
        assert first.texts[0].endswith("klaar. Bel gerust: crea.")
        assert second.notes[0].comment == "The year is wrong."


async def test_a_day_without_scripts(tmp_path: Path) -> None:
    async with anna_at_work(tmp_path, script=False) as (desk, page):
        await turn(page, page.get_by_role("link", name="eerste-taak").click())
        await turn(page, page.get_by_role("button", name="Take this on").click())
        for box in await page.get_by_role("checkbox").all():
            await box.check()
        await turn(page, page.get_by_role("button", name="Approve this text").click())
        await turn(page, page.get_by_role("button", name="Take this on").click())
        await page.get_by_text("Ask for changes").click()
        await page.get_by_label("Reason").first.select_option("tone")
        await page.get_by_label("Explanation").first.fill("Te stijf.")
        await turn(page, page.get_by_role("button", name="Send back for changes").click())
        await expect(page.get_by_text("The last text now waits for changes.")).to_be_visible()
        assert states(desk) == {"eerste-taak": HoldState.APPROVED, "tweede-taak": HoldState.CHANGES_REQUESTED}


async def test_one_takes_a_text_from_the_list_in_one_click(tmp_path: Path) -> None:
    async with anna_at_work(tmp_path) as (desk, page):
        await turn(page, page.get_by_role("button", name="Take tweede-taak").click())
        await expect(page.get_by_text("You have taken this text on.")).to_be_visible()
        assert states(desk)["tweede-taak"] is HoldState.CLAIMED


async def test_a_browser_sends_no_approval_that_is_not_whole(tmp_path: Path) -> None:
    async with anna_at_work(tmp_path) as (desk, page):
        await turn(page, page.get_by_role("button", name="Take eerste-taak").click())
        await page.get_by_role("checkbox").first.check()
        await page.get_by_role("button", name="Approve this text").click()
        await expect(page.get_by_role("checkbox").nth(1)).to_be_focused()
        assert states(desk)["eerste-taak"] is HoldState.CLAIMED


async def test_a_script_that_comes_late_takes_nobody_away_from_a_field(tmp_path: Path) -> None:
    async with anna_at_work(tmp_path) as (_, page):
        arrives = asyncio.Event()

        async def held_up(route: Route) -> None:
            await arrives.wait()
            await route.continue_()

        await page.route("**/desk.js", held_up)
        await page.get_by_role("button", name="Take eerste-taak").click()
        await expect(page.get_by_text("You have taken this text on.")).to_be_visible()
        await page.locator("summary", has_text="Change the text").click()
        field = page.get_by_label("The text of the model")
        await field.focus()
        arrives.set()
        await expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()
        await expect(field).to_be_focused()


async def test_keys_can_be_listed_and_switched_off(tmp_path: Path) -> None:
    async with anna_at_work(tmp_path) as (_, page):
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        await page.keyboard.press("j")
        await page.get_by_label("Use keyboard shortcuts").uncheck()
        await page.keyboard.press("Escape")
        for path in ("/review/", "/review/closed"):
            await page.goto(path)
            await page.keyboard.press("?")
            await page.keyboard.press("j")
            await expect(page.get_by_role("dialog")).not_to_be_visible()
        await page.get_by_role("button", name="Keyboard shortcuts").click()
        await page.get_by_label("Use keyboard shortcuts").check()
        await page.get_by_role("button", name="Close").click()
        await page.goto("/review/")
        await page.keyboard.press("j")
        await expect(page.get_by_role("link", name="eerste-taak")).to_be_focused()


async def test_typed_text_is_not_lost_by_accident(tmp_path: Path) -> None:
    async with anna_at_work(tmp_path) as (_, page):
        await turn(page, page.get_by_role("button", name="Take eerste-taak").click())
        asked: list[str] = []

        async def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            await dialog.dismiss()

        page.on("dialog", stay)
        await expect(page.get_by_text("You have taken this text on.")).to_be_visible()
        await page.keyboard.press("e")
        await page.get_by_label("The text of the model").fill("Half af")
        await page.get_by_role("link", name="Back to the list").click()
        await expect(page.get_by_label("The text of the model")).to_have_value("Half af")
        assert asked == ["beforeunload"]
        await turn(page, page.get_by_role("button", name="Save the change").click())
        await expect(page.get_by_text("The change is saved.")).to_be_visible()
        assert asked == ["beforeunload"]
