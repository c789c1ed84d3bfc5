# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk coverage`: which control runs at which door, for people as a page and for auditors' programs as JSON."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod
from string import ascii_lowercase

import click

from app.cli.house import fail
from app.coverage import Cell, Row, Status
from app.domain.clock import SystemClock
from app.domain.control import Case, Control, Door, Form, Why
from app.domain.errors import WaarmerkError
from app.main import coverage as derive
from app.main import load_policy
from app.settings import Settings

INTRODUCTION = """\
# Coverage: which control runs where

*Made by `waarmerk coverage`. A test drives every cell of it on a real socket; another fails when this page is not what the command prints.*

A control that silently does not run on some route is the commonest fault of products like this one. So this table is derived: from the
routes that are served, from the verdicts of the policy (here the shipped example: the first of all tasks of which it says the same), and
from what each room declares beside its code. `waarmerk coverage` prints it for your own policy, and with `--json` each case by itself.

A control **ran**: it left the trace that is looked for. It is **n/a**, not applicable: it left none, and the reason holds; each has a
letter, explained at the end. Or the call was **refused** with the problem that is named: no model was asked, and the refusal is in the
log. A column holds for JSON and streams, for one choice and several, and whatever the model answers, unless it says for which.
"""


@dataclass(frozen=True, slots=True)
class _Day:
    """A clock that stands still. Port: `Clock`."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Every case by itself, for programs.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day. Default: today.")
@click.pass_obj
def coverage(settings: Settings, *, as_json: bool, day: datetime | None) -> None:
    """Show which control runs at which door: ran, not applicable (and why), or refused. Needs a policy and no installation."""
    try:
        clock = _Day(day.replace(tzinfo=UTC)) if day else SystemClock()
        rows = derive(load_policy(settings, clock)).rows()
    except WaarmerkError as error:
        fail(error)
    click.echo(json.dumps([row.document() for row in rows], indent=1) if as_json else page(rows), nl=as_json)


def page(rows: Sequence[Row]) -> str:
    """The table in Markdown: a section for each door, a column for cases in which all controls do the same."""
    doors = dict.fromkeys(row.case.door for row in rows)
    sections = ["\n".join(_section(door, [row for row in rows if row.case.door is door])) for door in doors]
    reasons = [f"- **{_letter(why)}**: {why}" for why in Why]
    return "\n".join([INTRODUCTION, *sections, "## Why a control has nothing to do", "", *reasons, ""])


def _section(door: Door, rows: Sequence[Row]) -> Iterator[str]:
    groups: dict[tuple[Cell, ...], list[Case]] = {}
    for row in rows:
        groups.setdefault(tuple(row.cells.values()), []).append(row.case)
    every = dict.fromkeys(row.case.form for row in rows)
    yield f"## `{door.method} {door.template}`\n"
    for number, cases in enumerate(groups.values(), 1):
        yield f"- **{number}**: {'; '.join(_told(cases, every))}"
    yield "\n| control | " + " | ".join(map(str, range(1, len(groups) + 1))) + " |"
    yield "|---" * (len(groups) + 1) + "|"
    for place, control in enumerate(Control):
        cells = " | ".join(_cell(group[place]) for group in groups)
        yield f"| **{control.slug}**: {control.value} | {cells} |"
    yield ""


def _cell(cell: Cell) -> str:
    if cell.status is Status.NOT_APPLICABLE:
        return f"n/a ({_letter(cell.why)})"
    return f"refused: `{cell.why}`" if cell.status is Status.REFUSED else "ran"


def _letter(why: str) -> str:
    return ascii_lowercase[list(Why).index(Why(why))]


def _told(cases: Sequence[Case], every: Collection[Form]) -> Iterator[str]:
    """Tasks, with the forms in which it is so where it is not so in every form."""
    forms: dict[str, list[Form]] = {}
    for case in cases:
        forms.setdefault(f"`{case.task}` ({case.profile})", []).append(case.form)
    tasks: dict[str, list[str]] = {}
    for task, used in forms.items():
        tasks.setdefault(_shape(used, every), []).append(task)
    for shape, names in tasks.items():
        yield ", ".join(names) + (f": {shape}" if shape else "")


def _shape(forms: Sequence[Form], every: Collection[Form]) -> str:
    """The sides on which these differ from all forms; one by one where they are no block of them."""
    sides = [(_side(forms, side), _side(every, side)) for side in (_streams, _choices, _says)]
    if len(forms) != prod(len(mine) for mine, _ in sides):
        return "; ".join(_shape([form], every) for form in forms)
    return ", ".join(" or ".join(mine) for mine, whole in sides if mine != whole)


def _side(forms: Iterable[Form], side: Callable[[Form], str]) -> Sequence[str]:
    return list(dict.fromkeys(map(side, forms)))


def _streams(form: Form) -> str:
    return "streamed" if form.stream else "JSON"


def _choices(form: Form) -> str:
    return "one choice" if form.choices == 1 else "several choices"


def _says(form: Form) -> str:
    return form.says.value
