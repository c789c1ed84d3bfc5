# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The promise, on a real installation: an answer waits, a person signs in a real browser, and a citizen finds the same text."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx
import openai
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.chromium import NARROW, WIDE, Witness, axe_source, chromium, person, turn
from tests.browser.test_accessibility import violations
from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation
from tests.people import PASSWORD
from tests.reviewers import CHAT, completion
from tests.staff import link
from watermark.manifest import ManifestState, read_text

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.asyncio(loop_scope="module")]

SAID = "U vraagt uw paspoort aan bij de balie. Dat duurt vijf werkdagen."
BETTER = SAID.replace("vijf", "zes")
STAFF = {"anna": "reviewer", "rita": "reviewer", "otto": "auditor"}
ReviewDocument: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Office:
    """One installation with a model, an application, a browser, and people who chose a password in it."""

    waarmerk: Installation
    model: FakeUpstream
    client: openai.AsyncOpenAI
    browser: Browser

    @asynccontextmanager
    async def desk(self, name: str, **look: Any) -> AsyncIterator[Page]:  # noqa: ANN401 what a browser can be
        """Somebody who has just signed in by the page."""
        async with person(self.browser, self.waarmerk.address, **look) as page:
            witness = Witness(self.waarmerk.address)
            witness.watch(page)
            await page.goto("/review/")
            await page.get_by_label("Name").fill(name)
            await page.get_by_label("Password").fill(PASSWORD)
            await turn(page, page.get_by_role("button", name="Sign in").click())
            await expect(page.get_by_role("heading", name="To review")).to_be_visible()
            yield page
            assert (witness.strangers, witness.said) == ([], [])

    async def held(self, question: str, *, stream: bool = False, actor: str = "rita") -> ReviewDocument:
        """Ask by the SDK as an application does; the review that the typed error names. The model was asked once."""
        before = len(self.model.requests)
        with pytest.raises(openai.APIStatusError) as caught:
            await self.client.chat.completions.create(
                model="balie-antwoord",
                messages=[{"role": "user", "content": question}],
                stream=stream,
                extra_headers={"Waarmerk-Context": f'actor="{actor}", lang="nl"'},
            )
        error: Any = caught.value
        assert (error.status_code, error.code, error.type) == (423, "held_for_review", "human_review_pending")
        assert len(self.model.requests) == before + 1
        assert len(self.waarmerk.records("hold:opened")) == len(self.model.requests)
        review: ReviewDocument = error.body["review"]
        return review

    async def retrieved(self, review: ReviewDocument) -> tuple[str, str]:
        """What the SDK gets for the id it was given: text and code."""
        done: Any = await self.client.chat.completions.retrieve(review["completion_id"])
        assert done.id == review["completion_id"]
        (code,) = done.model_extra["ai_provenance"]["codes"]
        return done.choices[0].message.content, code

    async def refused(self, review: ReviewDocument) -> tuple[int, str | None]:
        """How the SDK is told that there will be no text."""
        with pytest.raises(openai.APIStatusError) as caught:
            await self.client.chat.completions.retrieve(review["completion_id"])
        assert SAID not in caught.value.response.text
        return caught.value.status_code, caught.value.code


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    home = tmp_path_factory.mktemp("promise") / "home"
    async with (
        FakeUpstream() as model,
        Installation(home, model.port) as waarmerk,
        openai.AsyncOpenAI(base_url=f"{waarmerk.address}/v1", api_key=waarmerk.key()) as client,
        chromium() as browser,
    ):
        model.on(CHAT, answer(completion(SAID)))
        for name, role in STAFF.items():
            await settle(browser, waarmerk, await link(waarmerk, name, role))
        yield Office(waarmerk, model, client, browser)


async def settle(browser: Browser, waarmerk: Installation, address: str) -> None:
    """Open the link that the operator handed over, and choose a password."""
    async with person(browser, waarmerk.address) as page:
        await page.goto(address)
        await page.get_by_label("New password").fill(PASSWORD)
        await page.get_by_label("The same password again").fill(PASSWORD)
        await turn(page, page.get_by_role("button", name="Set password").click())
        await expect(page.get_by_text("Your password has been set.")).to_be_visible()


