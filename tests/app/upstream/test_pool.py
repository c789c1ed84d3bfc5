# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from app.upstream.connection import Connection
from app.upstream.connector import Connector, SystemNames
from app.upstream.destination import Destination
from app.upstream.pool import ConnectTimeout, Lane
from tests.fake_upstream import FakeUpstream, answer

HEAD = b"POST /v1 HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n"
PATIENCE = 20


@pytest.fixture
async def lane(fake: FakeUpstream) -> AsyncIterator[Lane]:
    fake.on("/v1", answer({}))
    made = lane_to(fake)
    yield made
    await ended(made)


def lane_to(fake: FakeUpstream, **changes: Any) -> Lane:  # noqa: ANN401 limits of the lane
    destination = Destination.of(fake.deployment())
    return Lane(destination, Connector(destination, SystemNames(), user_agent="waarmerk/1"), **changes)


async def used(lane: Lane) -> Connection:
    """A new connection on which one answer was read."""
    connection = await lane.connect(PATIENCE)
    until = asyncio.get_running_loop().time() + PATIENCE
    await connection.ask(HEAD, b"", until)
    while await connection.read(until):
        pass
    return connection


async def ended(lane: Lane) -> None:
    lane.close()
    await until(lambda: lane.is_empty)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 a lane tells nobody
            await asyncio.sleep(0.005)


async def test_the_last_that_came_back_is_the_first_to_be_used_again(lane: Lane) -> None:
    first, second = await used(lane), await used(lane)
    assert lane.kept() is None
    lane.keep(first)
    lane.keep(second)
    assert (lane.kept(), lane.kept(), lane.kept()) == (second, first, None)


async def test_one_that_is_not_fit_is_passed_over_and_closed(fake: FakeUpstream, lane: Lane) -> None:
    good, bad = await used(lane), await used(lane)
    lane.keep(good)
    lane.keep(bad)
    bad.close()
    assert lane.kept() is good
    assert lane.kept() is None


async def test_one_that_may_not_rest_is_closed(fake: FakeUpstream, lane: Lane) -> None:
    unread = await lane.connect(PATIENCE)
    await unread.ask(HEAD, b"", asyncio.get_running_loop().time() + PATIENCE)
    lane.keep(unread)
    assert lane.kept() is None
    await until(lambda: lane.is_empty)


async def test_no_more_are_kept_than_its_bound(fake: FakeUpstream) -> None:
    lane = lane_to(fake, most_kept=2)
    fake.on("/v1", answer({}))
    connections = [await used(lane) for _ in range(3)]
    for connection in connections:
        lane.keep(connection)
    assert [connection.is_open for connection in connections] == [True, True, False]
    await ended(lane)


async def test_one_that_rested_too_long_is_forgotten(fake: FakeUpstream) -> None:
    lane = lane_to(fake, kept_seconds=0.05)
    fake.on("/v1", answer({}))
    lane.keep(await used(lane))
    await until(lambda: lane.is_empty)
    assert lane.kept() is None


async def test_retired_it_keeps_none_and_leaves_those_in_use_alone(lane: Lane) -> None:
    resting, running = await used(lane), await used(lane)
    lane.keep(resting)
    lane.retire()
    assert (resting.is_open, running.is_open) == (False, True)
    lane.keep(running)
    assert not running.is_open
    assert lane.kept() is None
    await until(lambda: lane.is_empty)


async def test_closed_it_closes_all_and_a_connection_that_comes_too_late(lane: Lane) -> None:
    running = await used(lane)
    connecting = asyncio.create_task(lane.connect(PATIENCE))
    await asyncio.sleep(0)
    lane.close()
    assert not running.is_open
    assert not (await connecting).is_open
    await until(lambda: lane.is_empty)


async def test_a_connection_that_takes_too_long_has_a_fault_of_its_own() -> None:
    async with FakeUpstream() as silent:
        destination = Destination.of(silent.deployment(scheme="https"))
        lane = Lane(destination, Connector(destination, SystemNames(), user_agent="waarmerk/1"))
        with pytest.raises(ConnectTimeout):
            await lane.connect(0.1)
        assert lane.is_empty


class SlowNames:
    """A name service that gives up by itself."""

    async def addresses(self, name: str) -> Sequence[str]:
        raise TimeoutError


async def test_a_network_that_gives_up_before_is_no_limit_of_ours(fake: FakeUpstream) -> None:
    destination = Destination.of(fake.deployment(host="model.example"))
    lane = Lane(destination, Connector(destination, SlowNames(), user_agent="waarmerk/1"))
    with pytest.raises(ConnectionError):
        await lane.connect(PATIENCE)
