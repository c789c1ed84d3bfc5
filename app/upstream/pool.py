# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The connections to one destination: made when asked, kept for a while after an answer that ended as it should."""

import asyncio
from typing import Final

from app.upstream.connection import Connection
from app.upstream.connector import Connector
from app.upstream.destination import Destination

_KEPT_SECONDS: Final = 15.0
"""A server that closes an idle connection just as we use it costs a call, for nothing is sent twice: so not for long."""
_MOST_KEPT: Final = 256
"""Connections at rest; those in use are bounded by how many calls are let in."""


class ConnectTimeout(TimeoutError):
    """No connection within its time."""


class Lane:
    """The connections to one destination. Retired, it keeps none; those in use end with their answers."""

    def __init__(
        self,
        destination: Destination,
        connector: Connector,
        *,
        kept_seconds: float = _KEPT_SECONDS,
        most_kept: int = _MOST_KEPT,
    ) -> None:
        self.destination = destination
        self._connector = connector
        self._kept_seconds = kept_seconds
        self._most_kept = most_kept
        self._open: set[Connection] = set()
        self._resting: dict[Connection, None] = {}
        self._retired = self._closed = False

    @property
    def is_empty(self) -> bool:
        return not self._open

    def kept(self) -> Connection | None:
        """One that was used before and is fit to be used again; the last that came back, for the others may then grow old."""
        while self._resting:
            connection, _ = self._resting.popitem()
            if connection.wake():
                return connection
        return None

    async def connect(self, seconds: float) -> Connection:
        """A new one. Raises `ConnectTimeout` after so long, and as the connector does."""
        connecting = asyncio.timeout(seconds)
        try:
            async with connecting:
                connection = await self._connector.connect(self._forget)
        except TimeoutError:
            if not connecting.expired():  # the network's own, which is no limit of ours
                raise ConnectionAbortedError from None
        else:
            if self._closed:
                connection.close()
            if connection.is_open:  # else nobody will say that it is gone: they have
                self._open.add(connection)
            return connection
        raise ConnectTimeout

    def keep(self, connection: Connection) -> None:
        """Take it back for another request, or close it where that may not be."""
        if self._retired or len(self._resting) >= self._most_kept:
            connection.close()
        elif connection.rest(asyncio.get_running_loop().time() + self._kept_seconds):
            self._resting[connection] = None

    def retire(self) -> None:
        """Keep none, now and later."""
        self._retired = True
        for connection in list(self._resting):
            connection.close()
        self._resting.clear()

    def close(self) -> None:
        """Close every connection, also under answers that are being read."""
        self.retire()
        self._closed = True
        for connection in list(self._open):
            connection.close()

    def _forget(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._resting.pop(connection, None)
