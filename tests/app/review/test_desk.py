# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The guards of a sign-off, on the real ledger: who may, of what exactly, and that it happens once."""

import asyncio
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from app.domain.errors import (
    EvidenceUnavailable,
    InvalidRequest,
    ReviewConflict,
    SeparationRefused,
    UnknownName,
    WaarmerkError,
)
from app.domain.output import OutputStatus
from app.domain.review import INVISIBLE_CHARACTERS, Act, Hold, HoldState, Reviewer, Role, Verdict
from app.evidence.commitments import commit, keyed
from app.evidence.digests import digests_of
from app.evidence.retention import erase_due
from app.identity.accounts import Changes
from app.review.desk import Publication
from tests.app.review.conftest import TEXT
from tests.fake_upstream import FakeUpstream, answer
from tests.furnished import Furnished, furnished
from tests.postgres import new_database
from tests.reviewers import (
    ADMINISTRATOR,
    AUDITOR,
    CHAT,
    REVIEWER,
    SECOND,
    STRANGER,
    actor_of,
    approved,
    asking,
    claimed,
    completion,
    do,
    found,
    held,
    opened,
    retrieved,
    verdict,
)


@pytest.fixture
async def hold(house: Furnished, key: str) -> Hold:
    return await held(house, key, headers={"waarmerk-context": 'actor="p-1"'})


def kinds(house: Furnished) -> list[str]:
    return [str(record["type"]) for record in house.records() if str(record["type"]).startswith("hold:")]


async def test_the_queue_is_of_reviewers_and_auditors(house: Furnished, hold: Hold) -> None:
    for person in (REVIEWER, AUDITOR):
        assert [each.id for each in await house.pipeline.queue(person)] == [hold.id]
    assert await house.pipeline.queue(STRANGER) == []
    for look in (house.pipeline.queue, house.pipeline.closed):
        with pytest.raises(SeparationRefused):
            await look(ADMINISTRATOR)
    assert await house.pipeline.closed(REVIEWER) == []
    await approved(house, hold)
    assert [each.id for each in await house.pipeline.closed(REVIEWER)] == [hold.id]
    assert await house.pipeline.queue(REVIEWER) == []


async def test_an_item_shows_what_was_asked_said_and_would_leave(house: Furnished, hold: Hold) -> None:
    item = await opened(house, hold)
    assert (item.hold, item.texts, item.original) == (hold, {0: TEXT}, {0: TEXT})
    assert list(item.asked) == [("user", "Hoe vraag ik dit aan?")]
    form = item.release_form[0]
    assert form.startswith("Deze tekst is gemaakt met hulp van AI")
    assert form.endswith(f"/v/{hold.codes[0]}")
    assert house.pipeline.marking.unmark(form) == TEXT


async def test_each_look_at_content_is_a_record_before_it_is_shown(house: Furnished, hold: Hold) -> None:
    await opened(house, hold)
    await opened(house, hold, AUDITOR)
    seen = [record for record in house.records() if record["type"] == "hold:seen"]
    key = house.house.keys.commitment.of(house.house.organisation)
    assert [record["by"] for record in seen] == [keyed(key, "reviewer", person) for person in ("usr_1", "usr_3")]
    assert {record["prev"] for record in seen} == {hold.record}


async def test_what_cannot_be_recorded_is_not_shown(tmp_path: Any, upstream: FakeUpstream) -> None:  # noqa: ANN401
    async with furnished(tmp_path / "full", upstream.port, good_units=2) as full:
        waiting = await held(full, await full.key())
        with pytest.raises(EvidenceUnavailable):
            await opened(full, waiting)


@pytest.mark.parametrize(
    ("person", "error"),
    [(STRANGER, UnknownName), (ADMINISTRATOR, SeparationRefused), (AUDITOR, SeparationRefused)],
)
async def test_nobody_is_exempt(house: Furnished, hold: Hold, person: Reviewer, error: type[WaarmerkError]) -> None:
    for act in (Act.CLAIM, Act.APPROVE, Act.REJECT, Act.EDIT, Act.WITHDRAW):
        with pytest.raises(error):
            await do(house, hold, act, person)
    assert kinds(house) == ["hold:opened"]


async def test_another_organisations_hold_does_not_exist(house: Furnished, hold: Hold) -> None:
    for review in (hold.id, "rev_0"):
        with pytest.raises(UnknownName):
            await house.pipeline.open_item(STRANGER, review)
    with pytest.raises(SeparationRefused):
        await opened(house, hold, ADMINISTRATOR)
    assert "hold:seen" not in kinds(house)


