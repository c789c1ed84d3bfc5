# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a permit asks along the way, by profile of the task (architecture sections 5 and 6)."""

from collections.abc import Callable, Mapping

from app.domain.decision import (
    CompareWithInput,
    Envelope,
    HoldForReview,
    Keep,
    Label,
    Notice,
    Obligation,
    Profile,
    Sandbox,
    SentenceMarks,
)
from app.domain.text import LocalText
from app.policy.application import Application, ReviewSettings, Task
from app.policy.disclosure import DisclosuresFile, Variant
from app.policy.facts import Facts

COMMITMENT_DAYS = 30
"""How long the salts of the commitments are kept where nothing is published."""


def obligations_of(facts: Facts, disclosures: Mapping[str, DisclosuresFile]) -> tuple[Obligation, ...]:
    """The obligations of a permit. Every one carries `Envelope` and `Keep`. The facts are complete."""
    application, task = facts.application, facts.task
    if application is None or task is None:
        raise ValueError("obligations belong to a permit, and a permit has an application and a task")
    return (
        Envelope(LocalText(nl=disclosures["nl"].envelope, en=disclosures["en"].envelope)),
        *_BY_PROFILE[task.profile](facts, task),
        _keep(task),
        *_sandbox(application),
    )


def _publication(facts: Facts, task: Task) -> tuple[Obligation, ...]:
    return (Label(Variant.REVIEWED.value, facts.languages), *_marks(task), _hold(task.review or ReviewSettings()))


def _correspondence(facts: Facts, task: Task) -> tuple[Obligation, ...]:
    return (Label(Variant.CORRESPONDENCE.value, facts.languages), *_marks(task), _hold(task.review or ReviewSettings()))


def _internal_draft(facts: Facts, task: Task) -> tuple[Obligation, ...]:
    return (Label(Variant.INTERNAL_DRAFT.value, facts.languages), *_marks(task))


def _citizen_chat(facts: Facts, task: Task) -> tuple[Obligation, ...]:
    return (Notice(facts.contact), *_marks(task))


def _assistive(_facts: Facts, task: Task) -> tuple[Obligation, ...]:
    return (CompareWithInput(), *((_hold(task.review),) if task.review else ()))


def _machine(_facts: Facts, _task: Task) -> tuple[Obligation, ...]:
    return ()


_BY_PROFILE: Mapping[Profile, Callable[[Facts, Task], tuple[Obligation, ...]]] = {
    Profile.PUBLICATION: _publication,
    Profile.CORRESPONDENCE: _correspondence,
    Profile.INTERNAL_DRAFT: _internal_draft,
    Profile.CITIZEN_CHAT: _citizen_chat,
    Profile.ASSISTIVE: _assistive,
    Profile.MACHINE: _machine,
}


def _marks(task: Task) -> tuple[Obligation, ...]:
    """`plain` takes away the marks in the sentences and nothing else."""
    return () if task.plain else (SentenceMarks(),)


def _hold(review: ReviewSettings) -> Obligation:
    return HoldForReview(review.review_class, review.held_as, review.hold_after)


def _keep(task: Task) -> Obligation:
    if task.keep is None:
        return Keep(days=COMMITMENT_DAYS)
    return Keep(days=task.keep.days, content=task.keep.content or task.held)


def _sandbox(application: Application) -> tuple[Obligation, ...]:
    if application.sandbox is None:
        return ()
    return (Sandbox(data=application.sandbox.declared.replace("-", " "), until=application.sandbox.until),)
