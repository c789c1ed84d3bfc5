# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The writer among real faults: killed processes, cut connections, full disks, and another writer beside it."""

import asyncio
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors import EvidenceUnavailable
from app.domain.record import Record, RecordType
from app.domain.review import Hold, HoldState
from app.storage.database import Database
from app.storage.holds import SqlHoldReader
from app.storage.ledger import SqlLedger
from app.storage.log import SqlContentReader
from app.storage.outputs import SqlOutputReader
from app.storage.schema import log_entry, log_head, outbox
from tests.storage_reviews import released_of
from tests.storage_units import ORGANISATION, a_record, write, written


def test_no_acknowledged_record_is_lost_when_writers_are_killed(database: Database) -> None:
    """SIGKILL at any moment: what was acknowledged is there, and nothing is torn, in whatever order it happened."""
    moments = random.Random(20261123)
    acknowledged: list[str] = []
    for _ in range(6):
        worker = start_worker(database, 100_000)
        assert worker.stdout is not None
        acknowledged += [worker.stdout.readline().decode().strip() for _ in range(moments.randrange(1, 150))]
        worker.kill()
        acknowledged += finish(worker)
    log = written(database)
    assert len(log) == len(set(log))
    assert set(acknowledged) <= set(log)


def test_an_approval_is_whole_or_absent_when_its_worker_is_killed(database: Database) -> None:
    """The decision, the text, what verify knows, the message and the record: of each hold all five, or none."""
    moments = random.Random(20261123)
    acknowledged: list[str] = []
    for _ in range(10):
        reviewer = start("tests.storage_reviewer", database)
        assert reviewer.stdout is not None
        acknowledged += [reviewer.stdout.readline().decode().strip() for _ in range(moments.randrange(1, 20))]
        time.sleep(moments.uniform(0, 0.03))  # else it dies just after an approval, every time
        reviewer.kill()
        acknowledged += finish(reviewer)
    found = SqlHoldReader(database, ORGANISATION)
    holds = [*found.holds(limit=100_000), *found.holds(open_only=False, limit=100_000)]
    parts = {hold.id: parts_of(database, hold) for hold in holds}
    assert {frozenset(each) for each in parts.values()} <= {frozenset({True}), frozenset({False})}
    assert {name for name, each in parts.items() if True in each} >= set(acknowledged)
    written(database)


def test_processes_that_race_make_one_log(database: Database) -> None:
    workers = [start_worker(database, 320) for _ in range(2)]
    acknowledged = [record for worker in workers for record in finish(worker)]
    assert len(acknowledged) == 2 * 320
    assert sorted(written(database)) == sorted(acknowledged)


async def test_a_commit_that_fails_fails_every_unit_and_the_log_goes_on(
    database: Database, ledger: SqlLedger, engine: str
) -> None:
    """On PostgreSQL the connection is cut in the middle, on SQLite the disk is full: both in the transaction itself."""
    before, after = a_record(), a_record()
    await write(ledger, before)
    doomed = [ledger.commit(lambda _: None, lambda _: [a_record() for _ in range(400)]) for _ in range(4)]
    if engine == "sqlite":
        with full_disk(database):
            outcomes = await asyncio.gather(*doomed, return_exceptions=True)
    else:
        cut = ledger.commit(lambda _: cut_connections(database), lambda _: [])
        outcomes = await asyncio.gather(*doomed, cut, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {EvidenceUnavailable}
    assert written(database) == [before.id]
    await until_written(ledger, after)
    assert written(database) == [before.id, after.id]


async def test_a_connection_that_died_while_idle_costs_no_unit(
    database: Database, ledger: SqlLedger, engine: str
) -> None:
    records = [a_record(), a_record()]
    await write(ledger, records[0])
    if engine == "postgresql":
        cut_connections(database)
    await write(ledger, records[1])
    assert written(database) == [record.id for record in records]


async def test_a_database_that_only_reads_refuses_and_recovers(
    database: Database, ledger: SqlLedger, engine: str
) -> None:
    before, refused, after = a_record(), a_record(), a_record()
    await write(ledger, before)
    with only_reading(database, engine):
        with pytest.raises(EvidenceUnavailable) as told:
            await write(ledger, refused)
        assert written(database) == [before.id]
    assert "nothing is delivered" in told.value.reason.en
    await until_written(ledger, after)
    assert written(database) == [before.id, after.id]


def parts_of(database: Database, hold: Hold) -> Sequence[bool]:
    """Which parts of its approval are there."""
    outputs, code = SqlOutputReader(database, ORGANISATION), hold.codes[0]
    message = select(outbox.c.id).where(outbox.c.id == hold.id.replace("rev_", "msg_"))
    record = select(log_entry.c.record).where(
        log_entry.c.exchange == hold.exchange, log_entry.c.type == RecordType.HOLD_APPROVED
    )
    with database.reading() as connection:
        told, recorded = connection.scalar(message) is not None, connection.scalar(record) is not None
    return [
        hold.state is HoldState.APPROVED and hold.version == 2,
        [content.kind for content in SqlContentReader(database).sealed(hold.exchange)] == ["release"],
        outputs.output(code) is not None,
        outputs.manifest(code) is not None,
        *(len(outputs.published([digest])) == 1 for item in released_of(hold) for digest in item.digests),
        told,
        recorded,
    ]


def start_worker(database: Database, units: int) -> subprocess.Popen[bytes]:
    """A worker that has begun."""
    return start("tests.storage_worker", database, str(units))


def start(program: str, database: Database, *arguments: str) -> subprocess.Popen[bytes]:
    """A process that has begun."""
    address = database.engine.url.set(drivername=database.kind).render_as_string(hide_password=False)
    worker = subprocess.Popen([sys.executable, "-m", program, address, *arguments], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    return worker


def finish(worker: subprocess.Popen[bytes]) -> Sequence[str]:
    """What it acknowledged until its end. Read on where lines were read before: `communicate` would pass over what is buffered."""
    assert worker.stdout is not None
    with worker.stdout as stdout:
        whole = [line for line in stdout if line.endswith(b"\n")]
    worker.wait(60)
    return [line.decode().strip() for line in whole]


def cut_connections(database: Database) -> None:
    """End every other connection to this database, as a server that restarts would."""
    with database.writing() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """No file of this process can grow beyond what the write-ahead log has now."""
    assert database.path is not None
    size = Path(f"{database.path}-wal").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def only_reading(database: Database, engine: str) -> Iterator[None]:
    """Another process holds the file, or the server has become a replica."""
    if engine == "sqlite":
        with database.writing() as other:
            other.execute(log_head.update().values(size=log_head.c.size))
            yield
        return
    name = database.engine.url.database
    set_read_only(database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    yield
    set_read_only(database, f"ALTER DATABASE {name} RESET default_transaction_read_only")


def set_read_only(database: Database, order: str) -> None:
    """Holds for connections from now on, so those that are open end."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SET default_transaction_read_only = off")
        connection.commit()
        connection.exec_driver_sql(order)
        connection.commit()
    database.engine.dispose()
    cut_connections(database)


async def until_written(ledger: SqlLedger, record: Record) -> None:
    """Try again while the writer makes a new connection."""
    async with asyncio.timeout(60):
        while True:
            with suppress(EvidenceUnavailable):
                return await write(ledger, record)
            await asyncio.sleep(0.05)
