# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hostile output in a real browser: it runs nothing, asks for nothing, and stays inside its frame."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.review import Act, HoldState, Note, Role
from tests.browser import hostile
from tests.browser.chromium import NARROW, Witness, chromium, person
from tests.paper_desk import paper_desk

pytestmark = pytest.mark.needs("chromium")

_INSIDE = """() => ({
  title: document.title,
  frames: document.querySelectorAll('.paper').length,
  forms: [...document.forms].map((form) => form.getAttribute('action').split('/').pop()),
  inside: [...new Set([...document.querySelectorAll('.verbatim *')].map((each) => each.localName))],
  outside: document.querySelectorAll('iframe, object, embed, img, video, audio, base, meta[http-equiv], style').length,
  beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  escaped: [...document.querySelectorAll('.verbatim')].filter((each) => each.scrollWidth > each.clientWidth + 1).length,
})"""
_OURS = {"span", "small", "bdi", "svg", "path", "ins", "del"}
_FORMS = ["sign-out", "edit", "claim", "let-go", "approve", "request-changes", "reject", "withdraw"]


def test_the_corpus_is_large_enough() -> None:
    assert len(hostile.ALL) >= 60


@pytest.mark.parametrize("group", ["MARKUP", "MARKDOWN", "UNSEEN", "LOOK_ALIKES", "IMITATION", "BIG"])
async def test_nothing_that_a_model_says_becomes_part_of_the_page(tmp_path: Path, group: str) -> None:
    async with paper_desk(tmp_path) as desk, chromium() as browser:
        cookie = await desk.cookie("anna", Role.REVIEWER)
        anna = (await desk.people.sessions.reviewer(cookie)).id
        now, witness = desk.people.clock.now(), Witness(desk.address)
        async with person(browser, desk.address, cookie, viewport={"width": NARROW, "height": 800}) as page:
            witness.watch(page)
            for name, text in getattr(hostile, group).items():
                hold = desk.pipeline.add(
                    text,
                    asked=[("user", text), (text[:50], "rol")],
                    state=HoldState.CLAIMED,
                    claimed_by=anna,
                    claimed_until=now + timedelta(minutes=9),
                )
                sheet = desk.pipeline.sheets[hold.id]
                sheet.notes.append(Note(anna, now, Act.REQUEST_CHANGES, "other", text[:4000]))
                await page.goto(f"/review/{hold.id}")
                seen = await page.evaluate(_INSIDE)
                assert seen["title"] == "balie-antwoord: In review – Waarmerk", name
                assert seen["frames"] == 1, name
                assert seen["forms"] == _FORMS, name
                assert set(seen["inside"]) <= _OURS, name
                assert (seen["outside"], seen["beyond"], seen["escaped"]) == (0, 0, 0), name
                sheet.original = {0: "Iets anders."}
                await page.goto(f"/review/{hold.id}/changes")
                seen = await page.evaluate(_INSIDE)
                assert set(seen["inside"]) <= _OURS, name
                assert (seen["outside"], seen["beyond"]) == (0, 0), name
        assert witness.strangers == []
        assert witness.said == []


async def test_the_witness_would_notice(tmp_path: Path) -> None:
    """The same text in a page that trusts it: a script runs, and the outside is asked."""
    async with chromium() as browser, paper_desk(tmp_path) as desk, person(browser, desk.address) as page:
        witness = Witness(desk.address)
        witness.watch(page)
        await page.route("https://evil.example/**", lambda route: route.abort())
        await page.set_content("".join(hostile.MARKUP[name] for name in ("image", "link")))
        await page.wait_for_function("document.title === 'owned'")
        assert witness.strangers == ["https://evil.example/x.css"]
