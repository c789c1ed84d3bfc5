# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every problem type resolves, for people and for machines, in two languages."""

from html import unescape

import httpx
import pytest

from app.web.edge import EDGE_PROBLEMS
from app.web.problem_pages import CATALOGUE, router
from tests.pages import client


@pytest.mark.parametrize("name", sorted(CATALOGUE))
async def test_every_type_has_a_page(name: str) -> None:
    async with client(router()) as browser:
        page = await browser.get(f"/problems/{name}", headers={"accept": "text/html,*/*"})
        data = await browser.get(f"/problems/{name}")
        english = await browser.get(f"/problems/{name}?lang=en", headers={"accept": "text/html"})
    kind = CATALOGUE[name]
    assert kind.title.en in unescape(english.text)
    assert page.headers["content-type"].startswith("text/html")
    assert kind.title.nl in unescape(page.text)
    assert 'lang="nl"' in page.text
    assert data.json()["remedy"] == {"nl": kind.remedy.nl, "en": kind.remedy.en}


@pytest.mark.parametrize("name", sorted(EDGE_PROBLEMS))
async def test_what_is_refused_at_the_edge_is_explained_too(name: str) -> None:
    async with client(router()) as browser:
        answer = await browser.get(f"/problems/{name}")
    assert answer.json() == {
        "name": name,
        "title": {"en": EDGE_PROBLEMS[name].title},
        "remedy": {"en": EDGE_PROBLEMS[name].detail},
    }


async def test_an_unknown_type_is_an_unknown_route() -> None:
    async with client(router()) as browser:
        answer: httpx.Response = await browser.get("/problems/no-such-thing")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-route")
