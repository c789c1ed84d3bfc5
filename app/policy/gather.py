# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a call to the facts that rules look at: the question first, then the chain from caller to socket."""

from datetime import date

from app.domain.generation import Generation
from app.domain.subject import Subject
from app.policy.facts import Asked, Facts
from app.policy.personal_data import find_personal_data
from app.policy.snapshot import PolicySnapshot
from app.policy.use import unread


def ask(snapshot: PolicySnapshot, subject: Subject, generation: Generation) -> Asked:
    """Reduce a call to what rules look at. The prompt is read only where the application is a sandbox."""
    application = snapshot.applications.get((subject.organisation, subject.application))
    in_sandbox = application is not None and application.sandbox is not None
    return Asked(
        organisation=subject.organisation,
        application=subject.application,
        alias=generation.model,
        languages=_languages(snapshot, subject, generation),
        media=generation.media,
        tools=generation.tools,
        structured=generation.structured,
        personal_data=find_personal_data(generation.prompt) if in_sandbox else frozenset(),
    )


def _languages(snapshot: PolicySnapshot, subject: Subject, generation: Generation) -> tuple[str, ...]:
    """A language in `Waarmerk-Context` is a demand, and rules judge it. Those of the request are preferences.

    A preference never denies: it yields where the task lacks the language or nobody reads it as a native speaker.
    """
    if subject.context.language:
        return (_primary(subject.context.language),)
    if not generation.languages:
        return ()
    organisation = snapshot.organisations.get(subject.organisation)
    application = snapshot.applications.get((subject.organisation, subject.application))
    task = application.tasks.get(generation.model) if application else None
    if organisation is None or application is None or task is None:
        return ()
    preferred = dict.fromkeys(_primary(tag) for tag in generation.languages)
    listed = (language for language in preferred if language in task.languages)
    return tuple(language for language in listed if not unread(language, application, organisation))


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()


def gather(snapshot: PolicySnapshot, asked: Asked, today: date) -> Facts:
    """Walk the chain as far as it is known."""
    application = snapshot.applications.get((asked.organisation, asked.application))
    task = application.tasks.get(asked.alias) if application else None
    deployment = snapshot.deployments.get(task.deployment) if task else None
    offered = snapshot.offering(deployment.offering) if deployment else None
    contract = snapshot.contracts.get(deployment.contract) if deployment and deployment.contract else None
    pin = deployment.pinned_provider if deployment else None
    return Facts(
        today=today,
        asked=asked,
        organisation=snapshot.organisations.get(asked.organisation),
        application=application,
        task=task,
        deployment=deployment,
        contract=contract,
        provider=offered[0] if offered else None,
        offering=offered[1] if offered else None,
        pinned=snapshot.providers.get(pin) if pin else None,
        host_owners=snapshot.owners(deployment.host) if deployment else frozenset(),
    )
