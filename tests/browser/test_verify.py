# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A citizen with a letter in a real browser: code, text, a file; on an old telephone, without scripts, and on paper."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.async_api import Browser, Page, expect

from app.keys.signer import FileKeySigner
from app.policy.model import Contact
from app.policy.organisation import Organisation
from app.web import verify, verify_api
from app.web.enquiry import Enquiries
from app.web.pages import ASSETS
from app.web.rate import RateLimit
from app.web.site import pages
from tests.browser.chromium import NARROW, WIDE, Witness, axe_source, chromium, person, turn
from tests.browser.test_accessibility import violations as visible_violations
from tests.memory_log import ORGANISATION
from tests.pages import nothing_to_open
from tests.published_texts import LETTER, ORIGIN, PUBLICATION, TEXTS, WITHDRAWN, house, marked

pytestmark = pytest.mark.needs("chromium")

FORGED = "ABCD-EFGH-JKMN"
MUNICIPALITY = Organisation(
    id=ORGANISATION,
    name="Gemeente Voorbeeld",
    oin="0" * 20,
    contact=Contact(telephone="14 000"),
    complaint_url="https://gemeente-voorbeeld.example/klacht",
    objection_url="https://gemeente-voorbeeld.example/bezwaar",
)


@asynccontextmanager
async def counter(folder: Path) -> AsyncIterator[tuple[str, Browser]]:
    """Verify, served on loopback, and a browser."""
    verification, _, _ = await house(FileKeySigner.create(folder / "log.pem", development=True))
    enquiries = Enquiries(lambda: verification, RateLimit(lambda: 0.0, burst=1e9, per_second=1))
    routers = [each.router(enquiries, lambda _: MUNICIPALITY, public_address=ORIGIN) for each in (verify, verify_api)]
    app = pages(
        [*routers, ASSETS.router()],
        nothing_to_open,
        version="0",
        public_address=ORIGIN,
        turned_away=lambda _name, _peer: None,
    )
    app.state.development = False
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve([listener]))
    try:
        async with chromium() as browser:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", browser
    finally:
        server.should_exit = True
        await task


async def asked(page: Page, code: str = "", text: str = "") -> None:
    """Fill in the form and send it."""
    await page.goto("/verify")
    await page.get_by_role("textbox", name="Code").fill(code)
    await page.get_by_label("Tekst", exact=True).fill(text)
    await turn(page, page.get_by_role("button", name="Controleer").click())
    await page.get_by_role("heading", level=2).first.wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
async def test_from_the_printed_code_to_the_text_that_is_the_same(tmp_path: Path, script: bool) -> None:
    async with counter(tmp_path) as (address, browser):
        look: dict[str, Any] = {
            "locale": "nl-NL",
            "java_script_enabled": script,
            "viewport": {"width": NARROW, "height": 800},
        }
        async with person(browser, address, **look) as page:
            witness = Witness(address)
            witness.watch(page)
            await page.goto("/v/k7q29fxm3tbw")
            assert urlsplit(page.url).path == f"/v/{PUBLICATION}"
            await expect(page.get_by_role("heading", level=2).first).to_contain_text("Deze code hoort bij een tekst")
            await expect(page.get_by_role("textbox", name="Code")).to_have_value(PUBLICATION)
            await page.get_by_label("Tekst", exact=True).fill(marked(PUBLICATION))
            await turn(page, page.get_by_role("button", name="Controleer").click())
            await expect(page.get_by_role("heading", level=2).first).to_contain_text("Deze tekst is gemaakt met AI")
            await expect(page.get_by_text("precies hetzelfde, letter voor letter")).to_be_visible()
            assert urlsplit(page.url).path == "/verify"
            assert not urlsplit(page.url).query
            assert (witness.strangers, witness.said) == ([], [])


async def test_a_changed_a_marked_and_an_unknown_text(tmp_path: Path) -> None:
    async with counter(tmp_path) as (address, browser), person(browser, address, locale="nl-NL") as page:
        await asked(page, PUBLICATION, marked(PUBLICATION).replace("vijf", "zes"))
        await expect(page.get_by_role("heading", level=2).first).to_contain_text("Uw tekst is niet hetzelfde")
        await asked(page, text=marked(PUBLICATION).split("\n\n")[1].split(". ")[1] + ".")
        await expect(page.get_by_role("article").get_by_text(PUBLICATION).first).to_be_visible()
        await asked(page, text="Een tekst van niemand.")
        await expect(page.get_by_role("heading", level=2).first).to_contain_text("geen merk gevonden")
        await expect(page.get_by_text("Dit betekent niet dat een mens de tekst heeft geschreven.")).to_be_visible()


