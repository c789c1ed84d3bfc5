# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The verdict: every rule in order, deny by default. Pure: the same snapshot, question and date give the same decision."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.domain.decision import OBLIGATIONS, Decision, Effect, Obligation, Shadow
from app.domain.text import LocalText
from app.policy.facts import Asked, Facts, particulars
from app.policy.gather import gather
from app.policy.model import Text
from app.policy.obligations import obligations_of
from app.policy.references import PERMITTED, UNKNOWN
from app.policy.rule import Rule, RuleEffect
from app.policy.snapshot import PolicySnapshot

_PERMIT = LocalText(
    nl="Alle regels zijn nagelopen. Geen regel verbiedt dit.", en="Every rule was tried. No rule denies this."
)
_NOTHING_TO_DO = LocalText(nl="U hoeft niets te doen.", en="There is nothing to do.")
_DEFAULT = LocalText(nl="Niet alles over deze vraag is bekend.", en="Not everything about this request is known.")
_COMPLETE = LocalText(
    nl="Laat de beleidsbeheerder toepassing, taak en contract aanvullen.",
    en="Have the policy officer complete application, task and contract.",
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule, tried: whether its predicate held, and whether the organisation only observes it."""

    rule: Rule
    held: bool
    observed: bool

    @property
    def denies(self) -> bool:
        return self.held and self.rule.effect is RuleEffect.DENY and not self.observed


def try_rules(snapshot: PolicySnapshot, facts: Facts) -> Iterable[Trial]:
    """Every rule in order. It does not stop at the first denial: who explains a verdict wants them all."""
    for bound in snapshot.rules:
        yield Trial(bound.rule, bound.holds(facts), _observed(snapshot, facts, bound.rule))


def judge(
    snapshot: PolicySnapshot, asked: Asked, today: date, able: Container[type[Obligation]] = OBLIGATIONS
) -> Decision:
    """Permit or deny, with an alternative where another task would be permitted and asks for nothing beyond `able`."""
    decision = verdict(snapshot, gather(snapshot, asked, today))
    if decision.effect is Effect.PERMIT:
        return decision
    return replace(decision, alternative=_alternative(snapshot, asked, today, able))


def verdict(snapshot: PolicySnapshot, facts: Facts) -> Decision:
    """Permit or deny on these facts, without looking for an alternative."""
    shadows: list[Shadow] = []
    for trial in try_rules(snapshot, facts):
        if trial.denies:
            return _deny(snapshot, facts, trial.rule, tuple(shadows))
        if trial.held:
            shadows.append(Shadow(trial.rule.id, Effect.DENY, _fill(trial.rule.reason, facts)))
    if not facts.complete or facts.deployment is None or facts.provider is None:
        return _denied(snapshot, facts, UNKNOWN, _DEFAULT, _COMPLETE, shadow=tuple(shadows))
    return Decision(
        effect=Effect.PERMIT,
        rule=PERMITTED,
        reason=_PERMIT,
        remedy=_NOTHING_TO_DO,
        policy=snapshot.sha256,
        task=facts.asked.alias,
        profile=facts.task.profile.value if facts.task else "",
        deployment=facts.deployment.of(facts.provider.id),
        obligations=obligations_of(facts, snapshot),
        shadow=tuple(shadows),
    )


def _deny(snapshot: PolicySnapshot, facts: Facts, rule: Rule, shadow: tuple[Shadow, ...]) -> Decision:
    reason, remedy = _fill(rule.reason, facts), _fill(rule.remedy, facts)
    return _denied(snapshot, facts, rule.id, reason, remedy, source=rule.source, shadow=shadow)


def _denied(
    snapshot: PolicySnapshot,
    facts: Facts,
    rule: str,
    reason: LocalText,
    remedy: LocalText,
    *,
    source: str = "",
    shadow: tuple[Shadow, ...] = (),
) -> Decision:
    return Decision(
        effect=Effect.DENY,
        rule=rule,
        reason=reason,
        remedy=remedy,
        policy=snapshot.sha256,
        source=source,
        task=facts.asked.alias if facts.task else "",
        shadow=shadow,
    )


def _observed(snapshot: PolicySnapshot, facts: Facts, rule: Rule) -> bool:
    observed = snapshot.observed.get((facts.asked.organisation, rule.id))
    return observed is not None and rule.observable and facts.today <= observed.until


def _alternative(snapshot: PolicySnapshot, asked: Asked, today: date, able: Container[type[Obligation]]) -> str | None:
    """A task that this caller may use for the same request: one of the same profile first."""
    application = snapshot.applications.get((asked.organisation, asked.application))
    if application is None:
        return None
    wanted = application.tasks[asked.alias].profile if asked.alias in application.tasks else None
    others = [alias for alias in application.tasks if alias != asked.alias]
    for alias in sorted(others, key=lambda other: application.tasks[other].profile is not wanted):
        instead = replace(asked, alias=alias)
        if verdict(snapshot, gather(snapshot, instead, today)).usable(able):
            return alias
    return None


def _fill(text: Text, facts: Facts) -> LocalText:
    return LocalText(nl=text.nl, en=text.en).format(**particulars(facts))
