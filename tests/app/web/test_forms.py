# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, Request

from app.domain.errors import InvalidRequest
from app.web.forms import Form, form
from tests.pages import client

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def browser() -> httpx.AsyncClient:
    """Gives back what it understood, asked twice."""
    routes = APIRouter()

    @routes.post("/")
    async def echo(request: Request) -> dict[str, object]:
        read = await form(request)
        again = await form(request)
        return {"fields": dict(read.fields), "same": again is read}

    return client(routes)


async def test_fields_are_read_once_and_in_order(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/", content="a=1&b=&a=2&c=%C3%A9n+twee", headers=FORM)
    assert answer.json() == {"fields": {"a": ["1", "2"], "b": [""], "c": ["én twee"]}, "same": True}


async def test_nothing_at_all_is_an_empty_form(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/", content="", headers=FORM)).json()["fields"] == {}


async def test_line_ends_are_single_again(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/", content="text=een%0D%0Atwee%0Ddrie%0Avier", headers=FORM)
    assert answer.json()["fields"] == {"text": ["een\ntwee\ndrie\nvier"]}


@pytest.mark.parametrize(
    "body",
    [b"a", b"a=1&b", b"a=1&&b=2", b"a=%FF", b"a=\xc3\xa9", b"a=%ED%A0%80", b"&".join([b"a=1"] * 1001)],
    ids=["no value", "one without a value", "nothing between", "not UTF-8", "not ASCII", "lone surrogate", "too many"],
)
async def test_what_is_no_form_is_refused(browser: httpx.AsyncClient, body: bytes) -> None:
    answer = await browser.post("/", content=body, headers=FORM)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/json"])
async def test_other_kinds_are_refused(browser: httpx.AsyncClient, kind: str) -> None:
    answer = await browser.post("/", content="a=1", headers={"content-type": kind})
    assert answer.status_code == 400


async def test_a_browser_may_name_the_character_set(browser: httpx.AsyncClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    assert (await browser.post("/", content="a=1", headers=kind)).status_code == 200


async def test_two_mebibytes_are_the_most_and_are_not_read_to_their_end(browser: httpx.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield b"a="
        while read < 64:
            read += 1
            yield b"x" * (1 << 20)

    assert (await browser.post("/", content=b"a=" + b"x" * ((2 << 20) - 2), headers=FORM)).status_code == 200
    answer = await browser.post("/", content=endless(), headers=FORM)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_one_is_exactly_one() -> None:
    read = Form({"a": ["1"], "b": ["1", "2"]})
    assert read.one("a") == "1"
    assert list(read.all("b")) == ["1", "2"]
    assert list(read.all("c")) == []
    for name in ("b", "c"):
        with pytest.raises(InvalidRequest):
            read.one(name)
