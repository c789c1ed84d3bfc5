# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every problem type resolves, for people and for machines, in two languages: what, why, and what now."""

from html import unescape

import httpx
import pytest

from app.web.edge import EDGE_PROBLEMS
from app.web.problem_pages import CATALOGUE, EXPLANATIONS, router
from tests.pages import client


def test_nothing_is_left_out() -> None:
    assert set(EXPLANATIONS) == {*CATALOGUE, *EDGE_PROBLEMS}


@pytest.mark.parametrize("name", sorted(EXPLANATIONS))
async def test_every_type_has_a_page(name: str) -> None:
    async with client(router()) as browser:
        dutch = await browser.get(f"/problems/{name}", headers={"accept": "text/html,*/*"})
        english = await browser.get(f"/problems/{name}?lang=en", headers={"accept": "text/html"})
        data = await browser.get(f"/problems/{name}")
    problem = EXPLANATIONS[name]
    parts = {"title": problem.title, "cause": problem.cause, "remedy": problem.remedy}
    assert dutch.headers["content-type"].startswith("text/html")
    assert 'lang="nl"' in dutch.text
    assert [part for part, text in parts.items() if text.nl not in unescape(dutch.text)] == []
    assert [part for part, text in parts.items() if text.en not in unescape(english.text)] == []
    assert data.json() == {"name": name} | {part: {"nl": text.nl, "en": text.en} for part, text in parts.items()}


async def test_an_unknown_type_is_an_unknown_route() -> None:
    async with client(router()) as browser:
        answer: httpx.Response = await browser.get("/problems/no-such-thing")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-route")
