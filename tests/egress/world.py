# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A world of its own, in a network namespace where public addresses are this machine's: model, canaries, and one caller in it."""

import asyncio
import dataclasses
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.egress.observe import observed
from tests.fake_authority import Authority
from tests.fake_upstream import FakeUpstream, answer

MODEL = "11.22.33.44"
CANARIES = ["11.22.33.45", "127.0.0.1", "10.0.0.1", "100.64.0.1", "169.254.169.254", "::1"]
MOVES = [
    ["127.0.0.1"],
    ["10.0.0.1"],
    ["100.64.0.1"],
    ["169.254.169.254"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    [MODEL, "127.0.0.1"],
    ["127.0.0.1", MODEL],
]
"""What the name answers, each time it is asked, after the first."""


async def main() -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority = Authority(folder)
        tls = authority.server("model.example", *CANARIES)
        model = await stack.enter_async_context(FakeUpstream(host=MODEL, port=443, tls=tls))
        model.on("/v1", answer({}))
        canaries = [await stack.enter_async_context(FakeUpstream(host=host, port=443, tls=tls)) for host in CANARIES]
        deployment = model.deployment(host="model.example", cidr=(), ca_file=str(authority.ca_file))
        work = {
            "deployment": dataclasses.asdict(deployment),
            "names": {"model.example": [[MODEL], *MOVES, [MODEL]]},
            "jobs": [
                *({"path": "/v1", "reset": True} for _ in range(len(MOVES) + 2)),
                *({"guard": host} for host in CANARIES),
            ],
        }
        outcomes, reached = await observed(work, {})
        seen = {canary.host: len(canary.connections) for canary in canaries}
        json.dump({"outcomes": outcomes, "reached": sorted(reached), "canaries": seen}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
