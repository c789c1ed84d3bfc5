# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Manifests over HTTP: to whom they are given, and that nobody learns anything from not getting one."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Request
from typing_extensions import override

from app.domain.clock import SystemClock
from app.domain.errors import Busy, TooManyAttempts
from app.evidence.delivered import Provenance
from app.evidence.verification import Verification
from app.keys.signer import FileKeySigner
from app.marking.manifests import C2paManifests
from app.web.enquiry import MOST_TEXT, Enquiries
from app.web.manifests import router
from app.web.rate import RateLimit
from tests.claims import NOW, ClaimAuthority, MemoryClaimSigner
from tests.pages import client
from tests.published_texts import DRAFT, HELD, LETTER, ORIGIN, PUBLICATION, TEXTS, UNCHECKED, WITHDRAWN, house, marked
from watermark.label import OwnLines
from watermark.manifest import Claim, ManifestState, read_text, sign_text

OTHER = "ABCD-EFGH-JKMN"
AUTHORITY = ClaimAuthority()
SIGNER = MemoryClaimSigner.under(AUTHORITY)


def _nothing() -> Verification:
    raise Busy


class Turnstile(Enquiries):
    """Counts questions and their bytes, and lets through as many as it is told to."""

    def __init__(self, left: int = 99) -> None:
        super().__init__(_nothing, RateLimit(lambda: 0.0, burst=1e9, per_second=1))
        self.left = left
        self.bytes = 0

    @override
    def count(self, request: Request) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooManyAttempts

    @override
    def weigh(self, request: Request, size: int) -> None:
        self.bytes += size


@pytest.fixture
async def provenance(tmp_path: Path) -> Provenance:
    _, texts, log = await house(FileKeySigner.create(tmp_path / "log.pem", development=True))
    for code in (PUBLICATION, LETTER, WITHDRAWN):
        texts.manifests[code] = sign_text(marked(code), claim(code), SIGNER)
    return Provenance(
        texts,
        log,
        C2paManifests(SIGNER, SystemClock(), version="1.2.3"),
        lines=lambda: OwnLines([UNCHECKED], ORIGIN),
        name_of=lambda _: "Gemeente Voorbeeld",
        read_manifest=read_text,
    )


@pytest.fixture
def turnstile() -> Turnstile:
    return Turnstile()


@pytest.fixture
def browser(provenance: Provenance, turnstile: Turnstile) -> httpx.AsyncClient:
    return client(router(lambda: provenance, turnstile))


async def test_a_published_manifest_is_served_by_code_and_holds(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(f"/c2pa/v1/manifests/{PUBLICATION}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/c2pa"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert read_text(marked(PUBLICATION), answer.content, AUTHORITY.root).state is ManifestState.TRUSTED


async def test_one_is_made_for_who_has_a_draft(browser: httpx.AsyncClient) -> None:
    text = marked(DRAFT, UNCHECKED)
    answer = await browser.post("/c2pa/v1/manifests", json={"code": DRAFT.lower(), "text": text})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/c2pa")
    assert answer.headers["cache-control"] == "no-store"
    report = read_text(text, answer.content, AUTHORITY.root)
    assert (report.state, report.identifier) == (ManifestState.TRUSTED, DRAFT)
    assert [action.name for action in report.actions] == ["c2pa.created"]


async def test_that_of_a_letter_is_for_who_has_the_letter(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/c2pa/v1/manifests", json={"code": LETTER, "text": marked(LETTER)})
    assert read_text(marked(LETTER), answer.content, AUTHORITY.root).state is ManifestState.TRUSTED


async def test_not_getting_one_tells_nothing(browser: httpx.AsyncClient) -> None:
    """Held, unknown, withdrawn, a letter without its text, another text: one answer."""
    asked = [await browser.get(f"/c2pa/v1/manifests/{code}") for code in (LETTER, WITHDRAWN, DRAFT, HELD, OTHER)]
    asked += [
        await browser.post("/c2pa/v1/manifests", json={"code": code, "text": text})
        for code in (PUBLICATION, LETTER, WITHDRAWN, DRAFT, HELD, OTHER)
        for text in ("Een andere tekst.", marked(OTHER, UNCHECKED, TEXTS[DRAFT]))
    ]
    first = asked[0]
    assert (first.status_code, first.json()["code"]) == (404, "unknown-name")
    assert {(answer.status_code, answer.content, tuple(answer.headers.multi_items())) for answer in asked} == {
        (404, first.content, tuple(first.headers.multi_items()))
    }


@pytest.mark.parametrize("spelling", [PUBLICATION.lower(), PUBLICATION.replace("-", ""), "x", "%2E%2E"])
async def test_a_manifest_has_one_address(browser: httpx.AsyncClient, spelling: str) -> None:
    assert (await browser.get(f"/c2pa/v1/manifests/{spelling}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"code": DRAFT}, "/text"),
        ({"text": "tekst"}, "/code"),
        ({"code": DRAFT, "text": ""}, "/text"),
        ({"code": DRAFT, "text": 1}, "/text"),
        ({"code": "korter", "text": "tekst"}, "/code"),
        ({"code": [DRAFT], "text": "tekst"}, "/code"),
        ({"code": DRAFT, "text": "tekst", "more": 1}, ""),
    ],
)
async def test_what_is_no_question_is_told_what_it_should_be(
    browser: httpx.AsyncClient, body: dict[str, Any], fault: str
) -> None:
    answer = await browser.post("/c2pa/v1/manifests", json=body)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["faults"]]) == (400, [fault])


async def test_only_strict_json_is_read(browser: httpx.AsyncClient) -> None:
    address = "/c2pa/v1/manifests"
    json_type = {"content-type": "application/json"}
    assert (await browser.post(address, data={"code": DRAFT})).status_code == 400
    twice = f'{{"code":"{DRAFT}","code":"{OTHER}","text":"x"}}'
    for content in (twice, "[]", "", "{", '{"text":"\\ud800"}'):
        assert (await browser.post(address, content=content, headers=json_type)).status_code == 400


async def test_a_text_has_a_largest_size(browser: httpx.AsyncClient, turnstile: Turnstile) -> None:
    for size in (MOST_TEXT + 1, 3 * MOST_TEXT):
        answer = await browser.post("/c2pa/v1/manifests", json={"code": DRAFT, "text": "x" * size})
        assert answer.status_code == 413
    assert turnstile.bytes < 2 * MOST_TEXT


async def test_who_asks_too_often_is_told_to_wait(provenance: Provenance) -> None:
    turnstile = Turnstile(2)
    async with client(router(lambda: provenance, turnstile)) as browser:
        question = {"code": DRAFT, "text": marked(DRAFT, UNCHECKED)}
        assert (await browser.get(f"/c2pa/v1/manifests/{PUBLICATION}")).status_code == 200
        assert (await browser.post("/c2pa/v1/manifests", json=question)).status_code == 200
        assert turnstile.bytes > len(question["text"])
        assert (await browser.post("/c2pa/v1/manifests", json=question)).status_code == 429
        assert (await browser.get(f"/c2pa/v1/manifests/{PUBLICATION}")).status_code == 429


async def test_while_the_house_is_closed_nobody_is_served() -> None:
    def closed() -> Provenance:
        raise Busy

    async with client(router(closed, Turnstile())) as browser:
        assert (await browser.get(f"/c2pa/v1/manifests/{PUBLICATION}")).status_code == 503


def claim(code: str) -> Claim:
    return Claim(code, code, "Gemeente Voorbeeld", "mistral", "1", NOW, NOW)
