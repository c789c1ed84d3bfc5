# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Runs `cases.yaml`: the verdicts that the policy should reach, on facts changed for one case only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from app.domain.decision import Decision
from app.domain.generation import Generation
from app.domain.subject import Context, Subject
from app.policy.application import Application
from app.policy.catalogue import Provider
from app.policy.facts import Facts
from app.policy.gather import ask, gather
from app.policy.judge import judge
from app.policy.organisation import Contract, DeploymentEntry, Organisation
from app.policy.rule import Case
from app.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case. `failures` says expected and got; empty when it passed."""

    case: Case
    decision: Decision | None
    failures: tuple[str, ...] = ()


class CaseUnusable(Exception):
    """The case changes something that is not there, or into something that cannot be."""


def run_case(snapshot: PolicySnapshot, case: Case) -> Outcome:
    """Change the facts, judge, compare. Never raises: a case that cannot run is a failure."""
    subject, generation = call_of(case)
    try:
        changed = change(snapshot, gather(snapshot, ask(snapshot, subject, generation), case.today), case.set)
    except CaseUnusable as error:
        return Outcome(case, None, (str(error),))
    decision = judge(changed, ask(changed, subject, generation), case.today)
    return Outcome(case, decision, tuple(_differences(case, decision)))


def call_of(case: Case) -> tuple[Subject, Generation]:
    """The call that the case describes."""
    request = case.request
    subject = Subject("key", case.organisation, case.application, frozenset(), Context(language=request.language))
    generation = Generation(
        dialect="case",
        operation="case",
        model=case.task,
        stream=False,
        choices=1,
        body={},
        prompt=(request.prompt,),
        media=frozenset(request.media),
        tools=frozenset(request.tools),
        structured=request.structured,
    )
    return subject, generation


def change(snapshot: PolicySnapshot, facts: Facts, changes: Mapping[str, Any]) -> PolicySnapshot:
    """The snapshot with these facts of this chain changed, each judged again by its model. Raises `CaseUnusable`."""
    if not changes:
        return snapshot
    trees = _trees(facts)
    for path, value in changes.items():
        _set(trees, path, value)
    applications = _swap(snapshot.applications, facts.application, trees, "application")
    for task in (task for application in applications.values() for task in application.tasks.values()):
        if missing := sorted(set(task.languages) - snapshot.disclosures.keys()):
            raise CaseUnusable(f"cannot be: there are no texts in '{missing[0]}'")
    return replace(
        snapshot,
        organisations=_swap(snapshot.organisations, facts.organisation, trees, "organisation"),
        applications=applications,
        deployments=_swap(snapshot.deployments, facts.deployment, trees, "deployment"),
        contracts=_swap(snapshot.contracts, facts.contract, trees, "contract"),
        providers=_swap(snapshot.providers, facts.provider, trees, "provider"),
    )


def _trees(facts: Facts) -> dict[str, Any]:
    """The chain as plain trees; `task` and `offering` are parts of their application and provider."""
    links = {
        "organisation": facts.organisation,
        "application": facts.application,
        "deployment": facts.deployment,
        "contract": facts.contract,
        "provider": facts.provider,
    }
    trees: dict[str, Any] = {name: link.model_dump(mode="json") for name, link in links.items() if link is not None}
    if facts.task is not None:
        trees["task"] = trees["application"]["tasks"][facts.asked.alias]
    if facts.offering is not None:
        trees["offering"] = next(each for each in trees["provider"]["offerings"] if each["id"] == facts.offering.id)
    return trees


def _set(trees: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    place: Any = trees
    for parent in parents:
        place = place.get(parent) if isinstance(place, dict) else None
    if not parents or not isinstance(place, dict) or (last not in place and parents[-1] != "force"):
        raise CaseUnusable(f"cannot set {path}: there is no such fact in this chain")
    place[last] = value


K = TypeVar("K")
M = TypeVar("M", Organisation, Application, DeploymentEntry, Contract, Provider)


def _swap(entries: Mapping[K, M], entry: M | None, trees: Mapping[str, Any], name: str) -> Mapping[K, M]:
    if entry is None:
        return entries
    try:
        changed = type(entry).model_validate_json(json.dumps(trees[name]))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise CaseUnusable(f"cannot be: {name}.{place}: {first['msg']}") from None
    return MappingProxyType({key: changed if kept is entry else kept for key, kept in entries.items()})


def _differences(case: Case, decision: Decision) -> list[str]:
    expected = case.expect
    obligations = sorted(type(obligation).__name__ for obligation in decision.obligations)
    compared = [
        ("effect", expected.effect.value, decision.effect.value),
        ("rule", expected.rule or decision.rule, decision.rule),
        ("shadow", sorted(expected.shadow), sorted(shadow.rule for shadow in decision.shadow)),
        ("alternative", expected.alternative or decision.alternative, decision.alternative),
        ("obligations", obligations if expected.obligations is None else sorted(expected.obligations), obligations),
    ]
    return [f"{what}: expected {wanted}, got {got}" for what, wanted, got in compared if wanted != got]
