# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is held stands in no byte that leaves the process before a person has signed it off, and on disk only sealed."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import openai
import pytest

from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation, headers
from tests.reviewers import CHAT, completion, policies
from tests.staff import Clerk, clerk

ORGANISATION = "gemeente-voorbeeld"
HOOK = "/hooks/reviews"
FORGED = "ABCD-EFGH-JKMN"
CANARIES: Final = {
    "question": "kanarie-vraag-5801",
    "answer": "kanarie-antwoord-5802",
    "edit": "kanarie-aanpassing-5803",
    "note": "kanarie-toelichting-5804",
}
SAID = f"U neemt een {CANARIES['answer']} mee. Dat kost vijf euro."
BETTER = f"U neemt een {CANARIES['edit']} mee. Dat kost vijf euro."


def disguises(word: str) -> Iterator[bytes]:
    """The word as it could stand somewhere: as it is, and as bytes that somebody wrote down otherwise."""
    plain = word.encode()
    yield from (plain, plain.upper(), plain.hex().encode(), word.encode("utf-16-le"))
    for shift in range(3):  # base64 of something longer, wherever the word begins in it
        written = base64.b64encode(b"?" * shift + plain)
        yield written[4 if shift else 0 : len(written) // 4 * 4 - 4]


def canaries(data: bytes) -> list[str]:
    """Which of them are in there."""
    return [name for name, word in CANARIES.items() if any(disguise in data for disguise in disguises(word))]


@dataclass
class Customs:
    """Every answer that left, under what was asked."""

    left: list[tuple[str, bytes]] = field(default_factory=list)

    async def note(self, response: Any) -> None:  # noqa: ANN401 of either HTTP library
        await response.aread()
        head = b"".join(name + b": " + value + b"\n" for name, value in response.headers.raw)
        asked = f"{response.request.method} {response.request.url.raw_path.decode()} {response.status_code}"
        self.left.append((asked, head + response.content))

    def citizen(self, waarmerk: Installation, number: int) -> httpx.AsyncClient:
        """Somebody with an address of their own: what one address may ask is bounded."""
        return httpx.AsyncClient(
            base_url=waarmerk.address,
            event_hooks={"response": [self.note]},
            transport=httpx.AsyncHTTPTransport(local_address=f"127.0.0.{number}"),
            timeout=60,
        )

    def smuggled(self) -> list[tuple[str, list[str]]]:
        return [(asked, found) for asked, data in self.left if (found := canaries(data))]


@dataclass
class Scene:
    """An installation whose application is told by a webhook, seen from outside; and a reviewer inside."""

    waarmerk: Installation
    receiver: FakeUpstream
    customs: Customs
    application: openai.AsyncOpenAI
    anna: Clerk
    auditor_key: str
    citizens: int = 2

    async def held(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 any field
        """Asked by the SDK; the review."""
        question = f"Hoe vraag ik een {CANARIES['question']} aan? {more}"
        with pytest.raises(openai.APIStatusError) as caught:
            await self.application.chat.completions.create(
                model="balie-antwoord", messages=[{"role": "user", "content": question}], **more
            )
        error: Any = caught.value
        assert error.status_code == 423
        review: dict[str, Any] = error.body["review"]
        return review

    async def retrieve(self, review: Mapping[str, Any], status: int) -> None:
        with pytest.raises(openai.APIStatusError) as caught:
            await self.application.chat.completions.retrieve(review["completion_id"])
        assert caught.value.status_code == status

    async def look_around(self, review: Mapping[str, Any]) -> None:
        """Ask everything that can be asked from outside about this review, also by who has guessed the text."""
        codes = {code for record in self.waarmerk.records() for code in (record.get("codes") or {}).values()}
        assert codes
        async with self.customs.citizen(self.waarmerk, 2) as public:
            await self._pages(public, review)
            await self._log(public)
        for code in (*sorted(codes), FORGED):
            self.citizens += 1
            async with self.customs.citizen(self.waarmerk, self.citizens) as public:
                await self._verify(public, code)

    async def _verify(self, public: httpx.AsyncClient, code: str) -> None:
        """By code, by text, and by both."""
        for path in (f"/v/{code}", f"/v/{code}/receipt.json", f"/v/{code}/qr.svg", f"/c2pa/v1/manifests/{code}"):
            await public.get(path)
        for text in ("", SAID, BETTER):
            await public.post("/verify", data={"code": code, "text": text})
            await public.post("/api/v1/verifications", json={"code": code, "text": text})
            await public.post("/c2pa/v1/manifests", json={"code": code, "text": text})
        for text in (SAID, BETTER):
            await public.post("/verify", data={"code": "", "text": text})
            await public.post("/api/v1/verifications", json={"text": text})

    async def _pages(self, public: httpx.AsyncClient, review: Mapping[str, Any]) -> None:
        owner, stranger = headers(self.waarmerk.key()), headers(self.waarmerk.key("proeftuin"))
        for path in (review["status_url"], f"{CHAT}/{review['completion_id']}", "/v1/models"):
            for who in (owner, stranger, {}):
                await public.get(path, headers=who)
        problems = [f"/problems/{name}" for name in ("held", "not-released", "review-rejected", "review-conflict")]
        for path in (
            "/health/live",
            "/health/ready",
            "/api/v1/openapi.json",
            "/c2pa/v1/openapi.json",
            "/verify",
            *problems,
        ):
            assert (await public.get(path)).status_code == 200, path
        for path in ("", "closed", review["id"], f"{review['id']}/changes", f"{review['id']}/approve"):
            await public.get(f"/review/{path}")

    async def _log(self, public: httpx.AsyncClient) -> None:
        size, wanted = 0, len(self.waarmerk.records())
        async with asyncio.timeout(60):
            while size < wanted:  # signed twice a second
                checkpoint = await public.get(f"/log/{ORGANISATION}/checkpoint")
                size = int(checkpoint.raise_for_status().text.splitlines()[1])
                await asyncio.sleep(0.05)
        assert size < 256
        for kind in ("0", "entries"):
            tile = f"/log/{ORGANISATION}/tile/{kind}/000.p/{size}"
            assert (await public.get(tile, headers=headers(self.auditor_key))).status_code == 200

    async def told(self, kind: str) -> None:
        """Wait, for a bounded time, until the webhook has told that the review ended so."""
        async with asyncio.timeout(60):
            while not any(f"nl.waarmerk.review.{kind}".encode() in each.body for each in self.receiver.requests):  # noqa: ASYNC110 another process sends
                await asyncio.sleep(0.05)

    def on_disk(self) -> list[tuple[str, list[str]]]:
        """Files of the home in which something can be read: database, its journal, the log of the process."""
        files = self.waarmerk.kept()
        assert {"waarmerk.db", "serve.log"} <= {path.name for path in files}
        return [(path.name, found) for path, data in files.items() if (found := canaries(data))]


@asynccontextmanager
async def told_by_webhook(folder: Path, receiver: FakeUpstream) -> AsyncIterator[Installation]:
    """The example organisation, whose counter is told on this machine that a review ended."""
    register = policies(folder / "policies", hold_after=60) / "applications" / "balie.yaml"
    hook = f"webhook: {{url: 'http://{receiver.host}:{receiver.port}{HOOK}', secret: 'env:HOOK_SECRET'}}"
    register.write_text(f"{register.read_text()}\ndevelopment: true\n{hook}\n")
    secret = "whsec_" + base64.b64encode(os.urandom(32)).decode()
    async with Installation(
        folder / "home",
        receiver.port,
        environment={"HOOK_SECRET": secret},
        policies=str(folder / "policies"),
        log_level="DEBUG",
    ) as running:
        yield running


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with (
        FakeUpstream() as model,
        told_by_webhook(tmp_path, model) as waarmerk,
        clerk(waarmerk, "anna") as anna,
    ):
        model.on(CHAT, answer(completion(SAID)))
        model.on(HOOK, answer({}))
        made = await waarmerk.command("key", "create", "balie", "--scope", "org:evidence:read")
        customs = Customs()
        async with openai.AsyncOpenAI(
            base_url=f"{waarmerk.address}/v1",
            api_key=waarmerk.key(),
            http_client=openai.DefaultAsyncHttpxClient(event_hooks={"response": [customs.note]}),
        ) as application:
            yield Scene(waarmerk, model, customs, application, anna, made.split()[0])


def hooks(scene: Scene) -> list[bytes]:
    """Every byte that reached the receiver of the webhook."""
    return [bytes(each.connection.received) for each in scene.receiver.requests if each.path == HOOK]


async def test_before_its_sign_off_no_byte_of_it_leaves(scene: Scene) -> None:
    rejected, approved = await scene.held(), await scene.held(stream=True)
    await scene.retrieve(rejected, 423)
    page = await scene.anna.claim(rejected["id"])
    assert CANARIES["answer"] in page.text
    page = await scene.anna.do(page, "edit", **{"text-0": BETTER})
    assert CANARIES["edit"] in page.text
    for review in (rejected, approved):
        await scene.look_around(review)
    await scene.anna.do(page, "reject", reason="facts", comment=f"Geen {CANARIES['note']} noemen.")
    await scene.told("rejected")
    await scene.retrieve(rejected, 403)
    await scene.look_around(rejected)
    assert len(scene.customs.left) > 150
    assert [asked for asked, _ in scene.customs.left if asked.endswith((" 429", " 500", " 503"))] == []
    assert scene.customs.smuggled() == []
    assert [found for body in hooks(scene) if (found := canaries(body))] == []
    assert scene.on_disk() == []

    await scene.anna.approve(approved["id"])
    await scene.told("approved")
    done = await scene.application.chat.completions.retrieve(approved["completion_id"])
    assert CANARIES["answer"] in (done.choices[0].message.content or "")
    assert [found for _, found in scene.customs.smuggled()] == [["answer"]]
    assert [found for body in hooks(scene) if (found := canaries(body))] == []
    assert scene.on_disk() == []


@pytest.mark.parametrize(
    "disguise", [*disguises(SAID), f"<p>{SAID}</p>".encode(), base64.b64encode(b"{'a': " + SAID.encode())]
)
def test_a_canary_is_seen_in_every_disguise(disguise: bytes) -> None:
    assert "answer" in canaries(b"before " + disguise + b" after")
