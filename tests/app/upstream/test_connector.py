# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import socket
import ssl
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509

from app.domain.decision import Deployment
from app.upstream.connector import AddressRefused, Guard, NameService, SystemNames, open_session, tls_context
from app.upstream.destination import Destination
from tests.fake_authority import Authority
from tests.fake_upstream import FakeUpstream, ScriptedNames, answer, raw, redirect

PUBLIC = Deployment(
    id="example",
    provider="example",
    offering="example-api",
    contract="example-contract",
    dialect="openai",
    scheme="https",
    host="api.example.nl",
    port=443,
    path="",
    model="m",
    region="NL",
)


def guard(names: NameService, **changes: object) -> Guard:
    return Guard(Destination.of(replace(PUBLIC, **changes)), names)  # type: ignore[arg-type]


def info(address: str, port: int) -> aiohttp.AddrInfoType:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port)


async def test_the_resolver_knows_one_name_and_asks_for_it_absolutely() -> None:
    names = ScriptedNames({"api.example.nl": [["1.1.1.1", "2606:4700::1111"]]})
    found = await guard(names).resolve("api.example.nl", 443)
    assert [(entry["host"], entry["port"], entry["family"]) for entry in found] == [
        ("1.1.1.1", 443, socket.AF_INET),
        ("2606:4700::1111", 443, socket.AF_INET6),
    ]
    assert names.asked == ["api.example.nl."]


async def test_on_premises_a_name_may_be_short() -> None:
    names = ScriptedNames({"vllm": [["10.0.0.9"]]})
    await guard(names, scheme="http", host="vllm", cidr=("10.0.0.0/24",)).resolve("vllm", 443)
    assert names.asked == ["vllm"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "api.example.nl.",
        "API.example.nl",
        "api.example.nl.evil.example",
        "x.api.example.nl",
        "0x7f.1",
        "localhost",
        "",
    ],
)
async def test_the_resolver_looks_up_no_other_name(host: str) -> None:
    names = ScriptedNames({host.removesuffix("."): [["1.1.1.1"]]})
    with pytest.raises(AddressRefused):
        await guard(names).resolve(host, 443)
    assert names.asked == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["1.1.1.1", "127.0.0.1"],
        ["fe80::1%1"],
        [],
    ],
)
async def test_one_address_that_is_not_permitted_refuses_the_name(addresses: list[str]) -> None:
    with pytest.raises(AddressRefused):
        await guard(ScriptedNames({"api.example.nl": [addresses]})).resolve("api.example.nl", 443)


async def test_each_look_up_is_checked_anew() -> None:
    """DNS rebinding: public when it is asked first, private when it matters."""
    rebinding = guard(ScriptedNames({"api.example.nl": [["1.1.1.1"], ["127.0.0.1"]]}))
    await rebinding.resolve("api.example.nl", 443)
    with pytest.raises(AddressRefused):
        await rebinding.resolve("api.example.nl", 443)


async def test_the_last_wall_opens_a_socket_for_a_checked_address_only() -> None:
    walls = guard(ScriptedNames({"api.example.nl": [["1.1.1.1"]]}))
    with pytest.raises(AddressRefused):
        walls.open_socket(info("1.1.1.1", 443))
    await walls.resolve("api.example.nl", 443)
    walls.open_socket(info("1.1.1.1", 443)).close()
    for address, port in (("1.1.1.1", 80), ("8.8.8.8", 443), ("127.0.0.1", 443), ("::ffff:1.1.1.1", 443)):
        with pytest.raises(AddressRefused):
            walls.open_socket(info(address, port))


