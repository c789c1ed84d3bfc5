# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The coverage proof: every cell of `waarmerk coverage`, driven on a real socket. A control that left no trace did not run."""

from collections.abc import Iterator

import pytest

from app.coverage import Cell, Row, Status
from app.domain.control import Control, Kind, Why
from tests.coverage.driving import DRIVERS, World, drive
from tests.coverage.seen import Seen
from tests.coverage.table import ROWS, name_of
from tests.coverage.traces import GROUNDS, TRACES
from tests.installation import headers


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("row", ROWS, ids=map(name_of, ROWS))
async def test_every_cell_is_true(row: Row, world: World) -> None:
    seen = await drive(row, world)
    assert list(untrue(row, seen)) == []
    assert list(doubled(seen)) == []


@pytest.mark.asyncio(loop_scope="session")
async def test_the_table_that_is_proved_is_the_one_that_auditors_get(world: World) -> None:
    answer = await world.client.get("/log/gemeente-voorbeeld/coverage.json", headers=headers(world.rightless["balie"]))
    assert answer.json() == [row.document() for row in ROWS]


def test_every_control_every_reason_and_every_kind_of_door_is_looked_at() -> None:
    assert list(TRACES) == list(Control)
    assert set(GROUNDS) == set(Why) == {cell.why for row in ROWS for cell in row.cells.values() if excused(cell)}
    assert set(DRIVERS) == set(Kind) == {row.case.door.kind for row in ROWS}


def untrue(row: Row, seen: Seen) -> Iterator[str]:
    """What the table says and the world does not."""
    for control, cell in row.cells.items():
        left = TRACES[control](seen)
        if cell.status is Status.RAN and not left:
            yield f"{control.slug} is said to run and left no trace"
        if excused(cell) and left:
            yield f"{control.slug} ran, and is said not to apply: {cell.why}"
        if excused(cell) and not GROUNDS[Why(cell.why)](seen, control):
            yield f"{control.slug} does not apply for a reason that does not hold: {cell.why}"
        if cell.status is Status.REFUSED and (seen.answer.problem != cell.why or seen.sent):
            yield f"{control.slug}: refused as {seen.answer.problem or 'nothing'}, or a model was asked"
        if cell.status is Status.REFUSED and left and row.refused is not None and row.refused[0] is not control:
            yield f"{control.slug} left a trace after the call was refused"


def doubled(seen: Seen) -> Iterator[str]:
    """What must be there once and is not: a call to the model, the end of a choice, the end of a stream."""
    if len(seen.sent) > 1:
        yield "the model was asked twice"
    if set(seen.answer.finishes.values()) > {1}:
        yield "a choice ended twice"
    if seen.answer.streamed and (seen.answer.frames.count("[DONE]"), seen.answer.frames[-1]) != (1, "[DONE]"):
        yield "the stream did not end, or more than once"


def excused(cell: Cell) -> bool:
    return cell.status is Status.NOT_APPLICABLE
