# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The listening end: uvicorn as this service needs it, and how it stops.

Stopping (SIGTERM, SIGINT): `drain` is called, so that readiness turns off and new calls are refused, while the door is
still open for `announce_seconds` and load balancers look away; then the door closes and running exchanges get
`grace_seconds`; then `interrupt` is called and they get `farewell_seconds` to end themselves, each with its own error event;
what is left is cancelled, and a stream that is cancelled is cut without its terminator. A second SIGINT skips the waiting.

Several workers are several processes on one socket, for a machine with many cores; each builds its own application. They end
with the process that keeps them, also where it was killed and could not tell them: they drain as at SIGTERM.
"""

import asyncio
import gc
import multiprocessing
import resource
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType
from typing import Final, TypeAlias

from typing_extensions import override
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.importer import import_from_string
from uvicorn.server import Server

from app.web.edge import Refused
from app.web.guard import Asgi, Message, Receive, Send
from app.web.protocol import EdgeLimits, protocol_class

CONFIGURATION_FAILURE: Final = 78
"""EX_CONFIG: a worker that ends with this would end so again, so it is not started again."""
_FINAL: Final = (STARTUP_FAILURE, CONFIGURATION_FAILURE)
_STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_FILES_BESIDE: Final = 128
"""Open files that are no connection of a client or to a model: database, log, sockets that listen, libraries."""
_MADE_BEFORE_A_LOOK: Final = 5_000
"""Objects that are made before the collector looks for cycles. A call leaves hardly any, and each look goes over all calls that run."""
_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has no others."""


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files. With `client_ca`, a client must show a certificate that this authority signed."""

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 or later. Raises `OSError`, `ssl.SSLError`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
        context.set_ciphers(_CIPHERS)
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(self.certificate, self.key)
        if self.client_ca is not None:
            context.load_verify_locations(self.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


@dataclass(frozen=True, slots=True)
class Listener:
    """Where to listen, and how long things may take."""

    host: str = "127.0.0.1"
    port: int = 8484
    socket_file: Path | None = None
    """Instead of host and port: a Unix socket, for the owner and the group."""
    tls: Tls | None = None
    workers: int = 1
    limits: EdgeLimits = field(default_factory=EdgeLimits)
    announce_seconds: float = 0
    grace_seconds: float = 60
    farewell_seconds: float = 5
    backlog: int = 2048

    def bind(self) -> socket.socket:
        """Raises `OSError`."""
        if self.socket_file is None:
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            return socket.create_server((self.host, self.port), family=family, backlog=self.backlog)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with suppress(FileNotFoundError):
            self.socket_file.unlink()  # left by a process that was killed
        listening.bind(str(self.socket_file))
        self.socket_file.chmod(0o660)
        listening.listen(self.backlog)
        return listening


class Application:
    """What is served: an ASGI application, and the three things the server tells it."""

    def __init__(
        self, asgi: Asgi, *, drain: Callable[[], None], interrupt: Callable[[], None], refused: Refused
    ) -> None:
        """`drain`: stop taking new work. `interrupt`: end what runs. `refused`: the protocol turned a request away."""
        self.asgi = asgi
        self.drain = drain
        self.interrupt = interrupt
        self.refused = refused

    def __call__(self, scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        return self.asgi(scope, receive, send)


Factory: TypeAlias = str | Callable[[], Application]
"""How a process makes its application: `app.main:application`, or the function itself (one worker only)."""


def serve(factory: Factory, listener: Listener) -> None:
    """Serve until told to stop. Raises `OSError` when it cannot listen and `SystemExit` when it cannot start."""
    listening = listener.bind()
    try:
        if listener.workers > 1:
            _supervise(factory, listener, listening)
        else:
            _work(factory, listener, listening)
    finally:
        listening.close()
        if listener.socket_file is not None:
            with suppress(FileNotFoundError):
                listener.socket_file.unlink()


class DrainingServer(Server):
    """uvicorn's server, which ends exchanges in the order of this file's first paragraph."""

    def __init__(self, config: Config, application: Application, listener: Listener) -> None:
        super().__init__(config)
        self._application = application
        self._listener = listener

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What start-up made stays for good: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_MADE_BEFORE_A_LOOK, 10, 10)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._application.drain()
        await self._wait(self._listener.announce_seconds)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._wait(self._listener.grace_seconds, while_running=True)
        self._application.interrupt()
        await self._wait(self._listener.farewell_seconds, while_running=True)
        await super().shutdown(sockets)

    async def _wait(self, seconds: float, *, while_running: bool = False) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until and not self.force_exit and (self.server_state.tasks or not while_running):
            await self.on_tick(0)  # keeps the Date header right
            await asyncio.sleep(0.05)


def server(application: Application, listener: Listener) -> DrainingServer:
    """A server of this application in this process; `run(sockets=[listener.bind()])` serves."""
    context = listener.tls.context() if listener.tls is not None else None
    config = Config(
        lambda: application,
        factory=True,
        interface="asgi3",
        loop="uvloop",
        http=protocol_class(listener.limits, application.refused),
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        workers=1,
        backlog=listener.backlog,
        ssl_context_factory=None if context is None else lambda _config, _default: context,
        timeout_graceful_shutdown=1,
    )
    return DrainingServer(config, application, listener)


def _work(factory: Factory, listener: Listener, listening: socket.socket) -> None:
    make = import_from_string(factory) if isinstance(factory, str) else factory
    limits = replace(listener.limits, connections=_connections_possible(listener))
    serving = server(make(), replace(listener, limits=limits))
    # uvicorn raises the signal again for the handler it found, once all is closed: with its own, the process ends by
    # returning, and whoever started it can clean up.
    for number in _STOP_SIGNALS:
        signal.signal(number, serving.handle_exit)
    serving.run(sockets=[listening])


def _connections_possible(listener: Listener) -> int:
    """Ask for as many open files as the bound on connections needs, and say how many connections those that there are allow.

    A process that may open no more can neither accept nor write to its database: so the bound comes first. Each connection may
    need another one to a model.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * listener.limits.connections + _FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return listener.limits.connections
    return max(1, min(listener.limits.connections, (soft - _FILES_BESIDE) // 2))


def _supervise(factory: Factory, listener: Listener, listening: socket.socket) -> None:
    """Keep `workers` processes alive until SIGTERM or SIGINT, then let each of them drain."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in _STOP_SIGNALS:
        signal.signal(number, stop)
    workers = [_start(factory, listener, listening) for _ in range(listener.workers)]
    failure = 0
    while not stopping and not failure:
        wait([worker.sentinel for worker in workers], timeout=0.5)
        dead = [place for place, worker in enumerate(workers) if not worker.is_alive()]
        failure = next((code for place in dead if (code := workers[place].exitcode) in _FINAL), 0)
        if dead and not failure and not stopping:
            time.sleep(0.5)  # one that dies at once is not started in a busy loop
            for place in dead:
                workers[place] = _start(factory, listener, listening)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()
    sys.exit(failure)


def _start(factory: Factory, listener: Listener, listening: socket.socket) -> SpawnProcess:
    worker = multiprocessing.get_context("spawn").Process(target=_work_on_a_leash, args=(factory, listener, listening))
    worker.start()
    return worker


def _work_on_a_leash(factory: Factory, listener: Listener, listening: socket.socket) -> None:
    """Without its supervisor a worker would hold the door that the next one opens, and nobody would ever stop it."""
    threading.Thread(target=_end_with_supervisor, name="leash", daemon=True).start()
    _work(factory, listener, listening)


def _end_with_supervisor() -> None:
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
    signal.raise_signal(signal.SIGTERM)