async def test_a_declared_literal_needs_no_look_up_and_is_the_only_one() -> None:
    walls = guard(ScriptedNames({}), scheme="http", host="10.0.0.9", port=8000, cidr=("10.0.0.0/24",))
    walls.open_socket(info("10.0.0.9", 8000)).close()
    with pytest.raises(AddressRefused):
        walls.open_socket(info("10.0.0.8", 8000))


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "localhost", "2130706434", "127.2", "0x7f.2", "evil.example"])
async def test_a_session_reaches_its_destination_and_nothing_else(host: str) -> None:
    async with FakeUpstream() as fake, FakeUpstream(host="127.0.0.2", port=fake.port) as canary:
        fake.on("/", answer({}))
        canary.on("/", answer({}))
        async with open_session(Destination.of(fake.deployment()), SystemNames()) as session:
            async with session.get(f"http://127.0.0.1:{fake.port}/") as response:
                assert response.status == 200
            with pytest.raises((aiohttp.ClientError, ValueError)):
                await session.get(f"http://{host}:{fake.port}/")
            fake.on("/", redirect(f"http://127.0.0.2:{canary.port}/"))
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(f"http://127.0.0.1:{fake.port}/")
        assert canary.connections == []


async def test_no_cookie_is_kept_and_no_body_unpacked() -> None:
    async with FakeUpstream() as fake:
        fake.on("/", answer({}, headers=[("Set-Cookie", "a=b"), ("Content-Encoding", "gzip")]))
        async with open_session(Destination.of(fake.deployment()), SystemNames()) as session:
            for _ in range(2):
                async with session.get(f"http://127.0.0.1:{fake.port}/") as response:
                    assert await response.read() == b"{}"
        assert [request.header("cookie") for request in fake.requests] == [None, None]


async def test_a_server_that_speaks_first_is_left_after_a_few_tries() -> None:
    """The bound of the loop that looks for a clean connection; the answer nobody asked for is tested with the client."""
    accepted: list[asyncio.StreamWriter] = []

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(writer)
        writer.write(b"220 welcome\r\n")
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with open_session(Destination.of(FakeUpstream(port=port).deployment()), SystemNames()) as session:
        with pytest.raises(aiohttp.ClientError):
            await session.post(f"http://127.0.0.1:{port}/", data=b"{}")
    assert 1 <= len(accepted) <= 8
    server.close()


async def test_library_repeats_what_is_idempotent_so_that_the_test_of_a_post_can_see_it() -> None:
    """The client's `sent once` rests on the method alone: with PUT the same script is asked twice."""
    async with FakeUpstream() as fake:
        fake.on("/", answer({}))
        async with open_session(Destination.of(fake.deployment()), SystemNames()) as session:
            await (await session.put(f"http://127.0.0.1:{fake.port}/", data=b"{}")).read()
            fake.on("/", raw(close=True))
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await session.put(f"http://127.0.0.1:{fake.port}/", data=b"{}")
        assert len(fake.requests) == 3


async def test_the_machines_resolver_answers_addresses() -> None:
    assert set(await SystemNames().addresses("localhost")) <= {"127.0.0.1", "::1"}
    with pytest.raises(OSError, match=r"\w"):
        await SystemNames().addresses("no-such-name.invalid")


async def test_the_environment_steers_neither_roots_nor_key_log(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    async with FakeUpstream(tls=authority.server("127.0.0.1")) as fake:
        fake.on("/", answer({}))
        for ca_file, trusted in ((None, False), (str(authority.ca_file), True)):
            async with open_session(Destination.of(fake.deployment(ca_file=ca_file)), SystemNames()) as session:
                assert await is_answered(session, f"https://127.0.0.1:{fake.port}/") is trusted
    assert not (tmp_path / "keys.log").exists()


async def is_answered(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        await (await session.get(url)).read()
    except aiohttp.ClientConnectorCertificateError:
        return False
    return True


def test_a_private_authority_stands_alone(tmp_path: Path) -> None:
    private, public = Authority(tmp_path, "Private CA"), Authority(tmp_path, "Public CA")
    assert subjects(tls_context(str(private.ca_file), bundle=public.ca_file, folder=tmp_path)) == ["Private CA"]
    assert subjects(tls_context(None, bundle=public.ca_file, folder=tmp_path)) == ["Public CA"]
    assert subjects(tls_context(None, bundle=tmp_path / "none", folder=tmp_path / "none")) == []


def subjects(context: ssl.SSLContext) -> list[str]:
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    return [
        x509.load_der_x509_certificate(der).subject.rfc4514_string()[3:]
        for der in context.get_ca_certs(binary_form=True)
    ]
