# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from app.domain.access import Stop, StopKind
from app.domain.errors import EvidenceUnavailable, NotAuthenticated, Stopped, UnknownName
from app.domain.ledger import SealedContent, Unit
from app.storage.access import SqlAccessStore
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.log import SqlContentReader
from app.storage.migrate import upgrade
from tests.app.storage.conftest import NewUrl, OpenLedger
from tests.storage_units import (
    DEPLOYMENT,
    MOMENT,
    ORGANISATION,
    a_key,
    a_record,
    an_exchange,
    close_exchange,
    holder,
    in_turn,
    open_exchange,
    write,
    written,
)


async def test_a_key_in_force_is_admitted_on_any_version(database: Database, ledger: SqlLedger) -> None:
    key = a_key()
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    for version in (1, 0, 7, 1):
        subject = holder(key, version)
        await ledger.commit(lambda unit, subject=subject: unit.admit(subject, DEPLOYMENT), lambda _: [a_record()])  # type: ignore[misc]
    assert len(written(database)) == 5


@pytest.mark.parametrize("version", [0, 1, 2])
async def test_a_revocation_holds_at_once_on_every_worker(
    database: Database, open_ledger: OpenLedger, version: int
) -> None:
    """Whatever the worker remembers, and whatever version the caller came in on."""
    ledger, other = await open_ledger(database), await open_ledger(database)
    key = a_key()
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    await ledger.commit(lambda unit: unit.admit(holder(key, 1), DEPLOYMENT), lambda _: [a_record()])
    await other.commit(lambda unit: unit.revoke_key(key.id, MOMENT), lambda _: [a_record()])
    with pytest.raises(NotAuthenticated):
        await ledger.commit(lambda unit: unit.admit(holder(key, version), DEPLOYMENT), lambda _: [a_record()])
    assert len(written(database)) == 3


async def test_what_relied_on_old_access_runs_again(database: Database, open_ledger: OpenLedger) -> None:
    """Other units of the same batch are not harmed by the one that is refused, nor by running twice."""
    ledger, other = await open_ledger(database), await open_ledger(database)
    key, kept = a_key(), a_key()
    await ledger.commit(
        in_turn(lambda unit: unit.add_key(key), lambda unit: unit.add_key(kept)), lambda _: [a_record()]
    )
    await write(ledger, a_record())
    await other.commit(lambda unit: unit.revoke_key(key.id, MOMENT), lambda _: [a_record()])
    ran: list[str] = []

    def admit(unit: Unit, name: str) -> None:
        ran.append(name)
        unit.admit(holder(key if name == "revoked" else kept, 2), DEPLOYMENT)

    outcomes = await asyncio.gather(
        ledger.commit(lambda unit: admit(unit, "revoked"), lambda _: [a_record()]),
        ledger.commit(lambda unit: admit(unit, "kept"), lambda _: [a_record()]),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [NotAuthenticated, type(None)]
    assert ran == ["revoked", "kept", "revoked", "kept"]
    assert len(written(database)) == 4


async def test_a_revocation_holds_within_its_own_batch(database: Database, ledger: SqlLedger) -> None:
    key = a_key()
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    await write(ledger, a_record())
    outcomes = await asyncio.gather(
        ledger.commit(lambda unit: unit.admit(holder(key, 1), DEPLOYMENT), lambda _: [a_record()]),
        ledger.commit(lambda unit: unit.revoke_key(key.id, MOMENT), lambda _: [a_record()]),
        ledger.commit(lambda unit: unit.admit(holder(key, 1), DEPLOYMENT), lambda _: [a_record()]),
        return_exceptions=True,
    )
    assert [isinstance(outcome, NotAuthenticated) for outcome in outcomes] == [False, False, True]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (StopKind.APPLICATION, "guus"),
        (StopKind.DEPLOYMENT, DEPLOYMENT.id),
        (StopKind.PROVIDER, DEPLOYMENT.provider),
    ],
)
async def test_a_stop_holds_until_it_is_lifted(
    database: Database, open_ledger: OpenLedger, kind: StopKind, name: str
) -> None:
    ledger, other = await open_ledger(database), await open_ledger(database)
    key = a_key()
    order = Stop(kind, name, "proef", MOMENT)
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    await other.commit(lambda unit: unit.stop(order), lambda _: [a_record()])
    with pytest.raises(Stopped, match="proef"):
        await ledger.commit(lambda unit: unit.admit(holder(key, 2), DEPLOYMENT), lambda _: [a_record()])
    assert await other.commit(lambda unit: unit.start(kind, name), lambda _: [a_record()]) == order
    await ledger.commit(lambda unit: unit.admit(holder(key, 3), DEPLOYMENT), lambda _: [a_record()])


