# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The desk over a real socket: what a reviewer, an auditor and others are shown, and what a form does."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.domain.review import Act, HoldState, Note, Role
from tests.desk_visitor import browser, form_of, post, send, words
from tests.paper_desk import ANSWER, ONE, TWO, PaperDesk, paper_desk

TICKED = [("attest", each.id) for each in ONE.attestations]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PaperDesk]:
    async with paper_desk(tmp_path) as running:
        yield running


async def test_who_is_not_signed_in_is_led_to_the_door(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with httpx.AsyncClient(base_url=desk.address, timeout=60) as client:
        for path in (
            "/review/",
            "/review/closed",
            "/review/account",
            f"/review/{hold.id}",
            f"/review/{hold.id}/changes",
        ):
            answer = await client.get(path)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/review/sign-in?next=%2Freview%2F")
    assert desk.pipeline.seen == []


async def test_the_queue_says_what_is_urgent_who_looks_and_how_many(desk: PaperDesk) -> None:
    now = desk.people.clock.now()
    bram = await desk.people.reviewer("bram")
    desk.pipeline.add(expires_at=now + timedelta(hours=5))
    desk.pipeline.add(state=HoldState.CLAIMED, claimed_by=bram, claimed_until=now + timedelta(minutes=9))
    async with browser(desk) as client:
        said = words(await client.get("/review/"))
    assert "2 texts" in said
    assert "5 hours left" in said
    assert "bram is looking, until 10:09" in said


async def test_the_queue_is_filtered_by_its_address(desk: PaperDesk) -> None:
    desk.pipeline.add(task="one-task")
    desk.pipeline.add(task="other-task", application="wmo")
    desk.pipeline.add(task="third-task", state=HoldState.CHANGES_REQUESTED)
    async with browser(desk) as client:
        of_application = words(await client.get("/review/?application=wmo"))
        of_state = words(await client.get("/review/?state=changes"))
        of_nothing = words(await client.get("/review/?state=mine&application=nobody"))
    assert ("other-task" in of_application, "one-task" in of_application) == (True, False)
    assert ("third-task" in of_state, "other-task" in of_state) == (True, False)
    assert "Nothing matches this choice." in of_nothing


async def test_an_empty_queue_says_so(desk: PaperDesk) -> None:
    async with browser(desk) as client:
        assert "Nothing is waiting for you." in words(await client.get("/review/"))


async def test_a_text_goes_from_the_queue_to_its_approval_and_the_next_one_comes(desk: PaperDesk) -> None:
    now = desk.people.clock.now()
    first = desk.pipeline.add(expires_at=now + timedelta(days=1))
    second = desk.pipeline.add(expires_at=now + timedelta(days=2))
    async with browser(desk) as client:
        claimed = await send(client, "/review/", f"{first.id}/claim")
        assert (claimed.status_code, claimed.headers["location"]) == (303, f"/review/{first.id}?said=claim")
        approved = await send(client, f"/review/{first.id}", "approve", *TICKED)
        assert approved.headers["location"] == f"/review/{second.id}?said=approve&of={first.id}"
        shown = await client.get(approved.headers["location"])
    assert "The last text was approved." in words(shown)
    assert f'href="/review/{first.id}"' in shown.text
    kept = desk.pipeline.sheets[first.id].hold
    assert kept.state is HoldState.APPROVED
    assert kept.sign_offs[0].attestations == ("facts", "sources", "tone")


async def test_after_the_last_text_the_queue_comes_back(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        approved = await send(client, f"/review/{hold.id}", "approve", *TICKED)
    assert approved.headers["location"] == f"/review/?said=approve&of={hold.id}"


@pytest.mark.parametrize("data", [False, True])
async def test_a_text_without_a_line_is_warned_of(desk: PaperDesk, data: bool) -> None:
    hold = desk.pipeline.add('{"antwoord": "Ja."}')
    desk.pipeline.sheets[hold.id].data = data
    async with browser(desk) as client:
        shown = words(await client.get(f"/review/{hold.id}"))
    assert ("So Waarmerk puts no line above or below it." in shown) is data


async def test_no_declaration_is_ticked_beforehand_and_each_has_a_box(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        page = (await client.get(f"/review/{hold.id}")).text
    boxes = re.findall(r'<input[^>]*name="attest"[^>]*>', page)
    assert len(boxes) == len(ONE.attestations)
    assert all("required" in box and "checked" not in box for box in boxes)


async def test_an_approval_without_a_declaration_does_not_happen(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        answer = await send(client, f"/review/{hold.id}", "approve", *TICKED[:2])
    assert answer.status_code in {400, 409, 422}
    assert desk.pipeline.sheets[hold.id].hold.state is HoldState.CLAIMED


async def test_what_is_approved_is_what_was_shown(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        page = await client.get(f"/review/{hold.id}")
        form = form_of(page, "/approve")
        sheet = desk.pipeline.sheets[hold.id]
        sheet.texts[0] = "Iets anders."
        sheet.hold = replace(sheet.hold, version=sheet.hold.version + 1, binding="b" * 64)
        fields = [(name, value) for name, value in form.fields if name != "attest"]
        answer = await post(client, form.action, [*fields, *TICKED])
    assert answer.status_code == 409
    assert "The text itself has changed too. Read it again." in words(answer)
    assert "Iets anders." in words(answer)
    assert desk.pipeline.sheets[hold.id].hold.sign_offs == ()


async def test_a_conflict_keeps_what_was_typed(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        for act, typed in (
            ("reject", {"reason": "facts", "comment": "De termijn klopt niet."}),
            ("edit", {"text-0": "Een betere tekst."}),
        ):
            page = await client.get(f"/review/{hold.id}")
            form = form_of(page, f"/{act}")
            sheet = desk.pipeline.sheets[hold.id]
            sheet.hold = replace(sheet.hold, version=sheet.hold.version + 1)
            fields = {name: value for name, value in form.fields if name != "attest"} | typed
            answer = await post(client, form.action, list(fields.items()))
            assert answer.status_code == 409
            assert "Something changed since you opened this page: In review." in words(answer)
            assert list(typed.values())[-1] in words(answer)
            again = form_of(answer, f"/{act}")
            assert dict(again.fields)["version"] == str(sheet.hold.version)


@pytest.mark.parametrize("act", ["reject", "request-changes"])
async def test_a_bare_no_is_sent_back_with_what_was_typed(desk: PaperDesk, act: str) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        silent = await send(client, f"/review/{hold.id}", act, reason="tone", comment="  ")
        unreasoned = await send(client, f"/review/{hold.id}", act, reason="", comment="Te stijf.")
        huge = await send(client, f"/review/{hold.id}", act, reason="tone", comment="x" * 4001)
        assert "Say what is wrong" in words(silent)
        assert "Choose a reason." in words(unreasoned)
        assert "Te stijf." in words(unreasoned)
        assert {silent.status_code, unreasoned.status_code, huge.status_code} <= {400, 422}
        assert desk.pipeline.sheets[hold.id].notes == []
        done = await send(client, f"/review/{hold.id}", act, reason="tone", comment="Te stijf.")
    assert done.status_code == 303
    note = desk.pipeline.sheets[hold.id].notes[0]
    assert (note.act.value, note.reason, note.comment) == (act.replace("-", "_"), "tone", "Te stijf.")


async def test_an_edit_is_kept_shown_and_compared(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        unchanged = words(await client.get(f"/review/{hold.id}/changes"))
        edited = await send(
            client, f"/review/{hold.id}", "edit", **{"text-0": ANSWER.replace("vijf werkdagen", "zes werkdagen")}
        )
        assert edited.headers["location"] == f"/review/{hold.id}?said=edit"
        changes = (await client.get(f"/review/{hold.id}/changes")).text
    assert "still as the model gave it" in unchanged
    assert re.search(r"<del>.*removed:.*vijf.*</del>", changes)
    assert re.search(r"<ins>.*added:.*zes.*</ins>", changes)
    assert "werkdagen" in changes


async def test_line_ends_of_a_browser_change_nothing(desk: PaperDesk) -> None:
    hold = desk.pipeline.add("\nregel\n\nregel")
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        page = await client.get(f"/review/{hold.id}")
        typed = dict(form_of(page, "/edit").fields)["text-0"]
        assert typed == "\nregel\n\nregel"
        await send(client, f"/review/{hold.id}", "edit", **{"text-0": typed.replace("\n", "\r\n") + "\r\nmeer"})
    assert desk.pipeline.sheets[hold.id].texts[0] == "\nregel\n\nregel\nmeer"


async def test_separation_is_told_in_words_and_offers_no_button(desk: PaperDesk) -> None:
    asked = desk.pipeline.add(requester=None)
    async with browser(desk) as client:
        await send(client, f"/review/{asked.id}", "claim")
        page = await client.get(f"/review/{asked.id}")
        assert "Nobody knows who asked for this text" in words(page)
        assert 'action="/review/' + asked.id + '/approve"' not in page.text
        version = desk.pipeline.sheets[asked.id].hold.version
        csrf = dict(form_of(page, "/reject").fields)["csrf"]
        forced = await post(
            client,
            f"/review/{asked.id}/approve",
            [("csrf", csrf), ("version", str(version)), ("binding", asked.binding), *TICKED],
        )
    assert forced.status_code == 403
    assert "it may have been you" in words(forced)
    assert desk.pipeline.sheets[asked.id].hold.state is HoldState.CLAIMED


async def test_two_people_approve_and_no_editor_among_them(desk: PaperDesk) -> None:
    hold = desk.pipeline.add(review_class=TWO)
    async with browser(desk) as anna, browser(desk, "bram") as bram:
        await send(anna, f"/review/{hold.id}", "claim")
        assert "a colleague has to approve it" in words(await anna.get(f"/review/{hold.id}"))
        first = await send(anna, f"/review/{hold.id}", "approve", *TICKED)
        assert "said=approve_more" in first.headers["location"]
        assert "Approvals: 1 of 2" in words(await bram.get("/review/"))
        assert "It is another person's turn." in words(await anna.get(f"/review/{hold.id}"))
        await send(bram, f"/review/{hold.id}", "claim")
        await send(bram, f"/review/{hold.id}", "approve", *TICKED)
    assert desk.pipeline.sheets[hold.id].hold.state is HoldState.APPROVED


async def test_a_colleague_who_looks_is_named_and_not_disturbed(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as anna, browser(desk, "bram") as bram:
        await send(anna, f"/review/{hold.id}", "claim")
        page = await bram.get(f"/review/{hold.id}")
        assert "anna is looking at this now, until 10:15." in words(page)
        assert re.findall(rf'action="/review/{hold.id}/([a-z-]+)"', page.text) == ["withdraw"]


async def test_what_was_taken_on_can_be_put_back(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        back = await send(client, f"/review/{hold.id}", "let-go")
        assert "The text is back in the list." in words(await client.get(back.headers["location"]))


async def test_characters_that_eyes_miss_need_a_tick_of_their_own(desk: PaperDesk) -> None:
    hold = desk.pipeline.add("Bel 0900\u200b-8080.")
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        page = await client.get(f"/review/{hold.id}")
        assert "invisible: ZERO WIDTH SPACE" in words(page)
        without = await send(client, f"/review/{hold.id}", "approve", *TICKED)
        assert without.status_code in {400, 422}
        assert "Look at the characters in red" in words(without)
        assert desk.pipeline.sheets[hold.id].hold.state is HoldState.CLAIMED
        done = await send(client, f"/review/{hold.id}", "approve", *TICKED, ("attest", "invisible_characters"))
    assert done.status_code == 303
    assert desk.pipeline.sheets[hold.id].hold.state is HoldState.APPROVED


async def test_an_auditor_reads_everything_and_has_no_button(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk, "otto", Role.AUDITOR) as client:
        page = await client.get("/review/")
        for path in ("/review/", f"/review/{hold.id}", f"/review/{hold.id}/changes", "/review/closed"):
            page = await client.get(path)
            assert page.status_code == 200
            assert re.findall(r'action="([^"]+)"', page.text) == ["/review/sign-out"]
        csrf = dict(form_of(page, "/sign-out").fields)["csrf"]
        refused = await post(client, f"/review/{hold.id}/claim", [("csrf", csrf), ("version", "1"), ("binding", "")])
    assert refused.status_code == 403
    assert ("otto", hold.id) in desk.pipeline.seen


@pytest.mark.parametrize(
    ("role", "command"),
    [(Role.POLICY_OFFICER, "waarmerk policy check"), (Role.ADMINISTRATOR, "waarmerk user --help")],
)
async def test_who_does_not_review_sees_what_they_can_do(desk: PaperDesk, role: Role, command: str) -> None:
    hold = desk.pipeline.add()
    async with browser(desk, "piet", role) as client:
        assert command in words(await client.get("/review/"))
        for path in (f"/review/{hold.id}", f"/review/{hold.id}/changes", "/review/closed"):
            assert (await client.get(path)).status_code == 403
    assert desk.pipeline.seen == []


async def test_what_was_decided_is_listed_with_what_became_of_it(desk: PaperDesk) -> None:
    now = desk.people.clock.now()
    fetched = desk.pipeline.add(state=HoldState.APPROVED, closed_at=now, fetched_at=now)
    desk.pipeline.add(state=HoldState.APPROVED, closed_at=now)
    desk.pipeline.add(state=HoldState.REJECTED, closed_at=now, reason="law")
    desk.pipeline.add(state=HoldState.EXPIRED, closed_at=now)
    async with browser(desk) as client:
        page = await client.get("/review/closed")
        said = words(page)
        assert all(word in said for word in ("Fetched", "Not fetched yet", "Against law or policy", "Expired"))
        assert f'href="/v/{fetched.codes[0]}"' in page.text
        assert page.text.count('href="/v/') == 2
        withdrawn = await send(client, f"/review/{fetched.id}", "withdraw")
        assert "The text was withdrawn." in words(await client.get(withdrawn.headers["location"]))


async def test_the_history_tells_who_said_what(desk: PaperDesk) -> None:
    hold = desk.pipeline.add(state=HoldState.CHANGES_REQUESTED)
    bram = await desk.people.reviewer("bram")
    note = Note(bram, desk.people.clock.now(), Act.REQUEST_CHANGES, "sources", "Noem de <b>bron</b>\u202e.")
    desk.pipeline.sheets[hold.id].notes.append(note)
    async with browser(desk) as client:
        page = await client.get(f"/review/{hold.id}")
    assert "Changes asked for: Sources are missing or wrong" in words(page)
    assert "Noem de &lt;b&gt;bron&lt;/b&gt;" in page.text
    assert "\u202e" not in page.text


async def test_what_was_erased_still_has_its_page_which_says_so(desk: PaperDesk) -> None:
    hold = desk.pipeline.add(state=HoldState.REJECTED, closed_at=desk.people.clock.now())
    desk.pipeline.sheets[hold.id].erased = True
    async with browser(desk) as client:
        shown = await client.get(f"/review/{hold.id}")
    assert shown.status_code == 200
    assert "The content was erased, since its term is over." in words(shown)
    assert "paspoort" not in shown.text


async def test_what_nobody_knows_is_not_there(desk: PaperDesk) -> None:
    async with browser(desk) as client:
        for path in ("/review/rev_nothing", "/review/rev_1/changes", "/review/nothing", "/review/rev_1/nothing"):
            assert (await client.get(path)).status_code == 404


async def test_every_form_needs_its_token_and_its_version(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        page = await client.get(f"/review/{hold.id}")
        fields = form_of(page, "/claim").fields
        without = [field for field in fields if field[0] != "csrf"]
        assert (await post(client, f"/review/{hold.id}/claim", without)).status_code in {400, 403, 422}
        for broken in ("", "one", "-1", "9" * 12):
            sent = [(name, broken if name == "version" else value) for name, value in fields]
            assert (await post(client, f"/review/{hold.id}/claim", sent)).status_code == 400
    assert desk.pipeline.sheets[hold.id].hold.state is HoldState.PENDING


async def test_a_choice_has_a_number_of_three_digits_at_most(desk: PaperDesk) -> None:
    hold = desk.pipeline.add()
    async with browser(desk) as client:
        await send(client, f"/review/{hold.id}", "claim")
        fields = form_of(await client.get(f"/review/{hold.id}"), "/edit").fields
        endless = [*fields, (f"text-{'9' * 5000}", "x")]
        assert (await post(client, f"/review/{hold.id}/edit", endless)).status_code < 500


async def test_the_address_says_no_words_of_its_own(desk: PaperDesk) -> None:
    async with browser(desk) as client:
        page = await client.get("/review/?said=<b>nonsense</b>&of=https://evil.example/")
    assert "nonsense" not in words(page)
    assert [link for link in re.findall(r'href="([^"]*)"', page.text) if not link.startswith("/")] == ["#main"]


async def test_the_account_says_who_one_is_and_changes_the_language(desk: PaperDesk) -> None:
    async with browser(desk, language="nl") as client:
        dutch = await client.get("/review/account")
        assert "beoordelaar" in words(dutch)
        english = await client.get("/review/account?lang=en")
        assert "reviewer" in words(english)
        assert "lang=en" in english.headers["set-cookie"]


async def test_every_page_has_the_strict_policy_and_no_script_or_style_in_line(desk: PaperDesk) -> None:
    hold = desk.pipeline.add("<script>x</script>")
    async with browser(desk) as client:
        for path in (
            "/review/",
            f"/review/{hold.id}",
            f"/review/{hold.id}/changes",
            "/review/closed",
            "/review/account",
        ):
            page = await client.get(path)
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert page.headers["cache-control"] == "no-store"
            assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=\"/static/)", page.text) == []
