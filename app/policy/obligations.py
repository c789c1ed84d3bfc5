# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a permit asks along the way, by profile of the task (architecture sections 5 and 6)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

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
from app.domain.review import ReviewClass
from app.domain.text import LocalText
from app.policy.application import Application, ReviewSettings, Task
from app.policy.disclosure import DisclosuresFile, Variant
from app.policy.facts import Facts
from app.policy.snapshot import PolicySnapshot

COMMITMENT_DAYS = 30
"""How long the salts of the commitments are kept where nothing is published."""


LABELS: Mapping[Profile, Variant] = MappingProxyType(
    {
        Profile.PUBLICATION: Variant.REVIEWED,
        Profile.CORRESPONDENCE: Variant.CORRESPONDENCE,
        Profile.INTERNAL_DRAFT: Variant.INTERNAL_DRAFT,
    }
)
"""Profiles whose prose shows a label, and which."""


def obligations_of(facts: Facts, snapshot: PolicySnapshot) -> tuple[Obligation, ...]:
    """The obligations of a permit. Every one carries `Envelope` and `Keep`. The facts are complete."""
    application, task = facts.application, facts.task
    if application is None or task is None:
        raise ValueError("obligations belong to a permit, and a permit has an application and a task")
    texts = snapshot.disclosures
    return (
        Envelope(LocalText(nl=texts["nl"].envelope, en=texts["en"].envelope)),
        *_told(facts, task, texts),
        *_marks(task),
        *_hold(task, snapshot.review_classes),
        _keep(task),
        *_sandbox(application),
    )


def _told(facts: Facts, task: Task, texts: Mapping[str, DisclosuresFile]) -> Iterator[Obligation]:
    """What people see, or are told, or must be able to trust without being told."""
    if variant := LABELS.get(task.profile):
        yield _label(facts, task, texts, variant)
    elif task.profile is Profile.CITIZEN_CHAT:
        yield Notice(facts.contact)
    elif task.profile is Profile.ASSISTIVE:
        yield CompareWithInput()


def _label(facts: Facts, task: Task, texts: Mapping[str, DisclosuresFile], variant: Variant) -> Label:
    """A language that the task lacks gets this far only where an organisation observes that rule: then the task's own is meant."""
    languages = tuple(language for language in facts.languages if language in task.languages) or task.languages[:1]
    return Label(
        variant=variant.value,
        languages=languages,
        texts=tuple(texts[language].shown(variant) for language in languages),
        organisation=facts.responsible,
        contact=facts.contact,
        data=task.structured,
    )


def _marks(task: Task) -> Iterator[Obligation]:
    """`plain` takes away the marks in the sentences and nothing else."""
    if task.profile in LABELS.keys() | {Profile.CITIZEN_CHAT} and not task.plain:
        yield SentenceMarks()


def _hold(task: Task, classes: Mapping[str, ReviewClass]) -> Iterator[Obligation]:
    """An assistive task is held where it says so, a publication or a letter always."""
    if task.held or task.review:
        review = task.review or ReviewSettings()
        yield HoldForReview(classes[review.review_class], review.held_as, review.hold_after)


def _keep(task: Task) -> Obligation:
    if task.keep is None:
        return Keep(days=COMMITMENT_DAYS)
    return Keep(days=task.keep.days, content=task.keep.content or task.held)


def _sandbox(application: Application) -> tuple[Obligation, ...]:
    if application.sandbox is None:
        return ()
    return (Sandbox(data=application.sandbox.declared.replace("-", " "), until=application.sandbox.until),)
