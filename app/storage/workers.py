# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which processes are alive, told without any clock: each counts its beats, and watches the counts of the others.

A worker whose count stood still for `PATIENCE` beats of this one is taken for dead. Clocks of replicas differ and jump, and
while the database is away nobody beats, so nobody is declared dead for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update

from app.storage.schema import worker

PATIENCE = 5
"""Beats (one a second) after which silence is death."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one beat showed: who this worker is now, and the count of each other."""

    me: str
    others: Mapping[str, int]


class Lease:
    """This worker's sign of life, and its memory of the others'."""

    def __init__(self) -> None:
        self.me = new_worker()
        self._seen: dict[str, tuple[int, int]] = {}

    def observe(self, sight: Sight) -> None:
        """Remember for how many beats each count has stood still."""
        self.me = sight.me
        known = self._seen
        self._seen = {
            name: (beats, known[name][1] + 1 if name in known and known[name][0] == beats else 0)
            for name, beats in sight.others.items()
        }

    def silent(self) -> Mapping[str, int]:
        """Workers taken for dead, with the count they stopped at."""
        return {name: beats for name, (beats, still) in self._seen.items() if still >= PATIENCE}


def new_worker() -> str:
    """A name that no worker had before: one that lost its lease comes back as another."""
    return f"wrk_{uuid4()}"


def register(connection: Connection, me: str) -> None:
    """Begin a lease."""
    connection.execute(insert(worker).values(id=me, beats=0))


def beat(connection: Connection, me: str) -> Sight:
    """Give a sign of life. A worker that was taken for dead goes on under a new name: what ran under the old one is closed."""
    renewed = connection.execute(update(worker).where(worker.c.id == me).values(beats=worker.c.beats + 1))
    if renewed.rowcount == 0:
        me = new_worker()
        register(connection, me)
    others = connection.execute(select(worker.c.id, worker.c.beats).where(worker.c.id != me))
    return Sight(me, {row.id: row.beats for row in others})


def bury(connection: Connection, silent: Mapping[str, int]) -> None:
    """End the lease of those whose count still stands where it stood; one that has beaten since is left alone."""
    for name, beats in silent.items():
        connection.execute(delete(worker).where(worker.c.id == name, worker.c.beats == beats))


def leave(connection: Connection, names: Iterable[str]) -> None:
    """End these leases at once: an orderly stop."""
    connection.execute(delete(worker).where(worker.c.id.in_(list(names))))
