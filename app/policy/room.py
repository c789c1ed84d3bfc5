# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The policy room: may they? It holds one version at a time, and changes it whole or not at all."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from app.domain.clock import Clock
from app.domain.control import EARLIER, Control, Controls, Declared
from app.domain.decision import OBLIGATIONS, Decision, Deployment, Obligation
from app.domain.generation import Generation
from app.domain.subject import Subject
from app.domain.webhook import Webhook
from app.policy.application import Application
from app.policy.disclosure import SHOWN, Variant
from app.policy.facts import Asked
from app.policy.gather import ask
from app.policy.judge import judge
from app.policy.loader import Check, accept, load_policy, stamp
from app.policy.organisation import Organisation
from app.policy.snapshot import PolicySnapshot
from watermark.model import Disclosure

MOST_VERDICTS = 4096
"""Verdicts remembered; a caller who asks ever new things makes us think again, not grow."""

MOST_LETTERS = 2000
"""Length of a question above which its verdict is not remembered."""


@dataclass(frozen=True, slots=True)
class _Version:
    """A snapshot with the verdicts reached under it, by question and date: none outlives its version or its day."""

    snapshot: PolicySnapshot
    shown: tuple[Disclosure, ...]
    """The lines of all labels that stand in texts."""
    verdicts: dict[tuple[Asked, date], Decision] = field(default_factory=dict)


class PolicyRoom:
    """Judges calls by the newest valid version of the policy. `decide` reads memory only."""

    controls: Controls = MappingProxyType({Control.POLICY: Declared(absent=EARLIER)})

    def __init__(
        self,
        clock: Clock,
        baseline: Path,
        folder: Path,
        variables: Mapping[str, str] | None = None,
        *,
        check: Check = accept,
        able: Container[type[Obligation]] = OBLIGATIONS,
    ) -> None:
        """Load at once. Raises `PolicyInvalid`: without a policy nothing opens.

        `variables` fill `${NAME}` in `deployments.yaml`; `check` is the address rule of the way out. `able`: obligations
        that the house can fulfil; a task that needs another is offered to nobody.
        """
        self._clock = clock
        self._baseline = baseline
        self._folder = folder
        self._variables = dict(variables or {})
        self._reloading = Lock()
        self._seen = stamp(baseline, folder)
        self._check = check
        self._able = able
        self._version = _version(self._load())

    @property
    def snapshot(self) -> PolicySnapshot:
        """The version in force."""
        return self._version.snapshot

    def changed(self) -> bool:
        """Whether a file changed since the last attempt to load: one look at names, times and sizes."""
        return stamp(self._baseline, self._folder) != self._seen

    def reload(self) -> PolicySnapshot:
        """Read and judge both folders wholly, then swap. Raises `PolicyInvalid`; then the old version stays in force.

        It reads files and takes a moment: call it in a thread. The files are looked at before they are read, so that a change while
        reading shows as `changed` again.
        """
        with self._reloading:
            self._seen = stamp(self._baseline, self._folder)
            snapshot = self._load()
            if snapshot.sha256 != self._version.snapshot.sha256:
                self._version = _version(snapshot)
            return self._version.snapshot

    def decide(self, subject: Subject, generation: Generation) -> Decision:
        """Permit or deny. Never raises: what is not known is denied, with a rule, a reason and a remedy."""
        version = self._version
        return self._judge(version, ask(version.snapshot, subject, generation))

    def models(self, subject: Subject) -> Sequence[str]:
        """Aliases that this caller would be permitted for plain text, in the order of the policy."""
        version = self._version
        application = version.snapshot.applications.get((subject.organisation, subject.application))
        aliases = list(application.tasks) if application else []
        asked = (Asked(subject.organisation, subject.application, alias) for alias in aliases)
        return [each.alias for each in asked if self._judge(version, each).usable(self._able)]

    def applications(self) -> Mapping[str, Application]:
        """All registered use cases, by id."""
        return {application.id: application for application in self._version.snapshot.applications.values()}

    def webhook(self, application: str) -> Webhook | None:
        """Where this use case is told that a review moved on; None where it asks for nothing."""
        registered = self.applications().get(application)
        return registered.webhook.of(application) if registered and registered.webhook else None

    def listens(self, application: str) -> bool:
        """Whether this use case asks to be told that a review has ended."""
        return self.webhook(application) is not None

    def deployments(self) -> Sequence[Deployment]:
        """What at least one task may use today, in the order of the policy: nothing else is ever connected to."""
        version = self._version
        asked = (
            Asked(organisation, application, alias)
            for (organisation, application), registered in version.snapshot.applications.items()
            for alias in registered.tasks
        )
        found = (self._judge(version, each).deployment for each in asked)
        return list({deployment.id: deployment for deployment in found if deployment is not None}.values())

    def disclosures(self, variants: Collection[Variant] = SHOWN) -> Sequence[Disclosure]:
        """The lines of labels that may stand in a text, in every language: by these our own are recognised.

        Those of all labels are the same object as long as the version is.
        """
        version = self._version
        return version.shown if variants is SHOWN else _shown(version.snapshot, variants)

    def organisation(self, organisation: str) -> Organisation | None:
        """The organisation with this id."""
        return self._version.snapshot.organisations.get(organisation)

    def _load(self) -> PolicySnapshot:
        return load_policy(self._baseline, self._folder, self._variables, self._check)

    def _judge(self, version: _Version, asked: Asked) -> Decision:
        """A day is the finest boundary that a rule knows: the date is part of the question."""
        question = (asked, self._clock.now().date())
        known = version.verdicts.get(question)
        if known is not None:
            return known
        decision = judge(version.snapshot, *question, self._able)
        if sum(map(len, (asked.alias, *asked.languages, *asked.tools, *asked.media))) <= MOST_LETTERS:
            if len(version.verdicts) >= MOST_VERDICTS:
                version.verdicts.clear()
            version.verdicts[question] = decision
        return decision


def _version(snapshot: PolicySnapshot) -> _Version:
    return _Version(snapshot, _shown(snapshot, SHOWN))


def _shown(snapshot: PolicySnapshot, variants: Collection[Variant]) -> tuple[Disclosure, ...]:
    return tuple(file.shown(variant) for file in snapshot.disclosures.values() for variant in variants)
