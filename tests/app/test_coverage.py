# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table is derived from what is served and decided; what nobody declared is claimed, and so must be proved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute

from app.coverage import Cell, Coverage, Row, Status
from app.domain.control import Control, Declared, Form, Kind, Says, Why
from app.main import ABLE, CONTROLS, coverage, load_policy, routes
from app.settings import Settings
from app.web import reviews


class Day:
    """On which the shipped example is in force. Port: `Clock`."""

    def now(self) -> datetime:
        return datetime(2026, 12, 1, tzinfo=UTC)


ROWS = coverage(load_policy(Settings(), Day())).rows()
CHAT, PUBLICATIONS = "/v1/chat/completions", "/api/v1/publications"
RAN = Cell(Status.RAN)


def of(template: str, task: str, **form: object) -> Row:
    wanted = Form(**form)  # type: ignore[arg-type]
    (row,) = (row for row in ROWS if (row.case.door.template, row.case.task, row.case.form) == (template, task, wanted))
    return row


def test_every_door_to_the_pipeline_is_in_it() -> None:
    api = [
        route for route in reviews.router(lambda: pytest.fail("nothing is asked")).routes if isinstance(route, APIRoute)
    ]
    served = {(route.method, route.template) for route in routes().routes}
    served |= {(method, route.path) for route in api for method in route.methods or ()}
    assert {(row.case.door.method, row.case.door.template) for row in ROWS} == served


def test_every_form_of_an_answer_is_in_it() -> None:
    forms = {row.case.form for row in ROWS if row.case.door.template == CHAT}
    assert {(form.stream, form.choices > 1) for form in forms} == {(a, b) for a in (False, True) for b in (False, True)}
    assert {form.says for form in forms} == set(Says)
    assert len(forms) == 16


def test_what_policy_asks_runs_and_what_it_does_not_ask_does_not() -> None:
    draft, search, plain = (
        of(CHAT, task, stream=True).cells for task in ("balie-concept", "balie-zoekvraag", "balie-register")
    )
    assert draft[Control.LABEL] == draft[Control.SENTENCE_IDS] == plain[Control.LABEL] == RAN
    assert plain[Control.SENTENCE_IDS] == search[Control.LABEL] == Cell(Status.NOT_APPLICABLE, Why.NOT_ASKED)


@pytest.mark.parametrize(
    ("template", "task", "form", "refused"),
    [
        (CHAT, "balie-chat", Form(), (Control.OBLIGATIONS, "obligation-unsupported")),
        (CHAT, "balie-redactie", Form(stream=True), (Control.OBLIGATIONS, "obligation-unsupported")),
        (CHAT, "oude-samenvatting", Form(), (Control.POLICY, "denied")),
        (CHAT, "balie-brief", Form(says=Says.CALLS), (Control.POLICY, "denied")),
        (CHAT + "/{name}", "balie-concept", Form(), (Control.HOLD, "unknown-name")),
        ("/v1/models/{name}", "balie-chat", Form(), (Control.POLICY, "unknown-route")),
        (PUBLICATIONS, "balie-concept", Form(), (Control.OBLIGATIONS, "invalid-request")),
    ],
)
def test_what_is_refused_says_where_and_how(template: str, task: str, form: Form, refused: tuple[Control, str]) -> None:
    (row,) = (row for row in ROWS if (row.case.door.template, row.case.task, row.case.form) == (template, task, form))
    order = list(Control)
    after = {control for control in order[order.index(refused[0]) :] if control is not Control.ENDED}
    assert row.refused == refused
    assert {control for control, cell in row.cells.items() if cell == Cell(Status.REFUSED, refused[1])} == after
    assert row.cells[Control.ENDED] == RAN


def test_a_door_of_which_nobody_said_anything_claims_every_control_in_every_form() -> None:
    (door, *_) = routes().routes
    new = replace(door, template="/v1/responses", kind="unheard-of")  # type: ignore[arg-type]
    rows = rows_of([new])
    (row,) = (row for row in rows if (row.case.task, row.case.form) == ("balie-concept", Form()))
    excused = {control for control, cell in row.cells.items() if cell.status is Status.NOT_APPLICABLE}
    assert {row.case.form for row in rows} == {row.case.form for row in ROWS if row.case.door.kind is Kind.GENERATION}
    assert excused == {
        Control.HOLD,
        Control.BANNER,
        Control.MANIFEST,
    }  # policy asks no hold of a draft, and it is no pilot


def rows_of(doors: Sequence[object]) -> Sequence[Row]:
    return Coverage(doors, CONTROLS, ABLE, load_policy(Settings(), Day())).rows()  # type: ignore[arg-type]


@pytest.mark.parametrize("declared", [CONTROLS[1:], (*CONTROLS, {Control.STOP: Declared()})])
def test_a_control_that_is_declared_by_none_or_twice_is_a_fault(declared: Sequence[object]) -> None:
    with pytest.raises(ValueError, match="exactly one room"):
        Coverage([], declared, ABLE, load_policy(Settings(), Day()))  # type: ignore[arg-type]