async def test_a_letter_is_told_of_after_its_text(tmp_path: Path) -> None:
    async with counter(tmp_path) as (address, browser), person(browser, address, locale="nl-NL") as page:
        await page.goto(f"/v/{LETTER}")
        await expect(page.get_by_role("heading", level=2).first).to_contain_text("Er is een brief")
        await expect(page.get_by_text("gecontroleerd door een medewerker")).to_have_count(0)
        await page.get_by_label("Tekst", exact=True).fill(TEXTS[LETTER])
        await turn(page, page.get_by_role("button", name="Controleer").click())
        await expect(page.get_by_text("gecontroleerd door een medewerker")).to_be_visible()
        await expect(page.get_by_role("link", name="Bezwaar maken")).to_be_visible()


async def test_a_text_file_is_read_in_the_browser(tmp_path: Path) -> None:
    (tmp_path / "brief.txt").write_bytes(marked(PUBLICATION).encode())
    (tmp_path / "foto.txt").write_bytes(b"\xff\xd8\xff")
    async with counter(tmp_path) as (address, browser), person(browser, address, locale="nl-NL") as page:
        await page.goto("/verify")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method) if "/static/" not in request.url else None)
        await page.get_by_label("Of kies een tekstbestand").set_input_files(tmp_path / "foto.txt")
        await expect(page.get_by_text("Dit bestand kan niet worden gelezen.")).to_be_visible()
        await page.get_by_label("Of kies een tekstbestand").set_input_files(tmp_path / "brief.txt")
        await expect(page.get_by_label("Tekst", exact=True)).to_have_value(marked(PUBLICATION))
        assert sent == []
        await turn(page, page.get_by_role("button", name="Controleer").click())
        await expect(page.get_by_text("precies hetzelfde, letter voor letter")).to_be_visible()


async def test_with_keys_only(tmp_path: Path) -> None:
    async with counter(tmp_path) as (address, browser), person(browser, address, locale="nl-NL") as page:
        await page.goto("/verify")
        await page.get_by_role("textbox", name="Code").focus()
        await page.keyboard.type("k7q2 9fxm 3tbw")
        await turn(page, page.keyboard.press("Enter"))
        await expect(page.get_by_role("heading", level=2).first).to_contain_text("Deze code hoort bij een tekst")
        await page.locator("summary").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("img", name="QR-code")).to_be_visible()
        assert await page.evaluate("document.querySelector('.qr').naturalWidth") > 0


async def test_on_paper_the_form_is_gone_and_the_proof_is_there(tmp_path: Path) -> None:
    async with counter(tmp_path) as (address, browser), person(browser, address, locale="nl-NL") as page:
        await page.goto(f"/v/{PUBLICATION}")
        await page.emulate_media(media="print")
        await expect(page.get_by_role("button", name="Controleer")).to_be_hidden()
        await expect(page.get_by_role("img", name="QR-code")).to_be_visible()
        await expect(page.get_by_text("staat op regel")).to_be_visible()


@pytest.mark.needs("npm")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_axe_finds_nothing(tmp_path: Path, scheme: str, width: int) -> None:
    axe = axe_source()
    look: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 860}, "locale": "nl-NL"}
    async with counter(tmp_path) as (address, browser), person(browser, address, **look) as page:
        for path in ("/verify", f"/v/{PUBLICATION}", f"/v/{WITHDRAWN}", f"/v/{LETTER}", f"/v/{FORGED}", "/v/x"):
            await page.goto(path)
            assert await violations(page, axe) == [], path
        for code, text in (
            (LETTER, marked(LETTER)),
            ("", marked(PUBLICATION) + "\u200b!"),
            ("", TEXTS[PUBLICATION]),
            ("", "Iets."),
        ):
            await asked(page, code, text)
            assert await violations(page, axe) == [], text


@pytest.mark.parametrize("width", [WIDE, NARROW, 320])
async def test_no_page_is_wider_than_its_window(tmp_path: Path, width: int) -> None:
    look: dict[str, Any] = {"viewport": {"width": width, "height": 700}, "locale": "nl-NL"}
    async with counter(tmp_path) as (address, browser), person(browser, address, **look) as page:
        for code, text in (("", "Iets."), (PUBLICATION, ""), (LETTER, marked(LETTER)), (FORGED, "x" * 5000)):
            await asked(page, code, text)
            await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
            beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert await page.evaluate(beyond) == 0, code


async def violations(page: Page, axe: str) -> list[str]:
    """What axe calls wrong, folded parts included."""
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    return await visible_violations(page, axe)
