# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The management API of reviews: for the application itself, and nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.web.reviews import router
from tests.fake_upstream import FakeUpstream, answer
from tests.furnished import Furnished, furnished
from tests.pages import client
from tests.reviewers import CHAT, completion, held


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Furnished]:
    async with FakeUpstream() as model:
        model.on(CHAT, answer(completion("Een geheim.")))
        async with furnished(tmp_path / "home", model.port) as open_house:
            yield open_house


@pytest.fixture
def browser(house: Furnished) -> httpx.AsyncClient:
    return client(router(lambda: house.pipeline))


def bearing(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def test_an_application_sees_where_its_review_stands(house: Furnished, browser: httpx.AsyncClient) -> None:
    key = await house.key()
    hold = await held(house, key)
    told = await browser.get(f"/api/v1/reviews/{hold.id}", headers=bearing(key))
    assert (told.status_code, told.json()["status"], told.headers["cache-control"]) == (200, "pending", "no-store")
    assert told.json()["completion_id"] == hold.completion
    assert "geheim" not in told.text


async def test_nobody_else_does(house: Furnished, browser: httpx.AsyncClient) -> None:
    hold = await held(house, await house.key())
    address = f"/api/v1/reviews/{hold.id}"
    assert (await browser.get(address)).status_code == 401
    other = await house.key("proeftuin")
    strange, unknown = [await browser.get(each, headers=bearing(other)) for each in (address, "/api/v1/reviews/rev_0")]
    assert (strange.status_code, unknown.status_code) == (404, 404)
    assert strange.json()["detail"] == unknown.json()["detail"]


async def test_two_keys_are_no_key(house: Furnished, browser: httpx.AsyncClient) -> None:
    key = f"Bearer {await house.key()}"
    hold = await held(house, key.removeprefix("Bearer "))
    twice = [("authorization", key), ("authorization", key)]
    assert (await browser.get(f"/api/v1/reviews/{hold.id}", headers=twice)).status_code == 401


async def test_a_text_is_handed_in(house: Furnished, browser: httpx.AsyncClient) -> None:
    key = await house.key()
    body = {"text": "Een persbericht.", "task": "balie-antwoord"}
    made = await browser.post("/api/v1/publications", json=body, headers=bearing(key))
    assert (made.status_code, made.json()["status"]) == (201, "pending")
    told = await browser.get(made.headers["location"], headers=bearing(key))
    assert told.json() == made.json()


async def test_what_is_too_large_is_not_read_to_the_end(house: Furnished, browser: httpx.AsyncClient) -> None:
    key = await house.key()
    made = await browser.post("/api/v1/publications", content=b"x" * (2 << 20), headers=bearing(key))
    assert made.status_code == 413


async def test_faults_are_all_named(house: Furnished, browser: httpx.AsyncClient) -> None:
    made = await browser.post("/api/v1/publications", json={"more": 1}, headers=bearing(await house.key()))
    assert made.status_code == 400
    assert [fault["pointer"] for fault in made.json()["faults"]] == ["/text", "/task", "/more"]
