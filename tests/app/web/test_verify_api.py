# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Verification for programs: the report, the receipt and the QR code, strictly and without an oracle."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence.checkpoint import open_checkpoint
from app.evidence.note import VerifierKey
from app.evidence.proof import verify_inclusion
from app.evidence.verification import Verification
from app.keys.signer import FileKeySigner, check_signature
from app.web.enquiry import MOST_TEXT, Enquiries
from app.web.rate import RateLimit
from app.web.verify_api import router
from tests.memory_log import HOST, ORGANISATION, MemoryLog, story
from tests.pages import client
from tests.published_texts import (
    DRAFT,
    EDITED,
    HELD,
    LETTER,
    ORIGIN,
    PUBLICATION,
    TEXTS,
    UNCHECKED,
    PublishedTexts,
    house,
    marked,
)
from watermark.errors import ManifestUnreadable
from watermark.manifest import ManifestReport
from watermark.model import Mark
from watermark.text import mark as mark_sentences

Opened: TypeAlias = tuple[Verification, PublishedTexts, MemoryLog]
Browser: TypeAlias = httpx.AsyncClient
FORGED = "ABCD-EFGH-JKMN"
ADDRESS = "/api/v1/verifications"


@pytest.fixture
def signer(tmp_path: Path) -> FileKeySigner:
    return FileKeySigner.create(tmp_path / "log.pem", development=True)


@pytest.fixture
async def opened(signer: FileKeySigner) -> Opened:
    return await house(signer)


@pytest.fixture
async def browser(opened: Opened) -> AsyncIterator[Browser]:
    async with client(of(opened[0])) as made:
        yield made


def of(verification: Verification, burst: float = 1e9) -> Any:  # noqa: ANN401
    enquiries = Enquiries(lambda: verification, RateLimit(lambda: 0.0, burst=burst, per_second=0.1))
    return router(enquiries, lambda _: None, public_address=ORIGIN)


async def post(browser: Browser, body: object) -> httpx.Response:
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    return await browser.post(ADDRESS, content=data, headers={"content-type": "application/json"})


async def report(browser: Browser, **body: str) -> Any:  # noqa: ANN401
    answer = await post(browser, body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


# The report.


async def test_a_published_text_is_reported_with_its_code_and_comparison(browser: Browser) -> None:
    said = await report(browser, text=marked(PUBLICATION))
    (told,) = said["codes"]
    assert told["said"] == said["summary"]
    expected = {
        "code": PUBLICATION,
        "address": f"{ORIGIN}/v/{PUBLICATION}",
        "standing": "told",
        "kind": "publication",
        "status": "approved",
        "day": "2026-11-23",
        "edited": False,
        "comparison": "same",
        "manifest": "Valid",
    }
    assert {name: told[name] for name in expected} == expected
    assert told["organisation"]["id"] == ORGANISATION
    assert said["marks"][0] == {"nl": "Een regel van ons over AI: 1", "en": "A line of ours about AI: 1"}
    assert (await report(browser, text=marked(PUBLICATION) + "\nMore."))["codes"][0]["comparison"] == "different"


async def test_a_text_without_marks_is_found_where_it_was_published(browser: Browser) -> None:
    said = await report(browser, text=TEXTS[EDITED])
    assert said["codes"] == []
    assert [(each["code"], each["comparison"], each["edited"]) for each in said["found"]] == [(EDITED, "same", True)]


async def test_a_copied_mark_is_reported(browser: Browser) -> None:
    said = await report(browser, text=mark_sentences(TEXTS[PUBLICATION], Mark.of_code(EDITED)))
    assert [(each["code"], each["comparison"]) for each in said["codes"]] == [(EDITED, "other-code")]
    assert [each["code"] for each in said["found"]] == [PUBLICATION]


async def test_a_letter_needs_code_and_text(browser: Browser) -> None:
    (alone,) = (await report(browser, code=LETTER))["codes"]
    assert (alone["standing"], alone["day"], alone["receipt"]) == ("letter", None, None)
    assert (await report(browser, text=TEXTS[LETTER]))["found"] == []
    (both,) = (await report(browser, code=LETTER, text=TEXTS[LETTER]))["codes"]
    assert (both["standing"], both["comparison"]) == ("told", "same")
    assert both["receipt"]["record"].startswith("rec_")


async def test_an_unpublished_text_says_its_organisation_only(browser: Browser) -> None:
    (told,) = (await report(browser, text=marked(DRAFT, UNCHECKED)))["codes"]
    assert told["organisation"]["id"] == ORGANISATION
    assert [told[name] for name in ("kind", "status", "day", "edited", "comparison", "receipt")] == [None] * 6


async def test_no_mark_is_no_proof(browser: Browser) -> None:
    said = await report(browser, text="A text of nobody.")
    assert (said["codes"], said["found"], said["manifest"]) == ([], [], None)
    assert said["summary"]["en"] == "We found no mark in this text."
    assert "This does not mean that a human wrote the text." in [note["en"] for note in said["notes"]]


async def test_what_is_held_gives_the_bytes_of_what_never_was(browser: Browser) -> None:
    for text in ("", "Onbekend.", TEXTS[PUBLICATION]):
        answers = []
        for code in (HELD, FORGED):
            answer = await post(
                browser, {"code": code, **({"text": mark_sentences(text, Mark.of_code(code))} if text else {})}
            )
            answers.append((answer.status_code, answer.content.replace(code.encode(), b"CODE")))
        assert answers[0] == answers[1]


# Manifests.


async def test_a_manifest_that_is_handed_in_is_judged_with_its_text(browser: Browser) -> None:
    store = base64.b64encode(b"A text.").decode()
    for text, state in (("A text.", "Valid"), ("Another.", "Invalid")):
        told = (await report(browser, text=text, manifest=store))["manifest"]
        assert (told["state"], told["publisher"]) == (state, "Gemeente Voorbeeld")


async def test_bytes_that_are_no_manifest_are_a_fault(signer: FileKeySigner) -> None:
    def unreadable(text: str, store: bytes) -> ManifestReport:
        raise ManifestUnreadable("no")

    verification, _, _ = await house(signer, unreadable)
    async with client(of(verification)) as browser:
        answer = await post(browser, {"text": "A text.", "manifest": "AAAA"})
        assert (answer.status_code, answer.json()["faults"][0]["pointer"]) == (400, "/manifest")
        answer = await post(browser, {"text": marked(PUBLICATION)})
        assert (answer.status_code, answer.json()["code"]) == (503, "evidence-inconsistent")


# What is not a question.


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b"", [""]),
        (b"[]", [""]),
        (b"{}", [""]),
        (b'{"text": "a", "text": "b"}', [""]),
        (b'{"text": "\\ud800"}', [""]),
        (b'{"text": "a", "name": 1}', [""]),
        (b'{"text": 1, "code": null}', ["/code", "/text"]),
        (b'{"text": "  "}', ["/text"]),
        (b'{"code": "", "text": "", "manifest": ""}', ["/code", "/text", "/manifest"]),
        (b'{"code": "X", "manifest": "!"}', ["/code", "/manifest"]),
        (b'{"manifest": "AAAA"}', ["/manifest"]),
    ],
)
async def test_what_is_no_question_is_refused_with_every_fault(
    browser: Browser, body: bytes, pointers: list[str]
) -> None:
    answer = await post(browser, body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in answer.json()["faults"]] == pointers


