# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An outbound proxy over a real socket: tunnels what it was told to know, and remembers what it was asked."""

import asyncio
import ssl
from collections.abc import Mapping

from typing_extensions import override

from tests.fake_server import FakeServer


class FakeProxy(FakeServer):
    """`routes` says where `CONNECT name:port` leads on this machine; anything else is refused.

    `reply` is what it says before it passes on, whatever that is; without `tls` it is spoken to in plain text.
    """

    def __init__(
        self,
        routes: Mapping[str, int],
        *,
        host: str = "127.0.0.1",
        reply: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n",
        refusal: bytes = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(host=host, tls=tls)
        self._reply = reply
        self._refusal = refusal
        self.heads: list[str] = []
        self._routes = routes

    @override
    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        method, target, _ = head.split("\r\n", 1)[0].split(" ")
        port = self._routes.get(target) if method == "CONNECT" else None
        if port is None:
            writer.write(self._refusal)
            await writer.drain()
        else:
            await self._tunnel(reader, writer, port)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(self._reply)
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass  # one side left: the other is told below
    finally:
        writer.close()
