# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter

from app.domain.clock import SystemClock
from app.domain.errors import NotAuthenticated
from app.domain.subject import Scope, Subject
from app.evidence.checkpointer import Checkpointer
from app.evidence.folder import verify_folder
from app.evidence.note import VerifierKey
from app.evidence.published import PublishedLog
from app.evidence.tiles import tiles
from app.evidence.verify import Trust
from app.keys.signer import FileKeySigner, check_signature
from app.main import coverage, load_policy
from app.settings import Settings
from app.web.log import router
from tests.memory_log import HOST, ORGANISATION, MemoryAnchor, MemoryLog, story
from tests.pages import client

CALLERS = {
    "auditor": Subject("key_1", ORGANISATION, "audit", frozenset({Scope.READ_EVIDENCE})),
    "application": Subject("key_2", ORGANISATION, "guus", frozenset({Scope.CREATE_GENERATION})),
    "neighbour": Subject("key_3", "provincie-voorbeeld", "audit", frozenset({Scope.READ_EVIDENCE})),
}


async def authorise(headers: Mapping[str, str]) -> Subject:
    caller = CALLERS.get(headers.get("authorization", ""))
    if caller is None:
        raise NotAuthenticated
    return caller


@pytest.fixture
def signer(tmp_path: Path) -> FileKeySigner:
    return FileKeySigner.create(tmp_path / "log.pem", development=True)


@pytest.fixture
async def log(signer: FileKeySigner) -> MemoryLog:
    """300 entries that are signed, and two that are not yet."""
    made = MemoryLog(story(150))
    await Checkpointer(made, made, MemoryAnchor(), signer=signer, check=check_signature, host=HOST).issue(ORGANISATION)
    made.append(*story(1, 150))
    return made


def routes_of(log: MemoryLog) -> APIRouter:
    published, policy = PublishedLog(log, log), load_policy(Settings(), SystemClock())
    return router(lambda: published, lambda: coverage(policy), authorise)


@pytest.fixture
async def browser(log: MemoryLog) -> httpx.AsyncClient:
    return client(routes_of(log))


async def test_the_checkpoint_is_text_that_is_not_cached_for_long(browser: httpx.AsyncClient, log: MemoryLog) -> None:
    answer = await browser.get(f"/log/{ORGANISATION}/checkpoint")
    assert (answer.status_code, answer.text) == (200, log.notes[300])
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "max-age=1"


async def test_hashes_are_for_everybody_and_for_ever(browser: httpx.AsyncClient, log: MemoryLog) -> None:
    answer = await browser.get(f"/log/{ORGANISATION}/tile/0/000")
    assert answer.content == b"".join(row[3] for row in log.rows[:256])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("caller", "status"), [("", 401), ("application", 403), ("neighbour", 403), ("auditor", 200)])
@pytest.mark.parametrize("address", ["tile/entries/000", "tile/entries/001.p/44"])
async def test_entries_are_for_auditors_of_this_organisation(
    browser: httpx.AsyncClient, caller: str, status: int, address: str
) -> None:
    answer = await browser.get(f"/log/{ORGANISATION}/{address}", headers={"authorization": caller})
    assert answer.status_code == status
    assert (b"exchange:opened" in answer.content) == (status == 200)
    if status == 200:
        assert answer.headers["cache-control"] == "no-store"


async def test_what_is_not_signed_yet_is_not_shown(browser: httpx.AsyncClient) -> None:
    for address in ("tile/0/001.p/45", "tile/0/001", "tile/1/000.p/2", "tile/entries/001.p/46"):
        answer = await browser.get(f"/log/{ORGANISATION}/{address}", headers={"authorization": "auditor"})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-route")
    assert (await browser.get(f"/log/{ORGANISATION}/tile/0/001.p/44")).status_code == 200


@pytest.mark.parametrize(
    "address", ["tile/0/0", "tile/00/000", "tile/0/000.p/256", "tile/entry/000", "tile/", "receipt", ""]
)
async def test_other_spellings_do_not_exist(browser: httpx.AsyncClient, address: str) -> None:
    assert (await browser.get(f"/log/{ORGANISATION}/{address}")).status_code == 404


async def test_a_log_that_is_not_there_is_unknown(log: MemoryLog) -> None:
    log.notes.clear()
    async with client(routes_of(log)) as browser:
        for address in ("checkpoint", "tile/0/000"):
            assert (await browser.get(f"/log/{ORGANISATION}/{address}")).status_code == 404


async def test_what_is_served_is_what_an_auditor_verifies(
    browser: httpx.AsyncClient, signer: FileKeySigner, tmp_path: Path
) -> None:
    for address in ["checkpoint", *(tile.address for tile in tiles(300))]:
        answer = await browser.get(f"/log/{ORGANISATION}/{address}", headers={"authorization": "auditor"})
        (tmp_path / "copy" / address).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / address).write_bytes(answer.content)
    origin = f"{HOST}/{ORGANISATION}"
    trust = Trust(origin, [VerifierKey(origin, signer.public_key)], check_signature)
    report = verify_folder(tmp_path / "copy", ORGANISATION, trust)
    assert (report.ok, report.entries, report.signed) == (True, 300, 300)


async def test_which_control_runs_where_is_for_auditors(browser: httpx.AsyncClient) -> None:
    address = f"/log/{ORGANISATION}/coverage.json"
    answer = await browser.get(address, headers={"authorization": "auditor"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    routes = {(row["method"], row["route"]) for row in answer.json()}
    assert {("POST", "/v1/chat/completions"), ("POST", "/api/v1/publications")} <= routes
    for caller, status in (("application", 403), ("neighbour", 403), ("nobody", 401)):
        assert (await browser.get(address, headers={"authorization": caller})).status_code == status
