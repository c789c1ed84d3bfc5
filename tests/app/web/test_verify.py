# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for a citizen with a letter: what it says, what it never says, and that it says it to anybody with anything."""

import re
from collections.abc import AsyncIterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from app.evidence.verification import Verification
from app.keys.signer import FileKeySigner
from app.policy.model import Contact
from app.policy.organisation import Organisation
from app.web.enquiry import Enquiries
from app.web.rate import RateLimit
from app.web.verify import router
from tests.memory_log import ORGANISATION, MemoryLog
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
    WITHDRAWN,
    PublishedTexts,
    house,
    marked,
)
from watermark.model import Mark
from watermark.text import mark as mark_sentences

Browser: TypeAlias = httpx.AsyncClient
FORGED = "ABCD-EFGH-JKMN"
MUNICIPALITY = Organisation(
    id=ORGANISATION,
    name="Gemeente Voorbeeld",
    oin="0" * 20,
    contact=Contact(telephone="14 000"),
    complaint_url="https://gemeente-voorbeeld.example/klacht",
    objection_url="https://gemeente-voorbeeld.example/bezwaar",
)


def registered(organisation: str) -> Organisation | None:
    return MUNICIPALITY if organisation == ORGANISATION else None


@pytest.fixture
async def opened(tmp_path: Path) -> tuple[Verification, PublishedTexts, MemoryLog]:
    return await house(FileKeySigner.create(tmp_path / "log.pem", development=True))


@pytest.fixture
async def browser(opened: tuple[Verification, PublishedTexts, MemoryLog]) -> AsyncIterator[Browser]:
    enquiries = Enquiries(lambda: opened[0], RateLimit(lambda: 0.0, burst=1e9, per_second=1))
    async with client(router(enquiries, registered, public_address=ORIGIN)) as made:
        yield made


async def ask(browser: Browser, code: str = "", text: str = "", language: str = "nl") -> str:
    """What a reader sees of the answer."""
    answer = await browser.post(
        "/verify",
        content=urlencode({"code": code, "text": text}),
        headers={"content-type": "application/x-www-form-urlencoded", "accept-language": language},
    )
    return seen(answer)


