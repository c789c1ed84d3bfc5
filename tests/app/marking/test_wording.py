# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is put in a text follows from decision, sign-off, code and language, and from nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.decision import Label
from app.marking.wording import Wording, disclosure_of, opening_of, written
from tests.watermark.texts import CODE, DISCLOSURES, ORIGIN
from watermark import label
from watermark.model import Content, Disclosure

CODE_LINE = DISCLOSURES[0].code_line
REVIEWED = Label(
    "reviewed",
    ("nl", "en"),
    (
        Disclosure("nl", "Gemaakt met AI. {organisation} keek op {date}. Fout? {contact}", CODE_LINE),
        Disclosure("en", "Made with AI. {organisation} looked on {date}. Wrong? {contact}", DISCLOSURES[1].code_line),
    ),
    organisation="Gemeente Voorbeeld",
    contact="14 000",
)
DAY = date(2026, 11, 3)


@pytest.mark.parametrize(("language", "found"), [("", "nl"), ("nl", "nl"), ("en", "en"), ("pap", "nl")])
def test_the_first_language_is_meant_unless_another_is_named(language: str, found: str) -> None:
    assert disclosure_of(REVIEWED, language).language == found


def test_a_label_without_lines_cannot_be_shown() -> None:
    with pytest.raises(ValueError, match="no lines for label reviewed"):
        disclosure_of(replace(REVIEWED, texts=()))


def test_a_label_is_filled_in() -> None:
    nl, en = REVIEWED.texts
    assert opening_of(REVIEWED, nl, DAY) == (
        "Gemaakt met AI. Gemeente Voorbeeld keek op 3 november 2026. Fout? 14 000\n\n"
    )
    assert "on 3 November 2026." in opening_of(REVIEWED, en, DAY)


@pytest.mark.parametrize(
    ("changed", "day", "place"),
    [(REVIEWED, None, "date"), (replace(REVIEWED, organisation=""), DAY, "organisation"), (replace(REVIEWED, contact=""), DAY, "contact")],
)  # fmt: skip
def test_a_label_with_an_empty_place_is_not_shown(changed: Label, day: date | None, place: str) -> None:
    with pytest.raises(ValueError, match=f"{{{place}}} is not filled in"):
        opening_of(changed, changed.texts[0], day)


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (date(2026, 11, 23), "nl", "23 november 2026"),
        (date(2026, 11, 23), "en", "23 November 2026"),
        (date(2026, 11, 23), "fy", "23 novimber 2026"),
        (date(2026, 11, 23), "pap", "23 di novèmber 2026"),
        (date(2027, 1, 1), "nl", "1 januari 2027"),
        (date(2027, 1, 1), "fy", "1 jannewaris 2027"),
        (date(2027, 1, 1), "pap", "1 di yanüari 2027"),
        (date(2027, 1, 1), "de", "2027-01-01"),
    ],
)
def test_a_day_is_written_as_people_write_it(day: date, language: str, said: str) -> None:
    assert written(day, language) == said


@pytest.mark.parametrize("language", ["nl", "en", "fy", "pap"])
def test_every_month_has_a_name_of_its_own(language: str) -> None:
    assert len({written(date(2027, month, 1), language) for month in range(1, 13)}) == 12


def test_lines_come_together_or_not_at_all() -> None:
    wording = Wording(ORIGIN, DISCLOSURES[0], label.opening(DISCLOSURES[0]))
    both = (label.opening(DISCLOSURES[0]), label.closing(DISCLOSURES[0], CODE, ORIGIN))
    assert wording.lines(CODE) == both
    assert replace(wording, stops=("\n\u2014",)).lines(CODE) == ("", "")
    assert replace(wording, stops=("concept",)).lines(CODE) == ("", "")
    assert replace(wording, stops=("elders",)).lines(CODE) == both
    assert Wording(ORIGIN).lines(CODE) == ("", "")


def test_a_marker_knows_what_the_request_says() -> None:
    wording = Wording(ORIGIN, DISCLOSURES[0], label.opening(DISCLOSURES[0]), sentences=True)
    assert wording.marker(CODE).feed("Tekst") == f"{wording.opening}Tekst"
    assert replace(wording, known=Content.MACHINE).marker(CODE).feed("Tekst") == "Tekst"