async def test_a_stop_of_something_else_does_not_hold(database: Database, ledger: SqlLedger) -> None:
    key = a_key()
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    for stop in (Stop(StopKind.PROVIDER, "guus", "", MOMENT), Stop(StopKind.APPLICATION, DEPLOYMENT.id, "", MOMENT)):
        await ledger.commit(lambda unit, stop=stop: unit.stop(stop), lambda _: [])  # type: ignore[misc]
    await ledger.commit(lambda unit: unit.admit(holder(key, 3), DEPLOYMENT), lambda _: [a_record()])
    assert len(written(database)) == 2


async def test_the_same_order_twice_is_one_order(database: Database, ledger: SqlLedger) -> None:
    store = SqlAccessStore(database, ORGANISATION)
    for reason in ("eerst", "daarna"):
        order = Stop(StopKind.PROVIDER, "voorbeeld-aanbieder", reason, MOMENT)
        await ledger.commit(lambda unit, order=order: unit.stop(order), lambda _: [a_record()])  # type: ignore[misc]
    access = await store.load()
    assert [stop.reason for stop in access.stops] == ["eerst"]
    assert access.version == 1


async def test_what_is_not_there_has_no_name(ledger: SqlLedger) -> None:
    with pytest.raises(UnknownName):
        await ledger.commit(lambda unit: unit.revoke_key("key_none", MOMENT), lambda _: [a_record()])
    with pytest.raises(UnknownName):
        await ledger.commit(lambda unit: unit.start(StopKind.PROVIDER, "niemand"), lambda _: [a_record()])


async def test_content_is_kept_with_its_unit_or_not_at_all(database: Database, ledger: SqlLedger) -> None:
    call, reader = an_exchange(), SqlContentReader(database)
    sealed = SealedContent(call.id, "prompt", b"key", b"text")
    await ledger.commit(
        in_turn(lambda unit: unit.open_exchange(call), lambda unit: unit.keep(sealed)), lambda _: [a_record()]
    )
    output = SealedContent(call.id, "output", b"key", b"text")

    def fails(unit: Unit) -> None:
        unit.keep(output)
        raise LookupError

    with pytest.raises(LookupError):
        await ledger.commit(fails, lambda _: [])
    assert reader.sealed(call.id) == [sealed]


async def test_two_ends_of_one_exchange_in_one_batch_are_one_end(database: Database, ledger: SqlLedger) -> None:
    call, other = an_exchange(), an_exchange()
    await open_exchange(ledger, call)
    await open_exchange(ledger, other)
    outcomes = await asyncio.gather(
        close_exchange(ledger, call),
        close_exchange(ledger, call),
        close_exchange(ledger, other),
        return_exceptions=True,
    )
    assert [isinstance(outcome, EvidenceUnavailable) for outcome in outcomes] == [False, True, False]
    assert len(written(database)) == 4


async def test_a_unit_that_looks_sees_what_came_before_it_and_itself(ledger: SqlLedger) -> None:
    """Of its own batch, too: work that is only in memory is written before anybody looks."""
    early, own = an_exchange(erase_after=date(2026, 1, 1)), an_exchange(erase_after=date(2026, 1, 2))

    def erases(unit: Unit) -> set[str]:
        unit.open_exchange(own)
        unit.close_exchange(own.id)
        return {erased.id for erased in unit.erase(date(2026, 2, 1))}

    outcomes = await asyncio.gather(
        ledger.commit(
            in_turn(lambda unit: unit.open_exchange(early), lambda unit: unit.close_exchange(early.id)), lambda _: []
        ),
        ledger.commit(erases, lambda _: []),
    )
    assert outcomes[1] == {early.id, own.id}
    assert ledger.batches == 1


_GROWING = {f"SCAN {table}" for table in ("content", "exchange", "hold", "log_entry", "outbox", "output")}
_OPEN_ONLY = {"ix_exchange_open", "ix_hold_open"}
"""Indexes of what is open: they do not grow with what has been."""


async def test_what_is_asked_every_second_reads_nothing_that_has_been(new_url: NewUrl, open_ledger: OpenLedger) -> None:
    """By the plan that SQLite makes; a whole table of exchanges, read in every second, would stop the writer in the end."""
    database = Database(new_url("sqlite"))
    upgrade(database)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        asked.append((statement, parameters))

    ledger = await open_ledger(database)
    event.listen(database.engine, "before_cursor_execute", note)
    await ledger.beat()
    works: Sequence[Callable[[Unit], object]] = (
        lambda unit: unit.orphans(()),
        lambda unit: unit.stale_holds(MOMENT),
        lambda unit: unit.due_messages(MOMENT),
    )
    for work in works:
        await ledger.commit(work, lambda _: ())
    event.remove(database.engine, "before_cursor_execute", note)
    plans = []
    with database.reading() as connection:
        for statement, parameters in asked:
            if statement.startswith("SELECT"):
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                plans += [str(row.detail) for row in rows]
    whole = [plan for plan in plans if plan.partition(" USING ")[0] in _GROWING and not _OPEN_ONLY & {*plan.split()}]
    assert len(plans) >= 3
    assert whole == []