def seen(answer: httpx.Response) -> str:
    return " ".join(
        unescape(re.sub(r"<(head|style|script)\b.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)).split()
    )


# The way in.


async def test_the_question_names_who_answers(browser: Browser) -> None:
    answer = await browser.get("/verify")
    assert answer.status_code == 200
    assert "Is deze tekst gemaakt met AI?" in seen(answer)
    assert "Gemeente Voorbeeld" in seen(answer)
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_it_speaks_english_to_who_reads_english(browser: Browser) -> None:
    assert "Was this text made with AI?" in seen(await browser.get("/verify?lang=en"))
    assert "We found no mark in this text." in await ask(browser, text="A text.", language="en")


@pytest.mark.parametrize("entry", ["k7q29fxm3tbw", "K7Q2 9FXM 3TBW", "k7q2-9fxm-3tbw", "K7Q29FXM-3TBW"])
async def test_any_spelling_of_a_code_leads_to_its_address(browser: Browser, entry: str) -> None:
    answer = await browser.get(f"/v/{quote(entry)}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/v/{PUBLICATION}")
    assert "gecontroleerd op 23 november 2026" in await ask(browser, code=f" {entry} ")


@pytest.mark.parametrize("entry", ["X", "K7Q2-9FXM-3TB", "K7Q2-9FXM-3TBU", "é" * 12, "a" * 2000])
async def test_what_is_no_code_is_told_so(browser: Browser, entry: str) -> None:
    answer = await browser.get(f"/v/{quote(entry)}")
    assert answer.status_code == 404
    assert "Dit is geen code van ons." in seen(answer)
    assert "Dit is geen code van ons." in await ask(browser, code=entry)
    assert "Dit is geen code van ons." in await ask(browser, code=entry, text="Een tekst.")
    assert "Geen merk gevonden" in await ask(browser, code=entry, text="Een tekst.")


async def test_an_empty_form_asks_for_something(browser: Browser) -> None:
    for body in ("", "code=&text=", "code=++&text=%0D%0A"):
        answer = await browser.post(
            "/verify", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 400
        assert "Vul een code in of plak een tekst." in seen(answer)


# What is said.


async def test_a_code_alone_is_told_with_the_advice_to_compare(browser: Browser) -> None:
    answer = await browser.get(f"/v/{PUBLICATION}")
    said = seen(answer)
    assert answer.status_code == 200
    assert "Een medewerker van Gemeente Voorbeeld heeft die tekst gecontroleerd op 23 november 2026." in said
    assert "Vergelijk uw tekst" in said
    assert "Een code is te kopiëren" in said
    assert "tekst voor iedereen, zoals een webpagina" in said
    assert "14 000" in said
    assert f'value="{PUBLICATION}"' in answer.text
    assert "state--good" not in answer.text


async def test_the_same_text_is_told_so(browser: Browser) -> None:
    for code, text in ((PUBLICATION, marked(PUBLICATION)), ("", marked(PUBLICATION)), ("", TEXTS[PUBLICATION])):
        said = await ask(browser, code, text)
        assert "Deze tekst is gemaakt met AI en gecontroleerd door een medewerker van Gemeente Voorbeeld" in said
        assert "precies hetzelfde, letter voor letter" in said


async def test_a_changed_text_is_told_so(browser: Browser) -> None:
    said = await ask(browser, PUBLICATION, marked(PUBLICATION).replace("vijf", "zes"))
    assert "Uw tekst is niet hetzelfde als de tekst van Gemeente Voorbeeld met deze code." in said
    assert "gecontroleerd door een medewerker" not in said


async def test_other_layout_is_told_with_a_warning_about_our_own_lines(browser: Browser) -> None:
    said = await ask(browser, PUBLICATION, " ".join(marked(PUBLICATION).split()))
    assert "De woorden van uw tekst zijn hetzelfde." in said
    assert "Gebruik deze gegevens, niet die in de tekst." in said


async def test_a_single_sentence_leads_to_its_text(browser: Browser) -> None:
    said = await ask(browser, text=marked(PUBLICATION).split("\n\n")[1].split(". ")[0] + ".")
    assert PUBLICATION in said
    assert "Misschien hebt u een deel gekopieerd" in said


async def test_a_copied_mark_is_told_so(browser: Browser) -> None:
    said = await ask(browser, text=mark_sentences(TEXTS[PUBLICATION], Mark.of_code(EDITED)))
    assert f"De code {EDITED} hoort niet bij deze tekst." in said


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (EDITED, "De medewerker heeft de tekst van AI ook aangepast."),
        (WITHDRAWN, "Gemeente Voorbeeld heeft de tekst met deze code ingetrokken."),
        (DRAFT, "Niemand heeft die tekst gecontroleerd."),
        (LETTER, "Er is een brief van Gemeente Voorbeeld met deze code."),
        (FORGED, f"Wij kennen geen tekst met de code {FORGED}."),
    ],
)
async def test_what_became_of_a_text_is_told(browser: Browser, code: str, sentence: str) -> None:
    assert sentence in seen(await browser.get(f"/v/{code}"))


async def test_a_letter_is_told_of_with_its_text_only(browser: Browser) -> None:
    alone = seen(await browser.get(f"/v/{LETTER}"))
    for hidden in ("23 november", "gecontroleerd", "brief of besluit", "logboek"):
        assert hidden not in alone
    both = await ask(browser, LETTER, TEXTS[LETTER])
    assert "gecontroleerd door een medewerker van Gemeente Voorbeeld op 23 november 2026" in both
    assert "Bezwaar maken" in both
    assert '"leaf":' in both


async def test_an_unpublished_text_says_its_organisation_only(browser: Browser) -> None:
    said = await ask(browser, text=marked(DRAFT, UNCHECKED))
    assert "In deze tekst staat een merk van Gemeente Voorbeeld" in said
    assert "23 november" not in said


async def test_no_mark_proves_nothing_and_says_why(browser: Browser) -> None:
    said = await ask(browser, text="Een tekst van niemand.")
    assert "Wij hebben in deze tekst geen merk gevonden." in said
    assert "Dit betekent niet dat een mens de tekst heeft geschreven." in said
    assert "overtypt" in said


async def test_remains_of_a_mark_are_told_as_such(browser: Browser) -> None:
    said = await ask(browser, text="AI-concept. Niet gecontroleerd. Niet publiceren.\n\nDit is een zin.")
    assert "iets dat op ons merk lijkt" in said


async def test_a_forged_address_and_invisible_characters_are_warned_of(browser: Browser) -> None:
    forged = marked(PUBLICATION).replace(ORIGIN, "https://waarmerk.example.evil").replace("straat", "str\u200baat")
    said = await ask(browser, text=forged)
    assert "Open het niet." in said
    assert "onzichtbare tekens die niet van ons zijn" in said


async def test_nothing_is_ever_called_genuine(browser: Browser) -> None:
    pages = [seen(await browser.get(f"/v/{code}?lang={language}")) for code in TEXTS for language in ("nl", "en")]
    pages += [await ask(browser, code, marked(code), language) for code in TEXTS for language in ("nl", "en")]
    for said in pages:
        assert not re.search(r"\b(?:echt|origineel|authentiek|genuine|authentic|original)\b", said, re.IGNORECASE)


# What is not said.


async def test_what_was_typed_is_repeated_nowhere_but_the_code(browser: Browser) -> None:
    for code in ("", PUBLICATION, FORGED, LETTER, DRAFT):
        assert "zeldzaamwoord" not in await ask(browser, code, f"{TEXTS.get(code, '')} Een zeldzaamwoord.")


async def test_no_page_holds_content(browser: Browser) -> None:
    for code in TEXTS:
        told = await browser.get(f"/v/{code}")
        assert not [word for word in re.findall(r"\w{9,}", TEXTS[code]) if word in told.text]


@pytest.mark.parametrize("text", ["", TEXTS[PUBLICATION], "Onbekend.", "Vastgehouden."])
async def test_what_is_held_gives_the_bytes_of_what_never_was(browser: Browser, text: str) -> None:
    answers = []
    for code in (HELD, FORGED):
        if text:
            body = urlencode({"code": code, "text": mark_sentences(text, Mark.of_code(code))})
            answer = await browser.post(
                "/verify", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
            )
        else:
            answer = await browser.get(f"/v/{code}")
        headers = [(name, value) for name, value in answer.headers.items() if name != "date"]
        answers.append((answer.status_code, headers, answer.content.replace(code.encode(), b"CODE")))
    assert answers[0] == answers[1]


# Whoever asks, whatever is asked.


async def test_who_asks_too_often_waits(opened: tuple[Verification, PublishedTexts, MemoryLog]) -> None:
    enquiries = Enquiries(lambda: opened[0], RateLimit(lambda: 0.0, burst=2, per_second=0.1))
    async with client(router(enquiries, registered, public_address=ORIGIN)) as browser:
        assert [(await browser.get(f"/v/{FORGED}")).status_code for _ in range(2)] == [404, 404]
        opened[1].asked.clear()
        answer = await browser.get(f"/v/{PUBLICATION}")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
        assert "Te veel pogingen." in seen(answer)
        assert opened[1].asked == []


async def test_a_text_that_is_too_long_is_refused(browser: Browser) -> None:
    body = urlencode({"code": "", "text": "x" * ((1 << 20) + 1)})
    answer = await browser.post("/verify", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(max_size=40), st.text(max_size=80))
async def test_anything_that_can_be_typed_gets_a_page(browser: Browser, code: str, text: str) -> None:
    body = urlencode({"code": code, "text": text})
    answer = await browser.post("/verify", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in {200, 400, 404}
    assert (await browser.get(f"/v/{quote(code, safe='')}x")).status_code in {303, 404}


class Outline(HTMLParser):
    """Ids, labels and headings of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: list[str] = []
        self.headings: list[int] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name in {"for", "aria-labelledby", "aria-describedby"}:
                self.named += str(value).split()
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.mark.parametrize("code", ["", *TEXTS, FORGED])
async def test_every_label_has_its_field_and_no_heading_is_skipped(browser: Browser, code: str) -> None:
    for answer in (await browser.get(f"/v/{code}" if code else "/verify"), await browser.get("/verify")):
        outline = Outline()
        outline.feed(answer.text)
        assert len(outline.ids) == len(set(outline.ids))
        assert set(outline.named) <= set(outline.ids)
        assert outline.headings[0] == 1
        assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
