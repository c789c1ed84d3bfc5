# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Debian's Chromium, driven by Playwright; it brings no browser of its own and asks nothing of the outside."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright, expect

from tests.node import installed

HERE = Path(__file__).parent
NARROW, WIDE = 390, 1280
_PATIENCE = 60_000
"""Milliseconds: the machine may be busy with other tests."""
_LATE = 0.2
"""Seconds that styles and scripts come after their page, as on a slow line: what does not wait for them fails each time."""
_FLAGS = (
    "--no-sandbox",  # it runs as root in a container, and opens nothing but this service
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Witness:
    """What a page did that nobody asked for."""

    origin: str
    strangers: list[str] = field(default_factory=list)
    """Addresses outside the service that the page asked for."""
    said: list[str] = field(default_factory=list)
    """Errors, dialogs, and what was written to the console."""

    def watch(self, page: Page) -> None:
        """From now on."""
        page.on("request", lambda request: self._judge(request.url))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", lambda message: self.said.append(message.text))

    def _judge(self, address: str) -> None:
        if urlsplit(address).scheme != "data" and not address.startswith(f"{self.origin}/"):
            self.strangers.append(address)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser that this machine has."""
    executable = shutil.which("chromium")
    expect.set_options(timeout=_PATIENCE)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=executable, args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def person(browser: Browser, address: str, cookie: str = "", **settings: Any) -> AsyncIterator[Page]:  # noqa: ANN401
    """A page of somebody with a browser of their own; signed in when they have a cookie."""
    wanted = {"viewport": {"width": WIDE, "height": 860}, "locale": "en-GB", **settings}
    context: BrowserContext = await browser.new_context(base_url=address, **wanted)
    context.set_default_timeout(_PATIENCE)
    await context.route("**/*.{js,css}", _late)
    try:
        if cookie:
            await context.add_cookies([{"name": "waarmerk", "value": cookie, "url": address}])
        yield await context.new_page()
    finally:
        await context.close()


async def turn(page: Page, act: Awaitable[None]) -> None:
    """Do what brings the next page, and wait until that is whole, with its styles and scripts."""
    async with page.expect_navigation(wait_until="load"):
        await act


async def _late(route: Route) -> None:
    await asyncio.sleep(_LATE)
    await route.continue_()


def axe_source() -> str:
    """What the lock names."""
    return (installed(HERE) / "node_modules" / "axe-core" / "axe.min.js").read_text()
