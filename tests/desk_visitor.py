# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody at the desk without a screen, who fills in forms as they stand on the page."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from urllib.parse import urlencode

import httpx

from app.cli.demo.visitor import Form, _page
from app.domain.review import Role
from tests.paper_desk import PaperDesk


def form_of(shown: httpx.Response, ending: str) -> Form:
    """The form of this page whose address ends so."""
    return _page(str(shown.url), shown.status_code, shown.text).form(ending)


@asynccontextmanager
async def browser(
    desk: PaperDesk, name: str = "anna", *roles: Role, language: str = "en"
) -> AsyncIterator[httpx.AsyncClient]:
    """Of somebody who is signed in."""
    cookie = await desk.cookie(name, *(roles or (Role.REVIEWER,)))
    async with httpx.AsyncClient(
        base_url=desk.address,
        cookies={"waarmerk": cookie, "lang": language},
        headers={"origin": desk.address},
        follow_redirects=False,
        timeout=60,
    ) as client:
        yield client


async def send(client: httpx.AsyncClient, path: str, act: str, *more: tuple[str, str], **typed: str) -> httpx.Response:
    """Fill in and send the form of this act as the page has it; what is not named stays as it stands."""
    shown = await client.get(path)
    form = form_of(shown, f"/{act}")
    fields = [(name, typed.get(name, value)) for name, value in form.fields if name != "attest"]
    fields += [(name, value) for name, value in typed.items() if name not in dict(fields)]
    return await post(client, form.action, [*fields, *more])


async def post(client: httpx.AsyncClient, path: str, fields: list[tuple[str, str]]) -> httpx.Response:
    return await client.post(
        path, content=urlencode(fields), headers={"content-type": "application/x-www-form-urlencoded"}
    )


def words(answer: httpx.Response) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", answer.text)))
