# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Makes the call of a case, on a real socket, and the same call by those who may not; gathers what it left behind."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from app.coverage import Row
from app.domain.control import Case, Kind
from app.domain.review import HoldState
from tests.coverage.answers import Model
from tests.coverage.seen import Answer, Probe, Seen
from tests.fake_upstream import FakeUpstream
from tests.furnished import Furnished
from tests.installation import Installation, headers
from tests.reviewers import CHAT, REVIEWER, SECOND, approved, found, opened

_NUMBERS = count()


@dataclass(frozen=True)
class World:
    """One running installation with everybody around it."""

    waarmerk: Installation
    upstream: FakeUpstream
    model: Model
    desk: Furnished
    """The same house as a second worker sees it: where the reviewers sit."""
    client: httpx.AsyncClient
    keys: Mapping[str, str]
    """By application."""
    rightless: Mapping[str, str]
    """Keys that may do something else."""
    stopped: Mapping[str, str]
    """Keys of the same application under another name, of which the use is stopped."""
    usable: Mapping[str, frozenset[str]]
    """By application, the tasks that can be used."""
    draft: str = ""
    """What the house gave as a draft before: a text with all our marks in it."""
    plain: str = ""
    """The same as the model said it."""


@dataclass(frozen=True)
class Request:
    """What is sent, and what came before it."""

    method: str
    path: str
    body: Any = None
    before: Sequence[Mapping[str, Any]] = ()
    waiting: Answer | None = None
    said: Mapping[int, str] = field(default_factory=dict)


async def drive(row: Row, world: World) -> Seen:
    """Do it, and look everywhere."""
    case, model = row.case, world.model
    model.says, model.tool = case.form.says, next(iter(case.tools), "")
    request = await DRIVERS[case.door.kind](row, world)
    model.at_contact.clear()
    world.upstream.requests.clear()
    world.waarmerk.forget()
    answer, at_end = await send(world, request, world.keys[case.application])
    records, sent, at_contact = world.waarmerk.records(), list(world.upstream.requests), list(model.at_contact)
    marked = (
        Answer(answer).contents if not answer.is_error and case.door.kind in {Kind.GENERATION, Kind.RETRIEVAL} else {}
    )
    codes = _codes(Answer(answer)) if marked else []
    peer = {"x-forwarded-for": f"198.18.{next(_NUMBERS) // 256}.{next(_NUMBERS) % 256}"}  # verify counts by network
    return Seen(
        case=case,
        answer=Answer(answer),
        address=world.waarmerk.address,
        said=request.said or {index: model.content(index) for index in range(case.form.choices)},
        called={index: model.arguments(index) for index in range(case.form.choices)},
        sent=sent,
        at_contact=at_contact,
        records=records,
        at_end=at_end,
        before=request.before,
        waiting=request.waiting,
        shown=await _shown(world, case, answer),
        kept=_kept(world, records),
        known={code: await _verify(world, code, peer) for code in codes},
        by_code={code: await world.client.get(f"/c2pa/v1/manifests/{code}", headers=peer) for code in codes},
        by_text={
            code: await world.client.post(
                "/c2pa/v1/manifests", json={"code": code, "text": marked[index]}, headers=peer
            )
            for index, code in enumerate(codes)
            if marked.get(index)
        },
        keyless=await _probe(world, request, None),
        rightless=await _probe(world, request, world.rightless[case.application]),
        stopped=await _probe(world, request, world.stopped[case.application]),
        usable=world.usable[case.application],
    )


async def send(world: World, request: Request, key: str | None) -> tuple[httpx.Response, Sequence[str]]:
    """The whole answer, and what was in the log when the first event arrived after which nothing is said."""
    called = world.client.build_request(
        request.method, request.path, json=request.body, headers=headers(key) if key else {}
    )
    response = await world.client.send(called, stream=True)
    body, durable = b"", list[str]()
    wanted = (request.body or {}).get("n", 1)
    async for piece in response.aiter_bytes():
        body += piece
        compact = body.replace(b" ", b"")
        if not durable and compact.count(b'"finish_reason":"') >= wanted:
            durable = [record["type"] for record in world.waarmerk.records()]
    await response.aclose()
    return httpx.Response(response.status_code, headers=response.headers, content=body, request=called), durable


