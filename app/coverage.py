# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The coverage proof: which control runs where. `tests/coverage` drives every cell of it on a real socket.

It is derived, not kept: the doors are those that are served, the verdicts are policy's own, and each room says of its controls
where they have nothing to do.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from types import MappingProxyType

from app.domain.control import Case, Control, Controls, Declared, Door, Form, Kind, Says
from app.domain.decision import Decision, HoldForReview, Label, Obligation
from app.domain.errors import Denied, InvalidRequest, ObligationUnsupported, UnknownName, UnknownRoute
from app.domain.generation import Generation
from app.domain.json import JsonObject
from app.domain.subject import Subject
from app.policy.room import PolicyRoom
from app.publication import require_publication

SEVERAL = 2
_A_TOOL = "a-tool"
_EVERY = tuple(Form(*axes) for axes in product((False, True), (1, SEVERAL), Says))
_HELD = tuple(form for form in _EVERY if not form.stream and form.says in {Says.PROSE, Says.DATA})
_FORMS: Mapping[Kind, Sequence[Form]] = MappingProxyType(
    {Kind.RETRIEVAL: _HELD} | dict.fromkeys((Kind.MODELS, Kind.MODEL, Kind.PUBLICATION, Kind.REVIEW), (Form(),))
)
"""In which forms a door is used; one that is not here, in every form."""
_ORDER = tuple(Control)


class Status(StrEnum):
    """What a control does in a case."""

    RAN = "ran"
    NOT_APPLICABLE = "not applicable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Cell:
    """One control in one case."""

    status: Status
    why: str = ""
    """The reason why it does not apply, a `Why`; or the name of the problem that the call was refused with."""

    def document(self) -> JsonObject:
        """For programs of auditors."""
        return {"status": self.status.value, **({"why": str(self.why)} if self.why else {})}


@dataclass(frozen=True, slots=True)
class Row:
    """One case, and what every control does there."""

    case: Case
    cells: Mapping[Control, Cell]
    refused: tuple[Control, str] | None = None
    """At which control the call is refused, and with which problem."""

    def document(self) -> JsonObject:
        """For programs of auditors."""
        case, form = self.case, self.case.form
        return {
            "method": case.door.method,
            "route": case.door.template,
            "operation": case.door.operation,
            "application": case.application,
            "task": case.task,
            "profile": case.profile,
            "stream": form.stream,
            "choices": "one" if form.choices == 1 else "several",
            "answer": form.says.value,
            "tools": sorted(case.tools),
            "controls": {control.slug: cell.document() for control, cell in self.cells.items()},
        }


@dataclass(frozen=True, slots=True)
class _Task:
    """One of the tasks that differ in what policy says of them."""

    organisation: str
    application: str
    alias: str
    profile: str
    tool: str


class Coverage:
    """The table, of these doors under this policy."""

    def __init__(
        self,
        doors: Sequence[Door],
        controls: Sequence[Controls],
        able: Container[type[Obligation]],
        policy: PolicyRoom,
    ) -> None:
        """`able`: what the rooms can carry out, as the pipeline asks it. Raises `ValueError` unless every control is declared once."""
        declared = [control for each in controls for control in each]
        wrong = [control.slug for control in Control if declared.count(control) != 1]
        if wrong:
            raise ValueError(f"each control is declared by exactly one room; these are not: {', '.join(wrong)}")
        self._doors = doors
        self._declared: Mapping[Control, Declared] = {name: said for each in controls for name, said in each.items()}
        self._able = able
        self._policy = policy

    def rows(self) -> Sequence[Row]:
        """Every case: each door, by each task that differs from those before it, in each form."""
        tasks = list(self._tasks())
        return [
            self._row(door, task, form)
            for door in self._doors
            for task in tasks
            for form in _FORMS.get(door.kind, _EVERY)
        ]

    def _tasks(self) -> Iterator[_Task]:
        """The first of all tasks of which policy says the same, with tools and without."""
        seen = set()
        for (organisation, application), registered in self._policy.snapshot.applications.items():
            for alias, entry in registered.tasks.items():
                tool = next(iter(entry.tools or ()), _A_TOOL)
                task = _Task(organisation, application, alias, entry.profile.value, tool)
                said = (task.profile, *(_said(self._decide(task, form)) for form in (Form(), Form(says=Says.CALLS))))
                if said not in seen:
                    seen.add(said)
                    yield task

    def _row(self, door: Door, task: _Task, form: Form) -> Row:
        decision = self._decide(task, form)
        case = Case(
            door,
            task.application,
            task.alias,
            task.profile,
            _kinds(decision),
            form,
            tools=_tools_of(task, form),
            data=_answers_programs(decision),
        )
        refused = self._refusal(case, decision)
        return Row(case, {control: self._cell(control, case, refused) for control in Control}, refused)

    def _cell(self, control: Control, case: Case, refused: tuple[Control, str] | None) -> Cell:
        """What comes after a refusal is refused with it; but a refusal ends the call, and is recorded."""
        if refused is not None and control is Control.ENDED:
            return Cell(Status.RAN)
        if refused is not None and _ORDER.index(control) >= _ORDER.index(refused[0]):
            return Cell(Status.REFUSED, refused[1])
        excuse = self._declared[control].excuse(case)
        return Cell(Status.RAN) if excuse is None else Cell(Status.NOT_APPLICABLE, excuse)

    def _decide(self, task: _Task, form: Form) -> Decision:
        asked = Generation("-", "-", task.alias, stream=False, choices=1, body={}, tools=_tools_of(task, form))
        return self._policy.decide(Subject("-", task.organisation, task.application, frozenset()), asked)

    def _refusal(self, case: Case, decision: Decision) -> tuple[Control, str] | None:
        """Where the pipeline would turn this call away, by the same judgements."""
        usable = decision.usable(self._able)
        match case.door.kind:
            case Kind.MODELS:
                return None  # what cannot be used is left out
            case Kind.MODEL:
                return None if usable else (Control.POLICY, UnknownRoute.name)
            case Kind.RETRIEVAL | Kind.REVIEW:
                held = usable and HoldForReview in case.obligations
                return None if held else (Control.HOLD, UnknownName.name)
            case kind:
                try:
                    decision.require_permit()
                    if kind is Kind.PUBLICATION:
                        require_publication(decision)
                except Denied as error:
                    return Control.POLICY, error.name
                except InvalidRequest as error:
                    return Control.OBLIGATIONS, error.name
                return None if usable else (Control.OBLIGATIONS, ObligationUnsupported.name)


def _tools_of(task: _Task, form: Form) -> frozenset[str]:
    return frozenset({task.tool} if form.says in {Says.CALLS, Says.BOTH} else ())


def _kinds(decision: Decision) -> frozenset[type[Obligation]]:
    return frozenset(map(type, decision.obligations))


def _answers_programs(decision: Decision) -> bool:
    return any(isinstance(each, Label) and each.data for each in decision.obligations)


def _said(decision: Decision) -> tuple[str, frozenset[type[Obligation]], bool]:
    return decision.rule, _kinds(decision), _answers_programs(decision)
