# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import io
from collections.abc import Callable, Iterator

import pytest

from app.domain.access import Stop, StopKind
from app.domain.errors import EvidenceUnavailable, ReviewConflict
from app.domain.ledger import SealedContent, Unit
from app.storage.access import SqlAccessStore
from app.storage.accounts import SqlAccountReader
from app.storage.database import Database
from app.storage.dump import TABLES, dump, restore
from app.storage.holds import SqlHoldReader
from app.storage.ledger import SqlLedger
from app.storage.log import SqlCheckpoints, SqlContentReader
from app.storage.migrate import upgrade
from app.storage.schema import metadata
from tests.app.storage.conftest import NewUrl, OpenLedger
from tests.storage_reviews import a_busy_hold, a_hold, a_message, a_session, a_user, outputs_of, released_of
from tests.storage_units import (
    MOMENT,
    ORGANISATION,
    a_key,
    a_record,
    an_exchange,
    close_exchange,
    open_exchange,
    write,
    written,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, new_url: NewUrl) -> Iterator[Database]:
    database = Database(new_url(request.param))
    upgrade(database)
    yield database
    database.close()


async def test_what_was_dumped_is_restored_on_either_engine(
    database: Database, ledger: SqlLedger, target: Database, open_ledger: OpenLedger
) -> None:
    running = await fill(database, ledger)
    file = io.BytesIO()
    rows = dump(database, file)
    await write(ledger, a_record())
    file.seek(0)
    assert restore(file, target) == rows
    assert rows["exchange"] == 2
    assert rows["log_entry"] == len(written(target))
    again = io.BytesIO()
    dump(target, again)
    assert again.getvalue() == file.getvalue()
    assert min(rows.values()) > 0, "a table without a row proves nothing"
    assert SqlHoldReader(target, ORGANISATION).holds() == SqlHoldReader(database, ORGANISATION).holds()
    assert SqlAccountReader(target, ORGANISATION).users() == SqlAccountReader(database, ORGANISATION).users()
    assert SqlContentReader(target).sealed(running) == [SealedContent(running, "prompt", bytes(range(256)), b"\0\xff")]
    assert await SqlAccessStore(target, ORGANISATION).load() == await SqlAccessStore(database, ORGANISATION).load()
    heir = await open_ledger(target)
    found = await heir.commit(lambda unit: unit.orphans(), lambda _: [a_record()])
    assert [orphan.id for orphan in found] == [running]
    assert len(written(target)) == rows["log_entry"] + 1


async def test_what_waits_in_a_copy_is_one_call_still(
    database: Database, ledger: SqlLedger, target: Database, open_ledger: OpenLedger
) -> None:
    await fill(database, ledger)
    [waiting] = SqlHoldReader(database, ORGANISATION).holds()
    file = io.BytesIO()
    dump(database, file)
    file.seek(0)
    restore(file, target)
    again = a_hold(same=waiting.same)
    with pytest.raises(ReviewConflict):
        await (await open_ledger(target)).commit(lambda unit: unit.add_hold(again), lambda _: [])


async def test_who_was_signed_in_is_not_so_in_a_copy(database: Database, ledger: SqlLedger, target: Database) -> None:
    """Who has signed out since, or was locked out, must not come back with it."""
    await fill(database, ledger)
    [user] = SqlAccountReader(database, ORGANISATION).users()
    here = a_session(user)
    await ledger.commit(lambda unit: unit.open_session(here), lambda _: [])
    file = io.BytesIO()
    dump(database, file)
    assert here.digest.encode() not in file.getvalue()
    file.seek(0)
    restore(file, target)
    assert SqlAccountReader(target, ORGANISATION).user(user.id) == user
    assert SqlAccountReader(target, ORGANISATION).session(here.digest) is None


async def test_a_database_in_use_is_not_written_over(database: Database, ledger: SqlLedger) -> None:
    await fill(database, ledger)
    file = io.BytesIO()
    dump(database, file)
    file.seek(0)
    with pytest.raises(EvidenceUnavailable, match="not empty"):
        restore(file, database)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[: data.rindex(b"\n", 0, -1) + 1],
        lambda data: data.replace(b"voorbeeld-aanbieder", b"voorbeeld-aanbiedex"),
        lambda data: data.replace(b'"table":"stop"', b'"table":"stip"'),
        lambda data: data.replace(b"waarmerk-dump-1", b"waarmerk-dump-2"),
        lambda data: data.replace(b'"revision":"0', b'"revision":"9'),
        lambda _: b"",
        lambda _: b"\xff\xfe",
    ],
)
async def test_a_file_that_is_not_whole_is_not_restored(
    database: Database, ledger: SqlLedger, new_url: NewUrl, engine: str, spoil: Callable[[bytes], bytes]
) -> None:
    await fill(database, ledger)
    file = io.BytesIO()
    dump(database, file)
    spoilt = spoil(file.getvalue())
    assert spoilt != file.getvalue()
    target = Database(new_url(engine))
    upgrade(target)
    with pytest.raises(EvidenceUnavailable, match="not restored"):
        restore(io.BytesIO(spoilt), target)
    assert written(target) == []
    target.close()


def test_every_table_but_those_of_processes_and_browsers_is_dumped() -> None:
    assert {table.name for table in TABLES} == set(metadata.tables) - {"worker", "session"}


async def fill(database: Database, ledger: SqlLedger) -> str:
    """Something in most tables; gives an exchange that is open."""
    key, ended, running = a_key(), an_exchange(), an_exchange()
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    stop = Stop(StopKind.PROVIDER, "voorbeeld-aanbieder", "één proef", MOMENT)
    await ledger.commit(lambda unit: unit.stop(stop), lambda _: [a_record()])
    await open_exchange(ledger, ended)
    await close_exchange(ledger, ended)
    await open_exchange(ledger, running)
    content = SealedContent(running.id, "prompt", bytes(range(256)), b"\0\xff")
    await ledger.commit(lambda unit: unit.keep(content), lambda _: [])
    hold, user = a_busy_hold(), a_user()

    def review(unit: Unit) -> None:
        unit.add_hold(hold)
        unit.release(released_of(hold), outputs_of(hold))
        unit.enqueue(a_message())
        unit.add_user(user)
        unit.open_session(a_session(user))

    await ledger.commit(review, lambda _: [a_record()])
    SqlCheckpoints(database).put(ORGANISATION, 5, "log\n5\nwortel\n\n— log teken\n")
    return running.id
