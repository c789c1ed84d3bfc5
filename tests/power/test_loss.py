# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Loss of power at any moment: whatever of the unsynced writes is on the disk, what was acknowledged is in the log.

A killed process cannot show this, because what it wrote is still in the memory of the system. So the writer runs once while
its calls to the system are noted; from these the disk is made again as a power failure could have left it after each event,
and SQLite opens that. `disk.py` says what is modelled and what is not: no torn sectors, no lost directory entries.

The writer makes the same calls in every run and the choice of surviving writes is seeded, so a failure can be repeated; only
the numbers that SQLite itself draws (salts in its write-ahead log, and with them the checksums) and the name of the worker differ.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

from tests.power.audit import faults
from tests.power.calls import calls, watched
from tests.power.disk import Acknowledge, Disk, Event, Remove, Sync, Truncate, Write, events

pytestmark = pytest.mark.needs("strace")

DATABASE = "waarmerk.db"
LOG = f"{DATABASE}-wal"
UNITS = 10
RECORDS = 12
SEED = 20261123
EARLY = "wal_autocheckpoint = 16"
"""Pages in the write-ahead log before it is emptied. SQLite's own thousand would not be reached in a run this short."""


@pytest.mark.parametrize("pragmas", [(), (EARLY,)], ids=["as shipped", "log emptied early"])
def test_nothing_acknowledged_is_lost(pragmas: Sequence[str], empty: bytes, tmp_path: Path) -> None:
    happened = recorded(empty, tmp_path, pragmas)
    assert len(acknowledged(happened)) == RECORDS
    assert violations(empty, happened, tmp_path, range(1, len(happened) + 1)) == {}
    assert sum(isinstance(event, Sync) and event.file == LOG for event in happened) >= UNITS


def test_nothing_acknowledged_is_lost_when_syncs_fail_and_writes_are_forgotten(empty: bytes, tmp_path: Path) -> None:
    """Each ninth sync fails, in a commit or where the log is emptied; the writer goes on with a new connection."""
    happened = recorded(empty, tmp_path, [EARLY], "fdatasync:error=EIO:when=9+9")
    failed = {event.file for event in happened if isinstance(event, Sync) and not event.succeeded}
    assert violations(empty, happened, tmp_path, range(1, len(happened) + 1)) == {}
    assert failed == {DATABASE, LOG}
    assert 0 < len(acknowledged(happened)) < RECORDS


@pytest.mark.parametrize("level", ["NORMAL", "OFF"])
def test_a_setting_that_does_not_wait_for_the_disk_is_found_out(level: str, empty: bytes, tmp_path: Path) -> None:
    """If this test fails, the model sees nothing and the tests above prove nothing."""
    happened = recorded(empty, tmp_path, [f"synchronous = {level}"])
    after_each = [cut for cut, event in enumerate(happened, 1) if isinstance(event, Acknowledge)]
    assert len(after_each) == UNITS
    found = violations(empty, happened, tmp_path, after_each)
    assert len(found) > UNITS / 2
    assert any(fault.startswith("lost") for left in found.values() for fault in left)


def test_what_is_not_synced_may_be_lost_and_what_is_synced_may_not() -> None:
    disk = Disk({"a": b"....", "b": b"...."})
    for event in (Write("a", 0, b"s"), Write("b", 5, b"u"), Sync("a", succeeded=True), Truncate("a", 2)):
        disk.take(event)
    assert possible(disk) == {(b"s...", b"...."), (b"s.", b"...."), (b"s...", b"....\0u"), (b"s.", b"....\0u")}
    disk.take(Remove("a"))
    disk.take(Sync("a", succeeded=True))
    assert {first for first, _ in possible(disk)} == {None}


def test_a_sync_that_failed_makes_nothing_certain_and_nor_does_the_next() -> None:
    disk = Disk({})
    for event in (
        Write("a", 0, b"x"), Sync("a", succeeded=False), Write("a", 1, b"y"), Sync("a", succeeded=True)
    ):  # fmt: skip
        disk.take(event)
    assert {first for first, _ in possible(disk)} == {b"xy", b"\0y"}


def recorded(empty: bytes, folder: Path, pragmas: Sequence[str], *injected: str) -> Sequence[Event]:
    """What a writer did to a database, and what it acknowledged, in order."""
    file = folder / DATABASE
    file.write_bytes(empty)
    run = watched(folder / "strace.log", ["tests.power.writer", str(file), str(UNITS), *pragmas], *injected)
    assert run.returncode == 0, run.stderr
    with (folder / "strace.log").open() as lines:
        return list(events(calls(lines), file))


def violations(
    empty: bytes, happened: Sequence[Event], folder: Path, cuts: Collection[int]
) -> Mapping[int, Sequence[str]]:
    """Faults of the database that is left, by the number of events before the power failed."""
    found = {}
    for cut, left in failures(empty, happened, cuts):
        place = folder / "left"
        place.mkdir(exist_ok=True)
        for old in place.iterdir():
            old.unlink()
        for name, data in left.items():
            (place / name).write_bytes(data)
        if wrong := faults(place / DATABASE, acknowledged(happened[:cut])):
            found[cut] = wrong
    return found


def failures(
    empty: bytes, happened: Sequence[Event], cuts: Collection[int]
) -> Iterator[tuple[int, Mapping[str, bytes]]]:
    """The files after a power failure at each of these moments."""
    disk = Disk({DATABASE: empty})
    for cut, event in enumerate(happened, 1):
        disk.take(event)
        if cut in cuts:
            yield cut, disk.left(Random(f"{SEED}/{cut}"))


def acknowledged(happened: Sequence[Event]) -> Sequence[str]:
    return [record for event in happened if isinstance(event, Acknowledge) for record in event.records]


def possible(disk: Disk) -> set[tuple[bytes | None, bytes | None]]:
    """Every pair of files that a hundred power failures leave."""
    states = [disk.left(Random(seed)) for seed in range(100)]
    return {(state.get("a"), state.get("b")) for state in states}