async def test_another_kind_of_body_is_refused(browser: Browser) -> None:
    answer = await browser.post(ADDRESS, content=b"{}", headers={"content-type": "text/plain"})
    assert answer.json()["faults"][0]["pointer"] == "header Content-Type"


@pytest.mark.parametrize("text", ["x" * (MOST_TEXT + 1), "é" * (MOST_TEXT // 2 + 1), "x" * (5 * MOST_TEXT)])
async def test_too_much_is_refused(browser: Browser, text: str) -> None:
    assert (await post(browser, {"text": text})).status_code == 413


async def test_who_asks_too_often_is_told_when(opened: Opened) -> None:
    async with client(of(opened[0], burst=3)) as browser:
        assert [(await post(browser, {"code": FORGED})).status_code for _ in range(2)] == [200, 200]
        opened[1].asked.clear()
        for answer in (
            await post(browser, {"code": PUBLICATION}),
            await browser.get(f"/v/{PUBLICATION}/receipt.json"),
            await browser.get(f"/v/{PUBLICATION}/qr.svg"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (429, "too-many-attempts")
            assert int(answer.headers["retry-after"]) > 0
        assert opened[1].asked == []


async def test_a_long_text_counts_for_more(opened: Opened) -> None:
    async with client(of(opened[0], burst=10)) as browser:
        assert (await post(browser, {"text": "Een zin. " * 60_000})).status_code == 200
        assert (await post(browser, {"text": "Een zin."})).status_code == 429


# Receipts and QR codes.


async def test_a_receipt_proves_that_the_log_tells_of_it(
    browser: Browser, opened: Opened, signer: FileKeySigner
) -> None:
    answer = await browser.get(f"/v/{PUBLICATION}/receipt.json")
    assert answer.status_code == 200
    told = answer.json()
    key = VerifierKey(f"{HOST}/{ORGANISATION}", signer.public_key)
    checkpoint = open_checkpoint(told["checkpoint"], [key], check_signature)
    path = [base64.b64decode(step) for step in told["path"]]
    assert told["record"] == opened[1].outputs[PUBLICATION].record
    assert verify_inclusion(base64.b64decode(told["leaf"]), told["index"], told["size"], path, checkpoint.root)


async def test_of_a_letter_and_of_what_is_not_known_there_is_no_receipt(browser: Browser) -> None:
    codes = (LETTER, HELD, FORGED, "k7q29fxm3tbw", "X")
    answers = [await browser.get(f"/v/{code}/receipt.json") for code in codes]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


async def test_a_receipt_that_is_not_signed_yet_is_asked_for_again(browser: Browser, opened: Opened) -> None:
    _, texts, log = opened
    log.append(*story(1, 50))
    output = texts.outputs[PUBLICATION]
    texts.outputs[PUBLICATION] = type(output)(
        PUBLICATION, output.exchange, 0, ORGANISATION, "guus", "publication", output.day, output.status, log.rows[-1][1]
    )
    answer = await browser.get(f"/v/{PUBLICATION}/receipt.json")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_a_qr_code_is_drawn_of_any_code(browser: Browser, opened: Opened) -> None:
    opened[1].asked.clear()
    for code in (PUBLICATION, HELD, FORGED):
        answer = await browser.get(f"/v/{code}/qr.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert f"{ORIGIN}/v/{code}" in answer.text
        assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert opened[1].asked == []
    assert (await browser.get("/v/k7q29fxm3tbw/qr.svg")).status_code == 404


# Anything at all.


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["code", "text", "manifest"]) | st.text(max_size=5),
        st.text(max_size=40) | st.sampled_from([PUBLICATION, LETTER, "AAAA"]) | st.none() | st.integers(0, 9),
    )
)
async def test_any_question_gets_a_report_or_a_fault(browser: Browser, body: dict[str, object]) -> None:
    assert (await post(browser, body)).status_code in {200, 400}
