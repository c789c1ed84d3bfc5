# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The guarded clients in a process of their own, to be watched from outside: jobs on stdin, outcomes on stdout, both JSON."""

import asyncio
import dataclasses
import json
import sys
from contextlib import suppress
from typing import Any

import uvloop

from app.domain.answer import UpstreamRequest
from app.domain.decision import Deployment, Timeouts
from app.upstream.client import HttpUpstream
from app.upstream.connector import Guard, NameService
from app.upstream.credentials import Credentials
from app.upstream.destination import Destination
from app.upstream.httpx_client import guarded_client
from tests.fake_upstream import ScriptedNames


async def main() -> None:
    work = json.load(sys.stdin)
    names = ScriptedNames(work["names"])
    deployment = deployment_of(work["deployment"])
    upstream = HttpUpstream(Credentials({}), version="1", names=names)
    destination = Destination.of(deployment)
    client = guarded_client(destination, version="1", names=names)
    outcomes = []
    async with client:
        for job in work["jobs"]:
            match job:
                case {"host": host}:
                    outcome = forward(upstream, dataclasses.replace(deployment, host=host), "/v1")
                case {"path": path}:
                    outcome = forward(upstream, deployment, path)
                case {"httpx": url}:
                    outcome = client.get(url)
                case {"guard": host}:
                    outcome = pass_the_walls(destination, names, host)
                case _:
                    raise ValueError(job)
            outcomes.append(await told(outcome))
            if job.get("reset"):
                await upstream.reset()
    await upstream.aclose()
    json.dump(outcomes, sys.stdout)


async def forward(upstream: HttpUpstream, deployment: Deployment, path: str) -> Any:  # noqa: ANN401
    answer = await upstream.forward(UpstreamRequest(deployment, path, b"{}", stream=False))
    async for _ in answer:
        pass
    await answer.aclose()
    return answer


async def pass_the_walls(destination: Destination, names: NameService, host: str) -> None:
    """As the connector does, and then as if it had never asked for the name."""
    guard, port = Guard(destination, names), destination.peer.port
    address = host
    with suppress(OSError):
        [address] = await guard.resolve(host)
    with guard.open_socket(address, port) as sock:
        await asyncio.get_running_loop().sock_connect(sock, (address, port))


async def told(outcome: Any) -> str:  # noqa: ANN401
    """`answered`, or the name of what was raised."""
    try:
        await asyncio.wait_for(outcome, 60)
    except Exception as error:  # noqa: BLE001 whatever it is, it is what happened
        return type(error).__name__
    return "answered"


def deployment_of(fields: dict[str, Any]) -> Deployment:
    fields["cidr"] = tuple(fields["cidr"])
    fields["force"] = ()
    fields["timeouts"] = Timeouts(**fields["timeouts"])
    return Deployment(**fields)


if __name__ == "__main__":
    uvloop.run(main())
