# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every call with which one commit writes fails once, and once ends the process: nothing acknowledged is lost, nothing is half.

The commit appends to a write-ahead log that holds an acknowledged record already, and then empties that log into the
database. After an error the same process goes on; after a kill another takes over. That power failed too is in `test_loss.py`.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.power.audit import faults
from tests.power.calls import WRITING, Call, calls, watched
from tests.power.lives import MARK
from tests.power.writer import ROUND, commit, ledger_on, opened

pytestmark = pytest.mark.needs("strace")

EMPTIED = "wal_autocheckpoint = 20"
"""Pages in the write-ahead log, reached by the second unit of a life."""
STRUCK = 120
"""More calls of a kind than a life makes, so that it is struck where it is meant to be and nowhere else."""
KILLED = -9
LOG = "strace.log"
Kind: TypeAlias = tuple[str, str]


@pytest.fixture(scope="module")
def one_commit(empty: bytes, tmp_path_factory: pytest.TempPathFactory) -> Counter[Kind]:
    """Every call, with its file, of the second unit of a life that is not struck, up to its acknowledgement."""
    folder = tmp_path_factory.mktemp("unstruck")
    assert set(lived(empty, folder, ()).values()) == {0}
    made = noted(folder)
    begin = next(place for place, call in enumerate(made) if call.file.endswith(f"/{MARK}"))
    end = next(place for place, call in enumerate(made) if place > begin and call.file.endswith("/acknowledged"))
    found = Counter(kind(call) for call in made[begin + 1 : end] if call.thread == made[begin].thread)
    files = ("waarmerk.db", "waarmerk.db-wal")
    assert found.keys() == {*product(("pwrite64", "fdatasync"), files), ("ftruncate", "waarmerk.db")}
    return found


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_call_that_fails(error: str, one_commit: Counter[Kind], empty: bytes, tmp_path: Path) -> None:
    ends = lived(empty, tmp_path, sweeps(one_commit), f"error={error}")
    assert len(ends) == one_commit.total()
    assert set(ends.values()) == {0}, "a writer did not recover"
    assert Counter(kind(call) for call in noted(tmp_path) if call.injected) == one_commit
    assert {life: wrong for life in ends if (wrong := audited(tmp_path / life, least=3))} == {}


async def test_a_call_that_is_the_last(one_commit: Counter[Kind], empty: bytes, tmp_path: Path) -> None:
    ends = lived(empty, tmp_path, sweeps(one_commit), "signal=KILL")
    assert list(ends.values()) == [KILLED] * one_commit.total()
    assert {life: wrong for life in ends if (wrong := audited(tmp_path / life, least=1))} == {}
    for life in ends:
        await taken_over(tmp_path / life)


def lived(empty: bytes, folder: Path, sweeps: Sequence[str], *faults: str) -> dict[str, int]:
    """Let the lives run; how each ended. A negative number is a signal."""
    (folder / "empty.db").write_bytes(empty)
    injected = [f"{WRITING}:{fault}:when={STRUCK}" for fault in faults]
    program = ["tests.power.lives", str(folder), EMPTIED, str(STRUCK), *sweeps]
    run = watched(folder / LOG, program, *injected, longest=32)
    assert run.returncode == 0, run.stderr
    return {life: int(end) for life, end in (line.split() for line in run.stdout.splitlines())}


def sweeps(one_commit: Counter[Kind]) -> Sequence[str]:
    """How many lives there are of each call."""
    times: Counter[str] = Counter()
    for (name, _), number in one_commit.items():
        times[name] += number
    return [f"{name}:{number}" for name, number in times.items()]


def noted(folder: Path) -> Sequence[Call]:
    with (folder / LOG).open() as lines:
        return list(calls(lines))


def kind(call: Call) -> Kind:
    return call.name, Path(call.file).name


def audited(home: Path, least: int) -> list[str]:
    """What is wrong with the database that this life left; it must have acknowledged so much at least."""
    said = (home / "acknowledged").read_text().split()
    assert len(said) >= least
    return faults(home / "waarmerk.db", said)


async def taken_over(home: Path) -> None:
    """Another writer goes on where this one was killed."""
    said = (home / "acknowledged").read_text().split()
    database = opened(home / "waarmerk.db")
    async with ledger_on(database) as ledger:
        said.extend(await commit(ledger, 100 * ROUND))
    database.close()
    assert faults(home / "waarmerk.db", said) == []
