# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is kept of a hold comes back as it was, and is nowhere in clear."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from app.domain.decision import Envelope, Keep, Label, Sandbox, SentenceMarks
from app.domain.errors import UnknownName
from app.domain.ledger import SealedContent, Unit
from app.domain.review import Act, Note
from app.domain.text import LocalText
from app.evidence.retention import erase_due
from app.review.item import Contents
from tests.app.review.conftest import TEXT
from tests.furnished import Furnished
from tests.reviewers import claimed, do, held
from watermark.model import Disclosure

OBLIGATIONS = (
    Envelope(LocalText(nl="Gemaakt door AI.", en="Made by AI.")),
    Label(
        "reviewed",
        ("nl", "en"),
        (Disclosure("nl", "Gemaakt met AI, zegt men.", "Code {code} {url} AI"),),
        "G",
        "14",
        data=True,
    ),
    SentenceMarks(),
    Keep(30),
    Sandbox("fictitious", date(2026, 12, 1)),
)
NOTE = Note("usr_1", datetime(2026, 11, 23, 12, tzinfo=UTC), Act.REJECT, "facts", "Dit klopt niet.")


async def test_what_is_kept_comes_back_as_it_was(house: Furnished, key: str) -> None:
    hold = await held(house, key)
    opened = contents(house).open(hold)
    assert opened.asked == [("user", "Hoe vraag ik dit aan?")]
    assert opened.texts(1) == {0: TEXT}
    assert TEXT.encode() in opened.answer
    assert opened.texts(2) == {}
    assert opened.release == b""


async def test_terms_editions_and_notes_come_back_too(house: Furnished, key: str) -> None:
    hold, room = await held(house, key), contents(house)
    sealed = [
        room.edition(hold.exchange, 2, {0: "Anders."}),
        room.note(hold.exchange, 12, NOTE),
        room.note(hold.exchange, 3, NOTE),
        room.release(hold.exchange, b"{}"),
    ]

    def keep(unit: Unit) -> None:
        for content in sealed:
            unit.keep(content)

    await house.house.ledger.commit(keep, lambda _: ())
    opened = room.open(hold)
    assert (opened.texts(2), opened.notes, opened.release) == ({0: "Anders."}, [NOTE, NOTE], b"{}")


class Kept:
    """A reader of exactly these."""

    def __init__(self, sealed: Sequence[SealedContent]) -> None:
        self._sealed = sealed

    def sealed(self, exchange: str) -> Sequence[SealedContent]:
        return self._sealed


async def test_terms_are_those_obligations_that_say_how_an_answer_leaves(house: Furnished, key: str) -> None:
    hold = await held(house, key)
    sealed = contents(house).call(hold.exchange, [("user", "Dag")], OBLIGATIONS)
    opened = Contents(Kept(sealed), house.house.keys.cipher).open(hold)
    assert set(opened.terms) == {obligation for obligation in OBLIGATIONS if not isinstance(obligation, Keep)}
    assert opened.asked == [("user", "Dag")]


async def test_what_was_held_before_terms_named_programs_is_for_people(house: Furnished, key: str) -> None:
    hold, cipher = await held(house, key), house.house.keys.cipher
    label = {"variant": "reviewed", "languages": ["nl"], "texts": [], "organisation": "G", "contact": "14"}
    terms = cipher.seal(hold.exchange, "terms", json.dumps({"label": label}).encode())
    asked = cipher.seal(hold.exchange, "asked", b"[]")
    (found,) = Contents(Kept([asked, terms]), cipher).open(hold).terms
    assert found == Label("reviewed", ("nl",), organisation="G", contact="14", data=False)


async def test_once_it_is_erased_there_is_no_such_thing(house: Furnished, key: str) -> None:
    hold = await do(house, await claimed(house, await held(house, key)), Act.REJECT)
    with closing(sqlite3.connect(house.house.settings.home / "waarmerk.db")) as database, database:
        database.execute("UPDATE exchange SET erase_after = '2000-01-01'")
    await erase_due(house.house.ledger, house.house.clock, date(2026, 1, 1))
    with pytest.raises(UnknownName):
        contents(house).open(hold)


async def test_nothing_of_it_is_in_clear_anywhere(house: Furnished, key: str) -> None:
    await held(house, key)
    stored = b"".join(path.read_bytes() for path in house.house.settings.home.glob("waarmerk.db*"))
    assert b"paspoort" not in stored
    assert b"Hoe vraag ik" not in stored


def contents(house: Furnished) -> Contents:
    return Contents(house.house.contents, house.house.keys.cipher)
