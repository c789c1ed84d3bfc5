# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small application that streams, and ends its streams as it is told to; a program for test_shutdown."""

import asyncio
import os
import sys
from pathlib import Path

from app.web.guard import Guard, Message, Receive, Send
from app.web.protocol import EdgeLimits
from app.web.server import Application, Listener, serve


class Streams:
    def __init__(self) -> None:
        self.draining = False
        self.interrupted = asyncio.Event()

    def drain(self) -> None:
        self.draining = True

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            if "fail" in sys.argv:
                await send({"type": "lifespan.startup.failed", "message": "cannot start"})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        status = 503 if self.draining else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        if scope["path"] == "/pid":
            await send({"type": "http.response.body", "body": str(os.getpid()).encode()})
        elif self.draining:
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.stream(scope["path"], send)

    async def stream(self, path: str, send: Send) -> None:
        await send({"type": "http.response.body", "body": b"data: first\n\n", "more_body": True})
        end = b"data: [DONE]\n\n"
        try:
            async with asyncio.timeout(0.4 if path == "/short" else 60):
                await (asyncio.sleep(60) if path == "/stubborn" else self.interrupted.wait())
            await asyncio.sleep(1.5 if path == "/lingering" else 0)
            end = b"data: error\n\n"
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": end})


def application() -> Application:
    streams = Streams()
    guard = Guard(streams, allowed_hosts=["waarmerk.example"], trusted_proxies=[], refused=lambda _name, _peer: None)
    return Application(guard, drain=streams.drain, interrupt=streams.interrupted.set, refused=lambda _name, _peer: None)


if __name__ == "__main__":
    serve(
        "tests.framing.streaming:application",
        Listener(
            socket_file=Path(sys.argv[1]),
            workers=int(sys.argv[2]),
            announce_seconds=float(sys.argv[3]),
            grace_seconds=float(sys.argv[4]),
            farewell_seconds=float(sys.argv[5]),
            limits=EdgeLimits(idle_seconds=60),
        ),
    )