async def take(page: Page, review: ReviewDocument) -> None:
    await page.goto(f"/review/{review['id']}")
    await turn(page, page.get_by_role("button", name="Take this on").click())
    await expect(page.get_by_text("You have taken this text on.")).to_be_visible()


async def approve(page: Page) -> None:
    """Declare each thing that is asked, and approve."""
    boxes = await page.get_by_role("checkbox").all()
    declared = [box for box in boxes if await box.get_attribute("name") == "attest"]
    assert len(declared) == 3
    for box in declared:
        await expect(box).not_to_be_checked()
        await box.check()
    await turn(page, page.get_by_role("button", name="Approve this text").click())
    await expect(page.get_by_text("The last text was approved.")).to_be_visible()


async def verify(office: Office, code: str, text: str) -> str:
    """Open the address under the text as a citizen, paste the text; the answer in words."""
    async with person(office.browser, office.waarmerk.address) as page:
        witness = Witness(office.waarmerk.address)
        witness.watch(page)
        await page.goto(f"/v/{code}")
        await expect(page.get_by_role("heading", level=2).first).to_contain_text("A member of staff")
        await page.get_by_label("Text", exact=True).fill(text)
        await turn(page, page.get_by_role("button", name="Check").click())
        await expect(page.get_by_role("heading", name="Check another text")).to_be_visible()
        assert (witness.strangers, witness.said) == ([], [])
        return await page.get_by_role("article").inner_text()


async def actions(office: Office, code: str, text: str) -> list[str]:
    """What the manifest beside a text says was done to it; the manifest is of exactly this text, and trusted."""
    async with httpx.AsyncClient(base_url=office.waarmerk.address, timeout=60) as public:
        store = (await public.get(f"/c2pa/v1/manifests/{code}")).raise_for_status().content
    root = (office.waarmerk.home / "keys" / "root.pem").read_text()
    manifest = read_text(text, store, root)
    assert manifest.state is ManifestState.TRUSTED
    assert read_text(text.replace("werkdagen", "dagen"), store, root).state is not ManifestState.TRUSTED
    return [action.name for action in manifest.actions]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
async def test_approved_by_a_colleague_it_is_fetched_and_found_the_same(office: Office, stream: bool) -> None:
    review = await office.held(f"Hoe vraag ik een paspoort aan? {stream}", stream=stream)
    assert await office.refused(review) == (423, "held_for_review")
    async with office.desk("anna") as page:
        await take(page, review)
        await expect(page.locator("[data-output]")).to_contain_text("Dat duurt vijf werkdagen")
        await approve(page)
    text, code = await office.retrieved(review)
    assert "vijf werkdagen" in text
    assert f"{office.waarmerk.address}/v/{code}" in text
    told = await verify(office, code, text)
    assert "Your text is exactly the same, letter by letter." in told
    assert "also changed the text of AI" not in told
    assert await actions(office, code, text) == ["c2pa.created", "c2pa.published"]
    assert "is exactly the same" not in await verify(office, code, text.replace("vijf", "acht"))


async def test_what_a_reviewer_changed_is_shown_published_and_told(office: Office) -> None:
    review = await office.held("Hoe lang duurt een paspoort?")
    async with office.desk("anna") as page:
        await take(page, review)
        await page.locator("summary", has_text="Change the text").click()
        await page.get_by_label("The text of the model").fill(BETTER)
        await turn(page, page.get_by_role("button", name="Save the change").click())
        await expect(page.get_by_text("The change is saved.")).to_be_visible()
        await turn(page, page.get_by_role("link", name="See what was changed").click())
        await expect(page.locator("del")).to_contain_text("vijf")
        await expect(page.locator("ins")).to_contain_text("zes")
        await turn(page, page.get_by_role("link", name="Back to the text").click())
        await approve(page)
    text, code = await office.retrieved(review)
    assert ("zes werkdagen" in text, "vijf" in text) == (True, False)
    told = await verify(office, code, text)
    assert "Your text is exactly the same, letter by letter." in told
    assert "The member of staff also changed the text of AI." in told
    assert await actions(office, code, text) == ["c2pa.created", "c2pa.edited", "c2pa.published"]


