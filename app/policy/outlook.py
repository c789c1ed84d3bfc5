# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the policy will say: verdicts that change in the coming weeks because a date passes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.decision import Decision, Effect, Shadow
from app.policy.facts import Asked, Facts
from app.policy.gather import gather
from app.policy.judge import verdict
from app.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Prospect:
    """A task for which something is wrong now, or will be on a day to come."""

    application: str
    task: str
    day: date
    rule: str
    denied: bool
    """False: a warning."""
    reason: str


def outlook(snapshot: PolicySnapshot, today: date, days: int = 60) -> Iterable[Prospect]:
    """For each task the first denial and each warning, today or within so many days. It asks the rules; it knows no dates itself."""
    for organisation, application in snapshot.applications:
        for task in snapshot.applications[organisation, application].tasks:
            facts = gather(snapshot, Asked(organisation, application, task), today)
            yield from _prospects(snapshot, facts, days)


def _prospects(snapshot: PolicySnapshot, facts: Facts, days: int) -> Iterable[Prospect]:
    warned: set[str] = set()
    for ahead in range(days + 1):
        day = facts.today + timedelta(days=ahead)
        decision = verdict(snapshot, replace(facts, today=day))
        for shadow in decision.shadow:
            if shadow.rule not in warned:
                warned.add(shadow.rule)
                yield _prospect(facts, day, shadow, denied=False)
        if decision.effect is Effect.DENY:
            yield _prospect(facts, day, decision, denied=True)
            return


def _prospect(facts: Facts, day: date, why: Decision | Shadow, *, denied: bool) -> Prospect:
    return Prospect(facts.asked.application, facts.asked.alias, day, why.rule, denied, why.reason.en)
