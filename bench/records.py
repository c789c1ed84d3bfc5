# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The evidence of calls without the calls, by the same code that serves: `python -m bench.records wait|fill COUNT`.

`wait` prints how many milliseconds each of COUNT openings took to become durable with nothing else to do: what a call waits
before it may leave. `fill` writes the records of COUNT calls into the log of this installation, as fast as it can.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable

from app import settings as configuration
from app.domain.call import Interruption
from app.domain.generation import Generation
from app.domain.subject import Subject
from app.evidence.exchange import Evidence
from app.main import House, open_house

_AT_ONCE = 500
_PAUSE = 0.05
_PROMPT = "Ik wil een nieuw paspoort aanvragen. Wat moet ik meenemen, en wanneer kan ik het ophalen? "


async def wait(call: Callable[[], Awaitable[float]], count: int) -> None:
    """One at a time, at the pace of a quiet counter."""
    found = []
    for _ in range(count):
        await asyncio.sleep(_PAUSE)
        found.append(1e3 * await call())
    print(json.dumps(found))


async def fill(call: Callable[[], Awaitable[float]], count: int) -> None:
    """Many at a time."""
    for start in range(0, count, _AT_ONCE):
        await asyncio.gather(*(call() for _ in range(min(_AT_ONCE, count - start))))


async def recorder(house: House) -> Callable[[], Awaitable[float]]:
    """Makes the records of one call of the counter; seconds that its opening took."""
    evidence = Evidence(house.ledger, house.clock, house.keys.cipher, house.keys.commitment)
    access = await house.identity.refresh()
    key = next(iter(access.keys.values()))
    subject = Subject(key.id, house.organisation, key.application, key.scopes, access=access.version)
    generation = Generation(
        dialect="openai", operation="openai.chat.completions", model="balie-concept", stream=False, choices=1,
        body={}, prompt=(_PROMPT,),
    )  # fmt: skip
    decision = house.policy.decide(subject, generation)
    deployment = decision.require_permit()

    async def call() -> float:
        async with evidence.exchange(subject, generation.operation, Interruption()) as exchange:
            exchange.judged(generation, decision)
            begun = time.perf_counter()
            await exchange.open(deployment)
            took = time.perf_counter() - begun
            await exchange.deliver(None)
        return took

    return call


async def main(what: str, count: int) -> None:
    """By the settings in force."""
    async with open_house(configuration.load()) as house:
        await {"wait": wait, "fill": fill}[what](await recorder(house), count)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
