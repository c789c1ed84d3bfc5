# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""People of a running installation: let in by the operator's command, at work by the forms as they stand on the pages."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.cli.demo.visitor import Page, Visitor
from tests.installation import Installation
from tests.people import PASSWORD


async def link(waarmerk: Installation, name: str, role: str = "reviewer", *options: str) -> str:
    """The setup link that `waarmerk user add` shows once."""
    told = await waarmerk.command("user", "add", name, "--role", role, *options)
    found = re.search(rf"{re.escape(waarmerk.address)}/review/setup#\S+", told)
    assert found, told
    return found[0]


class Clerk:
    """Somebody who is signed in, and has no screen. Every step is a page that was opened and a form that was on it."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    async def see(self, path: str) -> Page:
        return await asyncio.to_thread(self._visitor.visit, path)

    async def do(self, page: Page, act: str, **typed: str) -> Page:
        """Send the form of this act with every box ticked; what came back."""
        shown = await self.attempt(page, act, **typed)
        assert shown.status == 200, shown.text
        return shown

    async def attempt(self, page: Page, act: str, **typed: str) -> Page:
        """The same, whatever comes back."""
        return await asyncio.to_thread(lambda: self._visitor.send(page, f"/{act}", **typed))

    async def claim(self, review: str) -> Page:
        return await self.do(await self.see(f"/review/{review}"), "claim")

    async def approve(self, review: str) -> Page:
        return await self.do(await self.claim(review), "approve")

    async def reject(self, review: str) -> Page:
        return await self.do(await self.claim(review), "reject", reason="facts", comment="Het jaar klopt niet.")


@asynccontextmanager
async def clerk(waarmerk: Installation, name: str, role: str = "reviewer") -> AsyncIterator[Clerk]:
    """Let in, with a password of their own, and signed in."""
    _, _, secret = (await link(waarmerk, name, role)).partition("#")
    with Visitor(waarmerk.address) as visitor:
        await asyncio.to_thread(_settle, visitor, name, secret)
        yield Clerk(visitor)


def _settle(visitor: Visitor, name: str, secret: str) -> None:
    setup = "/review/setup"
    visitor.send(visitor.visit(setup), setup, secret=secret, password=PASSWORD, again=PASSWORD)
    visitor.sign_in(name, PASSWORD)
