# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Listening and TLS; tests/framing has stopping, with real signals and real streams."""

import gc
import os
import resource
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from app.web.guard import Message, Receive, Send
from app.web.server import Application, Listener, Tls, server
from tests.fake_authority import Authority

GET = b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.9\r\nConnection: close\r\n\r\n"
PATIENCE = 60


class Told:
    """What the server told the application, in order, and the scopes it was given."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.scopes: list[Message] = []
        self.frozen = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self.words.append("startup")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self.words.append("shutdown")
            await send({"type": "lifespan.shutdown.complete"})
            return
        self.frozen = gc.get_freeze_count()
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def application(self) -> Application:
        return Application(
            self,
            drain=lambda: self.words.append("drain"),
            interrupt=lambda: self.words.append("interrupt"),
            refused=lambda name, _peer: self.words.append(name),
        )


@contextmanager
def serving(told: Told, listener: Listener) -> Iterator[socket.socket]:
    """The listening socket of a server that runs in a thread, and is stopped at the end."""
    listening = listener.bind()
    running = server(told.application(), replace(listener, grace_seconds=0, farewell_seconds=0))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield listening
    finally:
        running.should_exit = True
        thread.join(PATIENCE)
        gc.unfreeze()
    assert not thread.is_alive()


def talk(listening: socket.socket, context: ssl.SSLContext | None = None, raw: bytes = GET) -> bytes:
    with socket.socket(listening.family, socket.SOCK_STREAM) as wire:
        wire.settimeout(PATIENCE)
        wire.connect(listening.getsockname())
        if context is None:
            return exchange(wire, raw)
        with context.wrap_socket(wire, server_hostname="127.0.0.1") as secured:
            return exchange(secured, raw)


def exchange(wire: socket.socket, raw: bytes) -> bytes:
    wire.sendall(raw)
    heard = b""
    while piece := wire.recv(65536):
        heard += piece
    return heard


def test_it_serves_tells_in_order_and_says_nothing_of_itself() -> None:
    told = Told()
    with serving(told, Listener(port=0)) as listening:
        answer = talk(listening)
        talk(listening, raw=b"\x00")
    assert answer.startswith(b"HTTP/1.1 204 ")
    assert b"\r\nserver:" not in answer
    assert b"\r\ndate:" in answer
    assert told.words == ["startup", "malformed-request", "drain", "interrupt", "shutdown"]
    assert told.frozen > 0


def test_forwarding_headers_are_left_to_the_guard() -> None:
    told = Told()
    with serving(told, Listener(port=0)) as listening:
        talk(listening)
    assert told.scopes[0]["client"][0] == "127.0.0.1"


def test_it_listens_on_ipv6() -> None:
    told = Told()
    with serving(told, Listener(host="::1", port=0)) as listening:
        assert talk(listening).startswith(b"HTTP/1.1 204 ")


def test_a_socket_file_is_for_owner_and_group_and_replaces_a_stale_one(tmp_path: Path) -> None:
    listener = Listener(socket_file=tmp_path / "s")
    assert listener.socket_file is not None
    listener.bind().close()
    told = Told()
    with serving(told, listener) as listening:
        assert listener.socket_file.stat().st_mode & 0o777 == 0o660
        assert talk(listening).startswith(b"HTTP/1.1 204 ")
    assert told.scopes[0]["client"] is None


def test_a_websocket_handshake_is_refused() -> None:
    told = Told()
    handshake = GET[:-2] + b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YQ==\r\n\r\n"
    with serving(told, Listener(port=0)) as listening:
        assert talk(listening, raw=handshake).startswith(b"HTTP/1.1 400 ")
    assert told.scopes == []


# --- TLS


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def trusting(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.ca_file)


def certified(authority: Authority, client_ca: Path | None = None) -> Listener:
    certificate_and_key = authority.issue("127.0.0.1")
    return Listener(port=0, tls=Tls(certificate_and_key, certificate_and_key, client_ca=client_ca))


def test_tls_is_served_and_https_is_the_scheme(authority: Authority) -> None:
    told = Told()
    with serving(told, certified(authority)) as listening:
        assert talk(listening, trusting(authority)).startswith(b"HTTP/1.1 204 ")
    assert told.scopes[0]["scheme"] == "https"


@pytest.mark.parametrize(
    ("version", "ciphers"),
    [
        (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0"),
        (ssl.TLSVersion.TLSv1_2, "AES128-GCM-SHA256"),  # no forward secrecy
        (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256"),  # no authenticated encryption
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_weak_tls_is_refused(authority: Authority, version: ssl.TLSVersion, ciphers: str) -> None:
    context = trusting(authority)
    context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = version
    told = Told()
    with serving(told, certified(authority)) as listening, pytest.raises(ssl.SSLError):
        talk(listening, context)
    assert told.scopes == []


def test_a_refusal_over_tls_is_heard(authority: Authority) -> None:
    told = Told()
    with serving(told, certified(authority)) as listening:
        assert talk(listening, trusting(authority), raw=b"GET / HTTP/9.9\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_a_client_certificate_is_asked_where_an_authority_is_named(authority: Authority) -> None:
    told = Told()
    with serving(told, certified(authority, client_ca=authority.ca_file)) as listening:
        with suppress(
            ssl.SSLError, ConnectionResetError
        ):  # or the end, without a word: TLS 1.3 refuses after the handshake
            assert talk(listening, trusting(authority)) == b""
        context = trusting(authority)
        context.load_cert_chain(authority.issue("client"))
        assert talk(listening, context).startswith(b"HTTP/1.1 204 ")
    assert len(told.scopes) == 1


@pytest.mark.parametrize(("files", "connections"), [((300, 300), 86), ((300, 1128), 500), ((4096, 4096), 500)])
def test_no_more_connections_than_this_process_may_have_files(files: tuple[int, int], connections: int) -> None:
    """In a process of its own: the bound on files is of the whole process, and does not go up again."""
    script = (
        "from app.web.protocol import EdgeLimits; from app.web.server import Listener, _connections_possible; "
        "print(_connections_possible(Listener(limits=EdgeLimits(connections=500))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": ""},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, files),
    )  # fmt: skip
    assert int(ran.stdout) == connections