async def test_who_asked_may_not_approve(house: Furnished, hold: Hold) -> None:
    requester = replace(REVIEWER, actor=actor_of(house, "p-1"))
    mine = await claimed(house, hold, requester)
    with pytest.raises(SeparationRefused):
        await do(house, mine, Act.APPROVE, requester)
    assert (await found(house, hold.id)).state is HoldState.CLAIMED


async def test_who_asked_is_recognised_in_another_spelling(house: Furnished, key: str) -> None:
    hold = await held(house, key, headers={"waarmerk-context": 'actor="A.Jansen@Voorbeeld.example "'})
    requester = replace(REVIEWER, actor=actor_of(house, "a.jansen@voorbeeld.example"))
    mine = await claimed(house, hold, requester)
    with pytest.raises(SeparationRefused, match="yourself"):
        await do(house, mine, Act.APPROVE, requester)


@pytest.mark.parametrize(
    ("engine", "change"),
    [("sqlite", "role"), ("postgresql", "role"), ("sqlite", "disabled"), ("sqlite", "actor"), ("postgresql", "uses")],
)
async def test_a_person_is_judged_as_the_account_stands_in_the_step(
    tmp_path: Any,  # noqa: ANN401
    upstream: FakeUpstream,
    engine: str,
    change: str,
) -> None:
    """The request began with everything in order; the account was changed before its act was carried out."""
    with ExitStack() as stack:
        database = stack.enter_context(new_database()) if engine == "postgresql" else ""
        async with furnished(tmp_path / "home", upstream.port, database=database) as house:
            headers = {"waarmerk-context": 'actor="p-1"'} if change != "uses" else {}
            mine = await claimed(house, await held(house, await house.key(), headers=headers))
            accounts, name = house.house.accounts, REVIEWER.id[4:]
            if change == "disabled":
                await accounts.disable(name, by="o")
            else:
                changes = {
                    "role": Changes(roles=frozenset({Role.ADMINISTRATOR})),
                    "actor": Changes(actor="P-1"),
                    "uses": Changes(uses=frozenset({"balie"})),
                }
                await accounts.change(name, changes[change], by="o")
            with pytest.raises(SeparationRefused):
                await do(house, mine, Act.APPROVE)
            assert (await found(house, mine.id)).state is HoldState.CLAIMED
            if change in {"role", "disabled"}:
                with pytest.raises(SeparationRefused):
                    await opened(house, mine)
                assert "hold:seen" not in kinds(house)


async def test_who_has_no_account_decides_nothing(house: Furnished, hold: Hold) -> None:
    with pytest.raises(UnknownName):
        await house.pipeline.sign_off(replace(REVIEWER, id="usr_nobody"), hold.id, verdict(hold, Act.CLAIM))


async def test_of_an_unknown_requester_no_user_of_the_application_may_approve(house: Furnished, key: str) -> None:
    unknown = await held(house, key)
    assert unknown.requester is None
    colleague = replace(REVIEWER, uses=frozenset({"balie"}))
    mine = await claimed(house, unknown, colleague)
    with pytest.raises(SeparationRefused):
        await do(house, mine, Act.APPROVE, colleague)


@pytest.mark.parametrize(
    "changes",
    [{"version": 1}, {"binding": "0" * 64}, {"binding": ""}, {"attestations": ("facts",)}, {"attestations": ()}],
)
async def test_an_approval_of_anything_but_what_was_shown_is_a_conflict(
    house: Furnished, hold: Hold, changes: dict[str, Any]
) -> None:
    mine = await claimed(house, hold)
    with pytest.raises(ReviewConflict):
        await do(house, mine, Act.APPROVE, **changes)
    assert (await found(house, hold.id)).state is HoldState.CLAIMED


async def test_characters_that_eyes_miss_need_a_declaration_which_is_recorded(house: Furnished, hold: Hold) -> None:
    """Whoever comes by another way than the page needs it as well."""
    edited = await do(house, await claimed(house, hold), Act.EDIT, texts={0: "Neem\u200b een foto mee."})
    with pytest.raises(ReviewConflict):
        await do(house, edited, Act.APPROVE)
    declared = [attestation.id for attestation in hold.review_class.attestations]
    done = await do(house, edited, Act.APPROVE, attestations=(*declared, INVISIBLE_CHARACTERS))
    assert done.state is HoldState.APPROVED
    assert house.records()[-1]["attestations"] == sorted([*declared, INVISIBLE_CHARACTERS])


