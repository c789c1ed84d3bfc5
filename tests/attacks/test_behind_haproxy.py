# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole of it behind the shipped profile of HAProxy, with TLS: it works, and still knows one client from another."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.fake_authority import Authority
from tests.fake_upstream import FakeUpstream, answer
from tests.haproxy import haproxy
from tests.installation import Installation, headers
from tests.ports import reserved_port
from tests.reviewers import CHAT, completion

pytestmark = [pytest.mark.needs("haproxy"), pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edge(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> AsyncIterator[tuple[str, Installation]]:
    home = tmp_path_factory.mktemp("edge") / "home"
    port = reserved_port()
    address = f"https://127.0.0.1:{port}"
    async with (
        FakeUpstream() as model,
        Installation(home, model.port, public_address=address, trusted_proxies="127.0.0.1/32") as waarmerk,
    ):
        model.on(CHAT, answer(completion("Een zin. Nog een.")))
        certificate = authority.issue("127.0.0.1")
        with haproxy(waarmerk.port, port=port, bind=f"ssl crt {certificate} alpn http/1.1", host=f"127.0.0.1:{port}"):
            yield address, waarmerk


def client(address: str, authority: Authority, number: int) -> httpx.AsyncClient:
    """Somebody with an address of their own."""
    trust = ssl.create_default_context(cafile=authority.ca_file)
    transport = httpx.AsyncHTTPTransport(verify=trust, local_address=f"127.0.6.{number}")
    return httpx.AsyncClient(base_url=address, transport=transport, timeout=60)


async def test_it_serves_and_tells_clients_apart(edge: tuple[str, Installation], authority: Authority) -> None:
    address, waarmerk = edge
    async with client(address, authority, 1) as application:
        for task, status in (("balie-concept", 200), ("balie-antwoord", 423)):
            asked = {"model": task, "messages": [{"role": "user", "content": "Schrijf iets."}]}
            told = await application.post(CHAT, json=asked, headers=headers(waarmerk.key()))
            assert told.status_code == status
            assert (f"{address}/v/" in told.text) == (status == 200)
    async with client(address, authority, 2) as first, client(address, authority, 3) as second:
        statuses = [
            (await first.post("/api/v1/verifications", json={"code": "ABCD-EFGH-JKMN"})).status_code for _ in range(90)
        ]
        assert statuses[0] == 200
        assert statuses[-1] == 429
        assert (await second.post("/api/v1/verifications", json={"code": "ABCD-EFGH-JKMN"})).status_code == 200


async def test_a_form_of_the_desk_comes_from_the_public_address(
    edge: tuple[str, Installation], authority: Authority
) -> None:
    address, _ = edge
    async with client(address, authority, 4) as person:
        page = await person.get("/review/sign-in")
        assert page.headers["set-cookie"].startswith("__Host-waarmerk-form=")
        token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        form = {"name": "nobody", "password": "x" * 20, "next": "/review/", "csrf": token}
        kind = {"content-type": "application/x-www-form-urlencoded"}
        told = await person.post("/review/sign-in", data=form, headers={**kind, "origin": address})
        assert told.status_code == 403, "judged as a sign-in"
        told = await person.post("/review/sign-in", data=form, headers={**kind, "origin": "https://127.0.0.1"})
        assert told.status_code == 400, "refused as a form of somebody else"