async def generation(row: Row, world: World) -> Request:
    """A call whose history holds an answer that was given before, with our marks in it."""
    case = row.case
    turns = [("user", "Schrijf iets."), ("assistant", world.draft), ("user", f"Nog eens. {next(_NUMBERS)}")]
    body: dict[str, Any] = {
        "model": case.task,
        "messages": [{"role": role, "content": said} for role, said in turns],
        "stream": case.form.stream,
        "n": case.form.choices,
    }
    if case.tools:
        body["tools"] = [{"type": "function", "function": {"name": name}} for name in sorted(case.tools)]
    return Request(case.door.method, case.door.template, body)


async def retrieval(row: Row, world: World) -> Request:
    """Of what was approved; where nothing is held, of what was given at once."""
    answer, before = await _asked(row, world)
    if row.refused:
        return Request("GET", _named(row.case, answer.get("id", "chatcmpl-1")), before=before)
    hold = answer["review"]
    path = _named(row.case, hold["completion_id"])
    waiting, _ = await send(world, Request("GET", path), world.keys[row.case.application])
    while (await found(world.desk, hold["id"])).state is not HoldState.APPROVED:
        signed = len((await found(world.desk, hold["id"])).sign_offs)
        await approved(world.desk, await found(world.desk, hold["id"]), (REVIEWER, SECOND)[signed])
    return Request("GET", path, before=before, waiting=Answer(waiting))


async def review(row: Row, world: World) -> Request:
    """Of what waits; where nothing does, of a review that never was."""
    answer, before = await _asked(row, world)
    name = "rev_0" if row.refused else answer["review"]["id"]
    return Request("GET", _named(row.case, name), before=before)


async def models(row: Row, _: World) -> Request:
    return Request("GET", _named(row.case, row.case.task))


async def publication(row: Row, world: World) -> Request:
    """A draft as it came, with "do not publish" in it."""
    return Request("POST", row.case.door.template, {"text": world.draft, "task": row.case.task}, said={0: world.plain})


DRIVERS: Mapping[Kind, Callable[[Row, World], Awaitable[Request]]] = {
    Kind.GENERATION: generation,
    Kind.RETRIEVAL: retrieval,
    Kind.MODELS: models,
    Kind.MODEL: models,
    Kind.PUBLICATION: publication,
    Kind.REVIEW: review,
}


def _named(case: Case, name: str) -> str:
    return case.door.template.replace("{name}", name)


async def _asked(row: Row, world: World) -> tuple[dict[str, Any], Sequence[Mapping[str, Any]]]:
    """A call for an answer of this task, and the records that it left."""
    world.waarmerk.forget()
    asking = await generation(row, world)
    answer, _ = await send(world, Request("POST", CHAT, asking.body), world.keys[row.case.application])
    told: dict[str, Any] = answer.json()
    return told, world.waarmerk.records()


async def _probe(world: World, request: Request, key: str | None) -> Probe:
    world.waarmerk.forget()
    world.upstream.requests.clear()
    answer, _ = await send(world, request, key)
    return Probe(Answer(answer), bool(world.upstream.requests), world.waarmerk.records())


async def _shown(world: World, case: Case, answer: httpx.Response) -> Mapping[int, str]:
    if case.door.kind is not Kind.PUBLICATION or answer.is_error:
        return {}
    return dict((await opened(world.desk, await found(world.desk, answer.json()["id"]))).texts)


async def _verify(world: World, code: str, peer: Mapping[str, str]) -> Mapping[str, Any]:
    told = (await world.client.post("/api/v1/verifications", json={"code": code}, headers=peer)).json()
    (known,) = told["codes"]
    return dict(known)


def _codes(answer: Answer) -> Sequence[str]:
    return next((tree["ai_provenance"]["codes"] for tree in answer.trees if "ai_provenance" in tree), ())


def _kept(world: World, records: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    opened = next((each["exchange"] for each in records if each["type"] == "exchange:opened"), "")
    with closing(sqlite3.connect(world.waarmerk.home / "waarmerk.db")) as file:
        salted = file.execute("SELECT 1 FROM exchange WHERE id = ? AND salt IS NOT NULL", (opened,)).fetchall()
        content = file.execute("SELECT kind FROM content WHERE exchange = ? ORDER BY kind", (opened,)).fetchall()
    return ["salt"] * len(salted) + [kind for (kind,) in content]