async def test_a_text_that_changed_meanwhile_is_not_approved(house: Furnished, hold: Hold) -> None:
    shown = await claimed(house, hold)
    await do(house, shown, Act.EDIT, texts={0: "Iets anders."})
    with pytest.raises(ReviewConflict):
        await do(house, shown, Act.APPROVE)


async def test_of_two_who_decide_at_once_one_has_decided(house: Furnished, hold: Hold) -> None:
    mine = await claimed(house, hold)
    done = await asyncio.gather(
        do(house, mine, Act.APPROVE), do(house, mine, Act.REJECT), do(house, mine, Act.APPROVE), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["Hold", "ReviewConflict", "ReviewConflict"]
    assert len([kind for kind in kinds(house) if kind in {"hold:approved", "hold:rejected"}]) == 1


async def test_what_is_edited_while_it_is_approved_is_not_approved(house: Furnished, hold: Hold) -> None:
    """Both saw the same version; the edit is done while the approval makes what would leave, and that finds another text in its step."""
    mine = await claimed(house, hold)

    async def publish(*of: Any) -> Publication:  # noqa: ANN401 as `Publications.make`
        await do(house, mine, Act.EDIT, texts={0: "Iets anders."})
        return await house.pipeline.publications.make(*of)

    with pytest.raises(ReviewConflict):
        await house.pipeline.review.desk.act(REVIEWER, hold.id, verdict(mine, Act.APPROVE), publish)
    assert (await found(house, hold.id)).state is HoldState.CLAIMED
    assert (await opened(house, hold)).texts == {0: "Iets anders."}


async def test_an_approval_is_one_step_of_everything(house: Furnished, key: str, hold: Hold) -> None:
    done = await approved(house, hold)
    record = next(record for record in house.records() if record["type"] == "hold:approved")
    text = (await retrieved(house, key, done))["choices"][0]["message"]["content"]
    salt = house.house.outputs.salt(hold.exchange)
    assert salt is not None
    assert record["content"] == {"0": commit(salt, "content", "0", TEXT)}
    assert record["published"] == {"0": commit(salt, "published", "0", text)}
    assert record["binding"] == commit(salt, "binding", hold.binding)
    output = house.house.outputs.output(hold.codes[0])
    assert output is not None
    assert (output.status, output.record, output.hold, output.edited) == (
        OutputStatus.APPROVED, record["id"], hold.id, False,
    )  # fmt: skip
    key_of = house.house.keys.commitment.of(house.house.organisation)
    for digest in digests_of(key_of, text, house.pipeline.marking.unmark):
        assert [each.code for each in house.house.outputs.published([digest])] == [hold.codes[0]]


async def test_before_its_approval_verify_knows_nothing_of_it(house: Furnished, hold: Hold) -> None:
    assert house.house.outputs.output(hold.codes[0]) is None
    await do(house, await claimed(house, hold), Act.REJECT)
    assert house.house.outputs.output(hold.codes[0]) is None


async def test_two_sign_offs_are_of_two_people_neither_of_whom_edited(house: Furnished, key: str) -> None:
    letter = await held(house, key, asking("balie-brief"))
    assert (letter.review_class.id, letter.profile, letter.label) == ("two", "correspondence", "correspondence")
    mine = await claimed(house, letter)
    edited = await do(house, mine, Act.EDIT, texts={0: "Geachte mevrouw, uw brief is ontvangen."})
    with pytest.raises(SeparationRefused):
        await do(house, edited, Act.APPROVE)
    free = await do(house, edited, Act.LET_GO)
    once = await approved(house, free, SECOND)
    assert (once.state, kinds(house)[-1]) == (HoldState.PENDING, "hold:signed_off")
    with pytest.raises(SeparationRefused):
        await do(house, await claimed(house, once, SECOND), Act.APPROVE, SECOND)
    third = replace(REVIEWER, id="usr_9")
    free = await do(house, await found(house, letter.id), Act.LET_GO, SECOND)
    done = await approved(house, free, third)
    assert done.state is HoldState.APPROVED
    record = house.records()[-1]
    assert (record["type"], len(record["reviewers"]), record["edited"]) == ("hold:approved", 2, True)  # type: ignore[arg-type]


async def test_an_edit_voids_what_was_signed(house: Furnished, key: str) -> None:
    once = await approved(house, await held(house, key, asking("balie-brief")))
    assert len(once.sign_offs) == 1
    edited = await do(house, await claimed(house, once, SECOND), Act.EDIT, SECOND, texts={0: "Anders."})
    assert (edited.sign_offs, edited.edition) == ((), 2)


async def test_what_is_pasted_with_our_marks_is_kept_without(house: Furnished, hold: Hold) -> None:
    item = await opened(house, hold)
    pasted = item.release_form[0].replace("Neem een foto mee", "Neem twee foto's mee")
    edited = await do(house, await claimed(house, hold), Act.EDIT, texts={0: pasted})
    assert (await opened(house, edited)).texts == {0: TEXT.replace("een foto mee", "twee foto's mee")}


async def test_what_is_sent_back_is_edited_and_comes_back(house: Furnished, hold: Hold) -> None:
    back = await do(house, await claimed(house, hold), Act.REQUEST_CHANGES, reason="tone", comment="Te stijf.")
    assert back.state is HoldState.CHANGES_REQUESTED
    again = await do(house, back, Act.EDIT, SECOND, texts={0: "U regelt het bij de balie."})
    assert again.state is HoldState.PENDING
    item = await opened(house, again)
    note, edit = item.notes
    assert (edit.by, edit.act, edit.comment) == ("usr_2", Act.EDIT, "")
    assert (note.by, note.act, note.reason, note.comment) == ("usr_1", Act.REQUEST_CHANGES, "tone", "Te stijf.")
    assert (item.texts, item.original) == ({0: "U regelt het bij de balie."}, {0: TEXT})
    assert "Te stijf" not in orjson.dumps(house.records()).decode()


async def test_a_rejection_without_a_reason_is_none(house: Furnished, hold: Hold) -> None:
    mine = await claimed(house, hold)
    with pytest.raises(InvalidRequest):
        await house.pipeline.sign_off(REVIEWER, hold.id, Verdict(Act.REJECT, mine.version))


async def test_what_is_withdrawn_after_publication_is_withdrawn_for_verify(house: Furnished, hold: Hold) -> None:
    await do(house, await approved(house, hold), Act.WITHDRAW)
    output = house.house.outputs.output(hold.codes[0])
    assert output is not None
    assert output.status is OutputStatus.WITHDRAWN


async def test_of_what_was_erased_the_desk_shows_that_it_was(house: Furnished, hold: Hold) -> None:
    done = await approved(house, hold)
    with closing(sqlite3.connect(house.house.settings.home / "waarmerk.db")) as database, database:
        database.execute("UPDATE exchange SET erase_after = '2000-01-01'")
    await erase_due(house.house.ledger, house.house.clock, date(2026, 1, 1))
    before = kinds(house)
    item = await opened(house, done)
    assert (item.hold, item.erased) == (await found(house, done.id), True)
    assert (item.texts, item.asked, item.release_form) == ({}, (), {})
    assert kinds(house) == before
    assert (await do(house, done, Act.WITHDRAW)).state is HoldState.WITHDRAWN


async def test_every_decision_tells_who_and_when_without_a_word_too(house: Furnished, hold: Hold) -> None:
    edited = await do(house, await claimed(house, hold), Act.EDIT, texts={0: "Anders."})
    done = await do(house, edited, Act.APPROVE)
    notes = (await opened(house, done)).notes
    assert [(note.by, note.act, note.comment) for note in notes] == [
        ("usr_1", Act.EDIT, ""),
        ("usr_1", Act.APPROVE, ""),
    ]
    assert notes[1].moment == (await found(house, done.id)).sign_offs[0].moment


async def test_all_choices_or_none(house: Furnished, key: str, upstream: FakeUpstream) -> None:
    upstream.on(CHAT, answer(completion("Een zin.", "Twee zinnen. Echt.")))
    both = await held(house, key, asking(n=2))
    item = await opened(house, both)
    assert dict(item.texts) == {0: "Een zin.", 1: "Twee zinnen. Echt."}
    edited = await do(house, await claimed(house, both), Act.EDIT, texts={1: "Twee andere."})
    done = await do(house, edited, Act.APPROVE)
    tree = await retrieved(house, key, done)
    texts = [house.pipeline.marking.unmark(choice["message"]["content"]) for choice in tree["choices"]]
    assert texts == ["Een zin.", "Twee andere."]
    assert [house.house.outputs.output(done.codes[index]).edited for index in (0, 1)] == [False, True]  # type: ignore[union-attr]
    assert tree["review"]["edited"] is True
