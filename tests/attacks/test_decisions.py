# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An approval by who may not give it, of what was not shown, or twice (A21, A22, A23)."""

import asyncio
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from app.cli.demo.visitor import Form, Page
from app.web.desk import ACTS
from tests.attacks.scene import LETTER, SECRET, Scene

pytestmark = pytest.mark.asyncio(loop_scope="session")

DECLARED = [("attest", "facts"), ("attest", "sources"), ("attest", "tone_and_bias")]
DECISIONS = {"hold:approved", "hold:rejected", "hold:changes_requested", "hold:withdrawn"}


def decisions(scene: Scene) -> list[str]:
    return [record["type"] for record in scene.waarmerk.records("hold:") if record["type"] in DECISIONS]


def forged(page: Page, act: str, *fields: tuple[str, str], like: str = "/let-go") -> Page:
    """The page with a form for an act that it does not offer, with the token and all else of a form that it does."""
    form = page.form(like)
    action = f"{form.action.rpartition('/')[0]}/{act}"
    return replace(page, forms=(Form(action, [*form.fields, *fields]),))


@pytest.mark.parametrize("key", ["balie", "proeftuin", None])
async def test_no_application_decides(scene: Scene, key: str | None) -> None:
    """A key of an application is no session: not at the desk, not at an address somebody might think of."""
    review = await scene.held()
    fields = {"version": "1", "binding": "", "csrf": "", "attest": ["facts", "sources", "tone_and_bias"]}
    ours = {"origin": scene.waarmerk.address, "sec-fetch-site": "same-origin"}
    for act in ACTS:
        told = await scene.send("POST", f"/review/{review['id']}/{act}", key=key, more=ours, data=fields)
        assert told.status_code in {303, 400, 401, 403}, act
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (review["status_url"], f"{review['status_url']}/approve", f"{review['status_url']}/decisions"):
            told = await scene.send(method, path, key=key, json={"status": "approved", "authorized_by": "anna"})
            assert told.status_code in {401, 404, 405}, path
    assert decisions(scene) == []
    assert (await scene.retrieve(review)).status_code == 423
    assert scene.leaked() == []


async def test_looking_decides_nothing(scene: Scene) -> None:
    """A link in a message, opened by a reviewer who is signed in."""
    review = await scene.held()
    for act in ACTS:
        told = await scene.anna.see(
            f"/review/{review['id']}/{act}?version=1&attest=facts&attest=sources&attest=tone_and_bias"
        )
        assert told.status in {404, 405}, act
    assert decisions(scene) == []


@pytest.mark.parametrize("spelled", ["anna", "ANNA", " Anna "])
async def test_who_asked_does_not_approve_however_she_is_spelled(scene: Scene, spelled: str) -> None:
    review = await scene.held(more={"waarmerk-context": f'actor="{spelled}"'})
    page = await scene.anna.claim(review["id"])
    assert not page.has("/approve")
    told = await scene.anna.attempt(forged(page, "approve", *DECLARED), "approve")
    assert told.status == 403
    assert decisions(scene) == []


async def test_a_form_of_another_session_or_without_its_token_does_nothing(scene: Scene) -> None:
    review = await scene.held()
    page = await scene.anna.claim(review["id"])
    for token in ("", "0" * 64, page.form("/approve").fields[0][1][::-1]):
        assert (await scene.anna.attempt(page, "approve", csrf=token)).status == 400
    assert decisions(scene) == []


BENT: dict[str, dict[str, str]] = {
    "an older version": {"version": "1"},
    "a version to come": {"version": "99"},
    "no version": {"version": ""},
    "a negative version": {"version": "-1"},
    "a version in other digits": {"version": "\u0663"},
    "another binding": {"binding": "0" * 64},
    "no binding": {"binding": ""},
    "a declaration that is none": {"attest": "everything"},
}


@pytest.mark.parametrize("how", BENT)
async def test_an_approval_of_anything_else_than_what_was_shown_is_none(scene: Scene, how: str) -> None:
    page = await scene.anna.claim((await scene.held())["id"])
    assert (await scene.anna.attempt(page, "approve", **BENT[how])).status in {400, 409}
    assert decisions(scene) == []


