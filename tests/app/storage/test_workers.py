# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from app.storage import workers
from app.storage.database import Database
from app.storage.workers import PATIENCE, Lease, Sight


def test_one_that_stands_still_for_five_beats_is_taken_for_dead() -> None:
    lease = Lease()
    for beat in range(PATIENCE + 1):
        assert lease.silent() == {}
        lease.observe(Sight(lease.me, {"still": 7, "alive": beat}))
    assert lease.silent() == {"still": 7}
    lease.observe(Sight(lease.me, {"still": 8, "alive": beat}))
    assert lease.silent() == {}


def test_one_that_left_is_forgotten() -> None:
    lease = Lease()
    for _ in range(PATIENCE + 1):
        lease.observe(Sight(lease.me, {"gone": 1}))
    lease.observe(Sight(lease.me, {}))
    assert lease.silent() == {}


def test_a_beat_shows_the_others(database: Database) -> None:
    with database.writing() as connection:
        for name in ("wrk_a", "wrk_b"):
            workers.register(connection, name)
        assert workers.beat(connection, "wrk_a") == Sight("wrk_a", {"wrk_b": 0})
        assert workers.beat(connection, "wrk_b") == Sight("wrk_b", {"wrk_a": 1})


def test_one_that_beats_in_time_is_not_buried(database: Database) -> None:
    with database.writing() as connection:
        for name in ("wrk_a", "wrk_b", "wrk_c"):
            workers.register(connection, name)
        workers.beat(connection, "wrk_b")
        workers.bury(connection, {"wrk_a": 0, "wrk_b": 0})
        assert workers.beat(connection, "wrk_c").others == {"wrk_b": 1}


def test_one_that_was_buried_comes_back_as_another(database: Database) -> None:
    with database.writing() as connection:
        workers.register(connection, "wrk_a")
        workers.leave(connection, ["wrk_a"])
        sight = workers.beat(connection, "wrk_a")
        assert sight.me != "wrk_a"
        assert workers.beat(connection, sight.me) == sight
