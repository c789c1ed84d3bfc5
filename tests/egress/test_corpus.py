# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Seen from outside: whatever a record, a path or an address says, only the permitted machine is ever connected to (I3)."""

import dataclasses
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.egress.corpus import HOSTS, PATHS, URLS
from tests.egress.observe import contacts, observed
from tests.fake_upstream import FakeUpstream, answer, redirect

pytestmark = pytest.mark.needs("strace")

OTHERS = ["127.0.0.2", "127.0.0.3", "::1"]


@pytest.fixture
async def model() -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream() as fake:
        fake.on("/v1", answer({}))
        yield fake


@pytest.fixture
async def canaries(model: FakeUpstream) -> AsyncIterator[list[FakeUpstream]]:
    """Servers on the same port of every other address of this machine."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(FakeUpstream(host=host, port=model.port)) for host in OTHERS]


def work(model: FakeUpstream, jobs: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Every name but the permitted one leads to a canary."""
    names = {name: [["127.0.0.2"]] for name in ("evil.example", "localhost", *HOSTS)}
    deployment = model.deployment(**({"host": "model.example", "cidr": ("127.0.0.1/32",)} | changes))
    return {
        "deployment": dataclasses.asdict(deployment),
        "names": names | {"model.example": [["127.0.0.1"]]},
        "jobs": jobs,
    }


def steering(folder: Path, canary: FakeUpstream) -> Mapping[str, str]:
    """Everything in an environment that is known to lead an HTTP client elsewhere."""
    (folder / ".netrc").write_text("machine model.example login canary password canary\n")
    proxy = f"http://{canary.host}:{canary.port}"
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY", "WS_PROXY")
    variables = dict.fromkeys((*names, *(name.lower() for name in names)), proxy)
    return variables | {"NO_PROXY": "", "HOME": str(folder), "NETRC": str(folder / ".netrc")}


async def test_of_the_whole_corpus_only_the_permitted_machine_is_connected_to(
    model: FakeUpstream, canaries: list[FakeUpstream], tmp_path: Path
) -> None:
    jobs: list[dict[str, Any]] = [{"host": host} for host in HOSTS]
    jobs += [{"path": path.replace("{port}", str(model.port))} for path in PATHS]
    jobs += [{"httpx": url.replace("{port}", str(model.port))} for url in URLS]
    jobs += [{"guard": host} for host in HOSTS]
    good = [
        {"path": "/v1"},
        {"httpx": f"http://model.example:{model.port}/v1"},
        {"guard": "model.example"},
    ]
    outcomes, reached = await observed(work(model, [*jobs, *good]), steering(tmp_path, canaries[0]))
    assert reached == {("127.0.0.1", model.port)}
    assert [canary.connections for canary in canaries] == [[], [], []]
    assert outcomes[-len(good) :] == ["answered"] * len(good)
    refused = outcomes[: len(HOSTS) + len(PATHS)]
    assert set(refused) == {"UpstreamUnreachable"}
    assert set(outcomes[-len(good) - len(HOSTS) : -len(good)]) == {"AddressRefused"}
    assert {request.header("host") for request in model.requests} == {f"model.example:{model.port}"}
    netrc = "Basic " + b64encode(b"canary:canary").decode()
    assert netrc not in {request.header("authorization") for request in model.requests}


async def test_a_public_record_reaches_nothing_on_this_machine(
    model: FakeUpstream, canaries: list[FakeUpstream], tmp_path: Path
) -> None:
    jobs = [{"host": host} for host in ("model.example", *HOSTS)]
    task = work(model, jobs, cidr=(), scheme="https")
    outcomes, reached = await observed(task, steering(tmp_path, canaries[0]))
    assert set(outcomes) == {"UpstreamUnreachable"}
    assert reached == set()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_leads_nowhere(
    model: FakeUpstream, canaries: list[FakeUpstream], tmp_path: Path, status: int
) -> None:
    url = f"http://model.example:{model.port}/v1"
    model.on("/v1", redirect(f"http://127.0.0.2:{model.port}/v1", status=status))
    outcomes, reached = await observed(work(model, [{"path": "/v1"}, {"httpx": url}]), steering(tmp_path, canaries[0]))
    assert outcomes == ["UpstreamInvalid", "answered"]
    assert reached == {("127.0.0.1", model.port)}


async def test_a_name_that_moves_is_not_followed_into_the_house(
    model: FakeUpstream, canaries: list[FakeUpstream], tmp_path: Path
) -> None:
    """DNS rebinding: the second look-up answers a canary."""
    task = work(model, [{"path": "/v1", "reset": True}, {"path": "/v1"}])
    task["names"]["model.example"] = [["127.0.0.1"], ["127.0.0.2"]]
    outcomes, reached = await observed(task, steering(tmp_path, canaries[0]))
    assert outcomes == ["answered", "UpstreamUnreachable"]
    assert reached == {("127.0.0.1", model.port)}


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(set(HOSTS)) == len(HOSTS) >= 60
    assert len(set(URLS)) == len(URLS)


def test_the_observer_sees_every_family() -> None:
    log = [
        '7 connect(6, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("1.1.1.1")}, 16) = -1 EINPROGRESS',
        '7 connect(6, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28) = 0',
        '7 connect(6, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0',
        '7 sendto(6, ""..., 30, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("9.9.9.9")}, 16) = 30',
    ]
    assert contacts(log) == {("1.1.1.1", 443), ("::1", 80), ("9.9.9.9", 53)}