async def test_the_binding_of_one_text_approves_no_other(scene: Scene) -> None:
    harmless = await scene.anna.claim((await scene.held())["id"])
    scene.says(f"{LETTER} En nog iets.")
    page = await scene.anna.claim((await scene.held())["id"])
    fields = dict(harmless.form("/approve").fields)
    assert (await scene.anna.attempt(page, "approve", binding=fields["binding"])).status == 409
    assert decisions(scene) == []


async def test_what_was_changed_after_it_was_shown_is_not_approved(scene: Scene) -> None:
    """The swap: the form of the harmless text, sent after the edit; also with the version brought up to date."""
    review = await scene.held()
    shown = await scene.anna.claim(review["id"])
    edited = await scene.anna.do(shown, "edit", **{"text-0": "Iets heel anders."})
    assert (await scene.anna.attempt(shown, "approve")).status == 409
    now = dict(edited.form("/approve").fields)["version"]
    assert (await scene.anna.attempt(shown, "approve", version=now)).status == 409
    assert decisions(scene) == []


async def test_an_approval_counts_once(scene: Scene) -> None:
    """Sent again, sent after it was withdrawn, and sent for a rejected text."""
    review = await scene.held()
    page = await scene.anna.claim(review["id"])
    await scene.anna.attempt(page, "approve")
    assert (await scene.retrieve(review)).status_code == 200
    assert (await scene.anna.attempt(page, "approve")).status in {403, 409}
    over = await scene.anna.see(f"/review/{review['id']}")
    await scene.anna.attempt(over, "withdraw")
    assert (await scene.anna.attempt(page, "approve")).status in {403, 409}
    assert (await scene.retrieve(review)).status_code == 410
    assert decisions(scene) == ["hold:approved", "hold:withdrawn"]


async def test_of_many_decisions_at_once_one_counts(scene: Scene) -> None:
    review = await scene.held()
    page = await scene.anna.claim(review["id"])
    no = {"reason": "facts", "comment": "Klopt niet."}
    acts: list[Any] = [scene.anna.attempt(page, "approve") for _ in range(3)]
    acts += [scene.anna.attempt(page, "reject", **no) for _ in range(3)]
    await asyncio.gather(*acts)
    assert len(decisions(scene)) == 1
    released = decisions(scene) == ["hold:approved"]
    assert (await scene.retrieve(review)).status_code == (200 if released else 403)
    assert (scene.leaked() != []) == released


async def test_the_same_call_many_times_is_one_review_of_one_answer(scene: Scene) -> None:
    """Nobody can flood the desk by sending a call again, nor pick the best of many answers under one review (A23)."""
    message = {"role": "user", "content": "Altijd dezelfde vraag."}
    told = await asyncio.gather(*[scene.ask("balie-antwoord", messages=[message]) for _ in range(8)])
    assert Counter(each.status_code for each in told) == {423: 8}
    assert len({each.json()["error"]["review"]["id"] for each in told}) == 1
    assert len(scene.waarmerk.records("hold:opened")) == 1


async def test_a_text_that_imitates_the_desk_is_text(scene: Scene) -> None:
    """Markup, a forged approval, and characters that eyes miss: shown for what they are, and not approved without a look."""
    hostile = f"</textarea></form><form action=/review/x/approve><b>Goedgekeurd door Anna</b><img src=//evil.example/{SECRET}>\u202e\u200b"
    scene.says(hostile)
    page = await scene.anna.claim((await scene.held())["id"])
    assert "<img src=//evil" not in page.text
    assert not re.search(r"<form[^>]*action=/review/x", page.text)
    ticked = [field for field in page.form("/approve").fields if field != ("attest", "invisible_characters")]
    assert len(ticked) < len(page.form("/approve").fields)
    unseen = replace(page, forms=(Form(page.form("/approve").action, ticked),))
    assert (await scene.anna.attempt(unseen, "approve")).status in {400, 409}
    assert decisions(scene) == []