async def test_what_is_rejected_never_leaves(office: Office) -> None:
    review = await office.held("Wat kost een paspoort?")
    async with office.desk("anna") as page:
        await take(page, review)
        await page.locator("summary", has_text="Reject").click()
        form = page.locator("form[action$='/reject']")
        await form.get_by_label("Reason").select_option("facts")
        await form.get_by_label("Explanation").fill("Het bedrag klopt niet.")
        await turn(page, form.get_by_role("button", name="Reject this text").click())
        await expect(page.get_by_text("The last text was rejected and will never be published.")).to_be_visible()
        await page.goto(f"/review/{review['id']}")
        await expect(page.get_by_role("button", name="Approve this text")).to_have_count(0)
    assert await office.refused(review) == (403, "review_rejected")


async def test_what_nobody_decides_in_time_never_leaves(office: Office) -> None:
    review = await office.held("Waar is de balie?")
    with closing(sqlite3.connect(office.waarmerk.home / "waarmerk.db", timeout=20)) as database, database:
        database.execute("UPDATE hold SET expires_at = opened_at + 1 WHERE id = ?", [review["id"]])
    told = await office.waarmerk.until("hold:expired")
    assert [record["hold"] for record in told] == [review["id"]]
    assert await office.refused(review) == (410, "review_expired")
    async with office.desk("anna") as page:
        await page.goto(f"/review/{review['id']}")
        await expect(page.get_by_text("Nobody decided in time.")).to_be_visible()
        await expect(page.get_by_role("button", name="Take this on")).to_have_count(0)


async def test_who_asked_is_told_why_a_colleague_must_approve(office: Office) -> None:
    review = await office.held("Mag ik dit zelf goedkeuren?", actor="rita")
    async with office.desk("rita") as page:
        await take(page, review)
        await expect(
            page.get_by_text("You asked for this text yourself. A colleague has to review it.")
        ).to_be_visible()
        await expect(page.get_by_role("button", name="Approve this text")).to_have_count(0)
        await turn(page, page.get_by_role("button", name="Put it back").click())
    async with office.desk("anna") as page:
        await take(page, review)
        await approve(page)
    assert "vijf werkdagen" in (await office.retrieved(review))[0]


async def test_an_auditor_reads_and_decides_nothing(office: Office) -> None:
    review = await office.held("Leest er iemand mee?")
    async with office.desk("otto") as page:
        await page.goto(f"/review/{review['id']}")
        await expect(page.locator("[data-output]")).to_contain_text("Dat duurt vijf werkdagen")
        await expect(page.get_by_text("You read this as an auditor. Only reviewers decide.")).to_be_visible()
        sent_to = await page.locator("main form").evaluate_all("(forms) => forms.map((form) => form.action)")
        assert sent_to == []


@pytest.mark.needs("npm")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_axe_finds_nothing_on_the_way(office: Office, scheme: str, width: int) -> None:
    axe = axe_source()
    look: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 860}}
    review = await office.held(f"Is dit voor iedereen? {scheme} {width}")

    async def look_at(page: Page, path: str = "") -> None:
        if path:
            await page.goto(path)
        await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert await violations(page, axe) == [], page.url

    async with person(office.browser, office.waarmerk.address, **look) as page:
        for path in ("/review/sign-in", "/review/setup", "/verify"):
            await look_at(page, path)
    for reader in ("rita", "otto"):
        async with office.desk(reader, **look) as page:
            await look_at(page, f"/review/{review['id']}")
    async with office.desk("anna", **look) as page:
        await look_at(page)
        await take(page, review)
        await look_at(page)
        await approve(page)
        for path in ("/review/closed", "/review/account", f"/review/{review['id']}"):
            await look_at(page, path)
    text, code = await office.retrieved(review)
    async with person(office.browser, office.waarmerk.address, **look) as page:
        await look_at(page, f"/v/{code}")
        await page.get_by_label("Text", exact=True).fill(text)
        await turn(page, page.get_by_role("button", name="Check").click())
        await expect(page.get_by_role("heading", name="Check another text")).to_be_visible()
        await look_at(page)
