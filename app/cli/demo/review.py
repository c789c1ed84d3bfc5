# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps about people who read first: a text for the website is held, a colleague approves it, the application fetches it."""

from typing import Any

import openai

from app.cli.demo import screen
from app.cli.demo.calls import refusal, said
from app.cli.demo.expectation import expect
from app.cli.demo.people import REQUESTER, REVIEWER
from app.cli.demo.scene import Scene
from app.cli.demo.visitor import Page, Visitor

TASK = "balie-antwoord"
_QUESTION = "Explain in three short sentences how a resident renews a passport at the town hall."
_LOCKED = 423
_YOURS = "U hebt deze tekst zelf gevraagd."


def held(scene: Scene) -> str:
    """The application gets a typed error with the number of a review, and not a word of the text."""
    screen.say(f"The task {TASK} writes for the website. Somebody at the counter, the requester, asks:")
    screen.show(_QUESTION)
    problem = refusal(openai.APIStatusError, lambda: _ask(scene))
    review = problem.get("review") or {}
    expect(problem.get("status") == _LOCKED, f"It ended with status {problem.get('status')}, not {_LOCKED}.")
    screen.fact("status", f"{problem.get('status')} {problem.get('code')}")
    screen.fact("why", str((problem.get("nl") or {}).get("detail")), str(problem.get("detail")))
    screen.fact("review", f"{review.get('id')} ({review.get('status')})")
    screen.fact("fetch it by", str(review.get("completion_id")))
    expect(review.get("status") == "pending", f"The review is {review.get('status')}, not pending.")
    expect("choices" not in problem, "The refusal holds an answer.")
    scene.keep("review", str(review["id"]))
    scene.keep("completion", str(review["completion_id"]))
    screen.say("The model has answered. The text is kept, encrypted, and only the desk can open it.")
    again = refusal(openai.APIStatusError, lambda: _ask(scene)).get("review") or {}
    expect(again.get("id") == review["id"], "The same question again made another review.")
    return f"held as {review['id']}; the same question again gave the same review"


def approved(scene: Scene) -> str:
    """Who asked may not approve; a colleague may, and declares what was checked."""
    item = f"/review/{scene.kept('review')}"
    screen.say("The requester is a reviewer too, signs in at the desk, and tries to approve the text:")
    page = _approve(_signed_in(scene, REQUESTER), item)
    expect(_status(scene) != "approved", "Who asked for the text could approve it.")
    expect(_YOURS in page.text, "The desk does not say why who asked may not approve.")
    screen.show(_YOURS)
    screen.say("Nobody approves what they asked for themselves. So a colleague signs in.")
    page = _approve(_signed_in(scene, REVIEWER), item)
    expect(_status(scene) == "approved", f"The review is {_status(scene)} after the approval (page {page.status}).")
    screen.say(
        "The colleague read the text, declared three times what was checked (facts, sources, tone and bias: no box is ticked"
        " beforehand), and approved exactly this text. If one letter of it changes, the approval is void."
    )
    return "refused to the requester, approved by a colleague"


def fetched(scene: Scene) -> str:
    """The same SDK gets the approved text, with its label and its code."""
    completion = scene.kept("completion")
    screen.say("The application asks again, now by the number it was given, with a call that the SDK has anyway:")
    screen.show(f'client.chat.completions.retrieve("{completion}")')
    answer = screen.working("Fetching", lambda: scene.balie.chat.completions.retrieve(completion))
    text = answer.choices[0].message.content or ""
    screen.show(text)
    provenance: dict[str, Any] = (answer.model_extra or {}).get("ai_provenance") or {}
    codes = provenance.get("codes") or [""]
    expect(provenance.get("review") == "approved", "The answer does not say that it was reviewed.")
    expect(bool(codes[0]) and codes[0] in text, "The text does not carry its code.")
    scene.keep("code", str(codes[0]))
    scene.keep("text", text)
    screen.say("The first line is the label, the last one the code with the address where anybody can verify the text.")
    return f"the approved text, with code {codes[0]}"


def _ask(scene: Scene) -> object:
    return scene.balie.chat.completions.create(
        model=TASK,
        messages=said(_QUESTION),
        max_tokens=120,
        temperature=0,
        extra_headers={"Waarmerk-Context": f'actor="{REQUESTER}", lang="en"'},
    )


def _signed_in(scene: Scene, name: str) -> Visitor:
    visitor = scene.visitor()
    person = scene.home.people[name]
    visitor.sign_in(person.name, person.password)
    return visitor


def _approve(visitor: Visitor, item: str) -> Page:
    """Claim, tick every declaration, approve; whoever may not approve lets go again."""
    page = visitor.visit(item)
    if page.has("/claim"):
        page = visitor.send(page, "/claim")
    approved = visitor.send(page, "/approve") if page.has("/approve") else page
    page = visitor.visit(item)
    if page.has("/let-go"):
        visitor.send(page, "/let-go")
    return approved


def _status(scene: Scene) -> str:
    return scene.review(scene.kept("review"))
