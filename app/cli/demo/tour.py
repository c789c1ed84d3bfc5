# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The walk through what exists so far. Each step says in plain words what it shows, does it for real, and judges itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.cli.demo import calls, proof, review, screen, supervision, verification
from app.cli.demo.scene import Scene

INTRODUCTION = """
Waarmerk stands between the applications of a government and AI models. It decides whether a call is allowed, says of every
answer that AI made it, and writes what happened into a log that nobody can change unnoticed.

This demo shows that for real: a real (very small) model and a real Waarmerk run on this machine, and nothing goes over the
network. 'Gemeente Voorbeeld', whose rules you will see, is made up.

The model is SmolLM2, with 135 million parameters. It writes simple English, often wrong, and its Dutch is poor: that is why the
questions are in English. The demo judges what Waarmerk does, never what the model says. What people get to see from Waarmerk
itself is in Dutch, with English under it.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """`act` raises when the step does not do what it should; else it says in a few words what was seen."""

    name: str
    title: str
    words: str
    act: Callable[[Scene], str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step."""

    step: Step
    passed: bool
    said: str


STEPS = (
    Step(
        "models",
        "Which models may an application use?",
        "An application does not choose a model. It asks for a task that the organisation gave it, by name. This is what the"
        " application of the counter (balie) gets when it asks for the list of models:",
        calls.models,
    ),
    Step(
        "allowed",
        "A call that is allowed",
        "The rules allow this task to use the model on this machine, so the question is passed on and the answer comes back.",
        calls.allowed,
    ),
    Step(
        "streamed",
        "An answer that comes in piece by piece",
        "Programs show an answer while it is being written. Waarmerk passes each piece on, and marks it on its way.",
        calls.streamed,
    ),
    Step(
        "refused",
        "A call that the rules refuse",
        "Somebody once connected an old tool (oude-tool) to a consumer account of ChatGPT. Public bodies may not use AI under"
        " consumer terms, so nothing is sent. The application is told which rule, why, and what it may use instead.",
        calls.refused,
    ),
    Step(
        "held",
        "A text that a person must see first",
        "What goes on the website is read by a person before it is published. So the application does not get the text now: it"
        " gets an error that its own SDK understands, with the number of a review.",
        review.held,
    ),
    Step(
        "approved",
        "A colleague reads it and approves it",
        "Reviewers work at the desk, a web page. The demo does here what a reviewer does there, with the same pages and forms.",
        review.approved,
    ),
    Step(
        "fetched",
        "The application fetches the approved text",
        "Now that a person has signed off, the text may leave, with a label that says who is responsible.",
        review.fetched,
    ),
    Step(
        "checked",
        "Anybody can verify the text",
        "Months later somebody reads this text and wonders whether it is real.",
        verification.checked,
    ),
    Step(
        "revoked",
        "A key that is withdrawn",
        "An application shows who it is with a key, a kind of password. An operator makes one, and can withdraw it.",
        supervision.revoked,
    ),
    Step(
        "stopped",
        "A supervisor stops an application while it runs",
        "When something goes wrong, a supervisor must be able to stop the use of AI at once, also in the middle of an answer.",
        supervision.stopped,
    ),
    Step(
        "told",
        "What the log says of a call",
        "Every call leaves records: first that it was permitted, before the question left, and then how it ended. This is what"
        " the log says of the call of step 2.",
        proof.told,
    ),
    Step(
        "verified",
        "The log is whole",
        "Each entry is tied to all entries before it by a fingerprint, and the whole is signed. An auditor with the public key"
        " (the trust anchor) reads every entry again and sees whether it is what was signed.",
        proof.verified,
    ),
    Step(
        "altered",
        "One changed byte is found",
        "What if somebody with access to the database changes the past? This is the entry of the refused call of step 4:",
        proof.altered,
    ),
)


def walk(scene: Scene, steps: Sequence[Step] = STEPS) -> list[Outcome]:
    """Take every step, also after one that failed."""
    outcomes = []
    for number, step in enumerate(steps, 1):
        screen.heading(f"{number}/{len(steps)}  {step.title}")
        screen.say(step.words)
        outcome = _take(step, scene)
        (screen.passed if outcome.passed else screen.failed)(outcome.said)
        outcomes.append(outcome)
    return outcomes


def _take(step: Step, scene: Scene) -> Outcome:
    try:
        return Outcome(step, passed=True, said=step.act(scene))
    except Exception as error:  # noqa: BLE001  whatever went wrong in a step, it is that step that failed
        return Outcome(step, passed=False, said=f"{step.name}: {str(error) or type(error).__name__}")
