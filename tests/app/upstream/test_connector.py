# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from app.upstream.address import AddressRule
from app.upstream.connection import Connection
from app.upstream.connector import AddressRefused, Connector, Guard, NameService, SystemNames, tls_context
from app.upstream.destination import Destination, Peer
from tests.fake_authority import Authority
from tests.fake_upstream import FakeUpstream, ScriptedNames

PUBLIC = FakeUpstream().deployment(id="example", scheme="https", host="api.example.nl", port=443, cidr=())


def guard(names: NameService, **changes: object) -> Guard:
    return Guard(Destination.of(replace(PUBLIC, **changes)), names)  # type: ignore[arg-type]


def connector(fake: FakeUpstream, names: NameService, **changes: object) -> Connector:
    return Connector(Destination.of(replace(fake.deployment(), **changes)), names, user_agent="waarmerk/1")  # type: ignore[arg-type]


def forgotten(_: Connection) -> None:
    """Nobody counts these connections."""


async def test_the_resolver_knows_one_name_and_asks_for_it_absolutely() -> None:
    names = ScriptedNames({"api.example.nl": [["1.1.1.1", "2606:4700::1111"]]})
    assert await guard(names).resolve("api.example.nl") == ["1.1.1.1", "2606:4700::1111"]
    assert names.asked == ["api.example.nl."]


async def test_on_premises_a_name_may_be_short() -> None:
    names = ScriptedNames({"vllm": [["10.0.0.9"]]})
    await guard(names, scheme="http", host="vllm", cidr=("10.0.0.0/24",)).resolve("vllm")
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
        await guard(names).resolve(host)
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
        await guard(ScriptedNames({"api.example.nl": [addresses]})).resolve("api.example.nl")


async def test_each_look_up_is_checked_anew() -> None:
    """DNS rebinding: public when it is asked first, private when it matters."""
    rebinding = guard(ScriptedNames({"api.example.nl": [["1.1.1.1"], ["127.0.0.1"]]}))
    await rebinding.resolve("api.example.nl")
    with pytest.raises(AddressRefused):
        await rebinding.resolve("api.example.nl")


async def test_the_last_wall_opens_a_socket_for_a_checked_address_only() -> None:
    walls = guard(ScriptedNames({"api.example.nl": [["1.1.1.1"]]}))
    with pytest.raises(AddressRefused):
        walls.open_socket("1.1.1.1", 443)
    await walls.resolve("api.example.nl")
    walls.open_socket("1.1.1.1", 443).close()
    for address, port in (("1.1.1.1", 80), ("8.8.8.8", 443), ("127.0.0.1", 443), ("::ffff:1.1.1.1", 443)):
        with pytest.raises(AddressRefused):
            walls.open_socket(address, port)


async def test_a_declared_literal_needs_no_look_up_and_is_the_only_one() -> None:
    walls = guard(ScriptedNames({}), scheme="http", host="10.0.0.9", port=8000, cidr=("10.0.0.0/24",))
    walls.open_socket("10.0.0.9", 8000).close()
    with pytest.raises(AddressRefused):
        walls.open_socket("10.0.0.8", 8000)


@pytest.mark.parametrize("host", ["127.0.0.2", "[::1]", "localhost", "2130706433", "127.2", "0x7f.2", "evil.example"])
async def test_beside_a_declared_literal_nothing_is_known(host: str) -> None:
    walls = guard(ScriptedNames({}), scheme="http", host="127.0.0.1", port=8000, cidr=("127.0.0.0/8",))
    assert await walls.resolve("127.0.0.1") == ["127.0.0.1"]
    with pytest.raises(AddressRefused):
        await walls.resolve(host)
    with pytest.raises(AddressRefused):
        walls.open_socket(host, 8000)


def test_no_socket_is_made_for_an_address_that_the_rule_forbids_however_it_came_to_be_known() -> None:
    destination = Destination(Peer("http", "10.1.0.9", 80), AddressRule.of(["10.0.0.0/24"]))
    with pytest.raises(AddressRefused):
        Guard(destination, ScriptedNames({})).open_socket("10.1.0.9", 80)


async def test_of_many_addresses_the_first_that_answers_is_taken() -> None:
    """One where nobody listens, one that is silent, one that answers, one that is not needed any more."""
    silent = socket.socket()
    silent.bind(("127.0.0.3", 0))
    port = silent.getsockname()[1]
    silent.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.3", port))
    async with FakeUpstream(host="127.0.0.4", port=port) as fake, FakeUpstream(host="127.0.0.5", port=port) as spare:
        names = ScriptedNames({"model.example": [["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"]]})
        async with asyncio.timeout(30):
            connection = await connector(fake, names, host="model.example").connect(forgotten)
        while not fake.connections:  # noqa: ASYNC110 the server tells nobody
            await asyncio.sleep(0.01)
        assert spare.connections == []
        connection.close()
    for sock in (silent, *fillers):
        sock.close()


async def test_when_no_address_answers_the_last_failure_is_told() -> None:
    async with FakeUpstream() as gone:
        pass
    names = ScriptedNames({"model.example": [["127.0.0.2", "127.0.0.3"]]})
    with pytest.raises(ConnectionRefusedError):
        await connector(gone, names, host="model.example").connect(forgotten)


async def test_plain_text_is_not_given_to_a_proxy() -> None:
    async with FakeUpstream() as fake:
        proxy = Destination.of(fake.deployment()).peer
        destination = replace(Destination.of(fake.deployment()), proxy=proxy)
        with pytest.raises(AddressRefused):
            await Connector(destination, SystemNames(), user_agent="waarmerk/1").connect(forgotten)
        assert fake.connections == []


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
        for ca_file, trusted in ((None, False), (str(authority.ca_file), True)):
            assert await is_trusted(connector(fake, SystemNames(), ca_file=ca_file)) is trusted
    assert not (tmp_path / "keys.log").exists()


async def is_trusted(subject: Connector) -> bool:
    try:
        (await subject.connect(forgotten)).close()
    except ssl.SSLCertVerificationError:
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
