# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the public learns of a code and a text, and above all what it does not learn."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.decision import Profile
from app.domain.errors import EvidenceInconsistent
from app.domain.output import OutputStatus
from app.evidence.verification import MOST_CODES, Comparison, Standing, Told, Verdict, Verification, reflowed
from app.keys.signer import FileKeySigner
from tests.memory_log import ORGANISATION, MemoryLog
from tests.published_texts import (
    DAY,
    DRAFT,
    EDITED,
    HELD,
    LETTER,
    LINES,
    ORIGIN,
    PUBLICATION,
    TEXTS,
    UNCHECKED,
    WITHDRAWN,
    PublishedTexts,
    house,
    marked,
)
from watermark.label import closing
from watermark.manifest import ManifestState
from watermark.model import Kind, Mark, spell_code
from watermark.text import insertion
from watermark.text import mark as mark_sentences

Change: TypeAlias = Callable[[str], str]
FORGED = "ABCD-EFGH-JKMN"


@pytest.fixture
async def opened(tmp_path: Path) -> tuple[Verification, PublishedTexts, MemoryLog]:
    return await house(FileKeySigner.create(tmp_path / "log.pem", development=True))


@pytest.fixture
def verification(opened: tuple[Verification, PublishedTexts, MemoryLog]) -> Verification:
    return opened[0]


def only(verdict: Verdict) -> Told:
    (told,) = verdict.codes
    return told


# A code alone.


def test_a_code_of_a_publication_tells_who_what_when_and_whether_a_human_looked(verification: Verification) -> None:
    told = only(verification.verify(PUBLICATION))
    assert (told.code, told.standing, told.organisation) == (PUBLICATION, Standing.TOLD, ORGANISATION)
    assert told.facts is not None
    assert (told.facts.profile, told.facts.day) == (Profile.PUBLICATION, DAY)
    assert (told.facts.status, told.facts.edited) == (OutputStatus.APPROVED, False)
    assert told.comparison is None


@pytest.mark.parametrize(
    ("code", "status", "edited"),
    [
        (EDITED, OutputStatus.APPROVED, True),
        (WITHDRAWN, OutputStatus.WITHDRAWN, False),
        (DRAFT, OutputStatus.DELIVERED, False),
    ],
)
def test_what_became_of_it_is_told(verification: Verification, code: str, status: OutputStatus, edited: bool) -> None:
    facts = only(verification.verify(code)).facts
    assert facts is not None
    assert (facts.status, facts.edited) == (status, edited)


def test_what_is_told_comes_with_a_receipt(
    opened: tuple[Verification, PublishedTexts, MemoryLog],
) -> None:
    verification, texts, log = opened
    facts = only(verification.verify(PUBLICATION)).facts
    assert facts is not None
    assert facts.receipt is not None
    assert facts.receipt.record == texts.outputs[PUBLICATION].record
    assert facts.receipt.size == len(log.rows)


def test_a_code_of_a_letter_says_only_that_there_is_such_a_letter(verification: Verification) -> None:
    assert verification.verify(LETTER).codes == [Told(LETTER, Standing.LETTER, ORGANISATION)]


def test_what_did_not_leave_is_what_never_was(opened: tuple[Verification, PublishedTexts, MemoryLog]) -> None:
    verification, texts, _ = opened
    for text in ("", TEXTS[PUBLICATION], "Onbekend.", "Vastgehouden. Nog niet gelezen."):
        answers, work = [], []
        for code in (HELD, FORGED):
            texts.asked.clear()
            answers.append(verification.verify(code, text and marked(code, text=text)))
            work.append(list(texts.asked))
        assert work[0] == work[1]
        assert answers[0].codes[0] == replace(answers[1].codes[0], code=HELD)
        assert answers[0].codes[0].standing is Standing.UNKNOWN
        assert [each.code for each in answers[0].found] == [each.code for each in answers[1].found]


# A text.


def test_the_text_as_it_was_published_is_the_same(verification: Verification) -> None:
    told = only(verification.verify(text=marked(PUBLICATION)))
    assert (told.code, told.standing, told.comparison) == (PUBLICATION, Standing.TOLD, Comparison.SAME)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: unicodedata.normalize("NFD", text).replace("\n", "\r\n"),
    ],
    ids=["a form's line breaks", "decomposed letters", "both"],
)
def test_what_forms_and_browsers_do_to_a_text_is_no_change(verification: Verification, change: Change) -> None:
    told = only(verification.verify(text=change(marked(PUBLICATION))))
    assert told.comparison is Comparison.SAME
    assert told.manifest is not None
    assert told.manifest.state is ManifestState.VALID


def test_a_text_without_its_marks_is_found_by_its_letters(verification: Verification) -> None:
    verdict = verification.verify(text=TEXTS[PUBLICATION])
    assert verdict.codes == []
    (found,) = verdict.found
    assert (found.code, found.comparison, found.manifest) == (PUBLICATION, Comparison.SAME, None)


@pytest.mark.parametrize("separator", [" ", "\n", "\n\n", "  \r\n"])
def test_a_text_with_another_layout_has_the_same_words(verification: Verification, separator: str) -> None:
    """As copied from a PDF: lines broken anywhere, or none left; our own lines too."""
    told = only(verification.verify(text=separator.join(marked(PUBLICATION).split())))
    assert (told.code, told.comparison) == (PUBLICATION, Comparison.SAME_WORDS)


def test_a_label_that_was_changed_is_not_the_same_text(verification: Verification) -> None:
    """Who changes whom to call in the label above a true text must not be told that all is well to the letter."""
    forged = marked(PUBLICATION).replace("Gemeente Voorbeeld", "Bel 0900-BEDROG")
    assert forged != marked(PUBLICATION)
    assert only(verification.verify(text=forged)).comparison is Comparison.SAME_WORDS


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("vijf", "zes"),
        lambda text: text.replace("langs de kerk", ""),
        lambda text: text + "\n\nMaak tien euro over.",
        lambda text: "Maak tien euro over.\n\n" + text,
        lambda text: " ".join([*text.split(), "Maak", "tien", "euro", "over."]),
    ],
    ids=["one word", "a part less", "more after it", "more before it", "more after it, in one line"],
)
def test_a_changed_text_is_another_text(verification: Verification, change: Change) -> None:
    told = only(verification.verify(text=change(marked(PUBLICATION))))
    assert (told.code, told.comparison) == (PUBLICATION, Comparison.DIFFERENT)


def test_one_changed_character_is_seen_anywhere_in_the_words(verification: Verification) -> None:
    words = TEXTS[PUBLICATION]
    for place, letter in enumerate(words):
        if letter.isalpha():
            changed = words[:place] + ("x" if letter != "x" else "y") + words[place + 1 :]
            assert only(verification.verify(PUBLICATION, changed)).comparison is Comparison.DIFFERENT, place


def test_a_single_copied_sentence_still_leads_to_its_code(verification: Verification) -> None:
    sentence = marked(PUBLICATION).split("\n\n")[1].split(". ")[1] + "."
    assert "langs de kerk" in sentence
    told = only(verification.verify(text=f"Ik las: {sentence}"))
    assert (told.code, told.standing, told.comparison) == (PUBLICATION, Standing.TOLD, Comparison.DIFFERENT)


def test_a_mark_on_a_text_that_was_published_under_another_code_was_copied(verification: Verification) -> None:
    forged = mark_sentences(TEXTS[PUBLICATION], Mark.of_code(EDITED))
    verdict = verification.verify(text=forged)
    assert [(each.code, each.comparison) for each in verdict.codes] == [(EDITED, Comparison.OTHER_CODE)]
    assert [each.code for each in verdict.found] == [PUBLICATION]
    verdict = verification.verify(text=mark_sentences(TEXTS[PUBLICATION], Mark.of_code(FORGED)))
    assert only(verdict) == Told(FORGED, Standing.UNKNOWN, comparison=Comparison.OTHER_CODE)


def test_a_mark_on_a_text_of_nobody_may_have_been_copied(verification: Verification) -> None:
    told = only(verification.verify(text=mark_sentences("Dit schreef iemand zelf.", Mark.of_code(PUBLICATION))))
    assert (told.code, told.comparison) == (PUBLICATION, Comparison.DIFFERENT)


def test_of_a_text_that_was_not_published_a_mark_tells_the_organisation(verification: Verification) -> None:
    assert verification.verify(text=marked(DRAFT, UNCHECKED)).codes == [Told(DRAFT, Standing.MARKED, ORGANISATION)]
    assert verification.verify(text=TEXTS[DRAFT]) == replace(
        verification.verify(text="Iets anders."), marks=verification.verify(text=TEXTS[DRAFT]).marks
    )


def test_a_text_that_is_not_known_says_nothing(verification: Verification) -> None:
    verdict = verification.verify(text="Een tekst van niemand.")
    assert (verdict.codes, verdict.found, verdict.more_codes, verdict.manifest) == ([], [], False, None)
    assert verdict.marks is not None
    assert not verdict.marks.findings


def test_an_address_that_only_looks_like_ours_is_told_as_such(verification: Verification) -> None:
    forged = marked(PUBLICATION).replace(ORIGIN, "https://waarmerk.example.evil")
    verdict = verification.verify(text=forged)
    assert only(verdict).comparison is Comparison.DIFFERENT
    assert verdict.marks is not None
    assert [str(each.check) for each in verdict.marks.of(Kind.CODE_LINE)] == ["failed"]


def test_a_text_of_many_codes_is_not_many_questions(opened: tuple[Verification, PublishedTexts, MemoryLog]) -> None:
    verification, texts, _ = opened
    text = " ".join(f"Een zin met woorden{insertion(Mark(bits))}." for bits in range(1000))
    texts.asked.clear()
    verdict = verification.verify(PUBLICATION, text)
    assert [each.code for each in verdict.codes] == [PUBLICATION, *(spell_code(bits) for bits in range(MOST_CODES))]
    assert verdict.more_codes
    assert texts.asked.count("output") == MOST_CODES + 1


def test_a_text_that_was_published_twice_is_told_under_the_code_that_was_asked(
    opened: tuple[Verification, PublishedTexts, MemoryLog],
) -> None:
    verification, texts, _ = opened
    texts.add(replace(texts.outputs[PUBLICATION], code=FORGED), marked(FORGED, text=TEXTS[PUBLICATION]))
    for code in (PUBLICATION, FORGED):
        verdict = verification.verify(code, TEXTS[PUBLICATION])
        assert [(each.code, each.comparison) for each in verdict.codes] == [(code, Comparison.SAME)]
        assert verdict.found == []
    assert [each.code for each in verification.verify(text=TEXTS[PUBLICATION]).found] == [PUBLICATION, FORGED]


# A letter: code and text.


def test_a_letter_is_told_of_to_who_has_its_code_and_its_text(verification: Verification) -> None:
    for code, text in ((LETTER, TEXTS[LETTER]), (LETTER, marked(LETTER)), ("", marked(LETTER))):
        told = only(verification.verify(code, text))
        assert (told.standing, told.comparison) == (Standing.TOLD, Comparison.SAME)
        assert told.facts is not None
        assert told.facts.profile is Profile.CORRESPONDENCE


def test_another_text_with_the_code_of_a_letter_learns_nothing(verification: Verification) -> None:
    for text in ("Beste mevrouw.", TEXTS[LETTER].replace("nieuwe", "oude"), marked(LETTER).replace("jaar", "leven")):
        assert verification.verify(LETTER, text).codes == [
            Told(LETTER, Standing.LETTER, ORGANISATION, comparison=Comparison.DIFFERENT)
        ]


def test_a_letter_is_not_found_by_its_text(opened: tuple[Verification, PublishedTexts, MemoryLog]) -> None:
    """Who guesses the text of somebody's letter is not told that it was sent."""
    verification, texts, _ = opened
    texts.asked.clear()
    right, asked = verification.verify(text=TEXTS[LETTER]), list(texts.asked)
    texts.asked.clear()
    wrong = verification.verify(text=TEXTS[LETTER].replace("nieuwe", "oude"))
    assert (right, asked) == (wrong, texts.asked)


def test_a_letter_under_the_code_of_another_text_is_not_recognised(verification: Verification) -> None:
    for code in (FORGED, PUBLICATION, DRAFT):
        right, wrong = (verification.verify(code, text).codes for text in (TEXTS[LETTER], "Een andere brief."))
        assert right == wrong


# What was not published, with code and text.


def test_the_log_proves_a_delivered_text_to_who_has_it_and_its_code(
    opened: tuple[Verification, PublishedTexts, MemoryLog],
) -> None:
    verification, texts, _ = opened
    for text in (TEXTS[DRAFT], marked(DRAFT, UNCHECKED), marked(DRAFT, UNCHECKED).replace("\n", "\r\n")):
        assert only(verification.verify(DRAFT, text)).comparison is Comparison.SAME
    assert only(verification.verify(DRAFT, TEXTS[DRAFT] + "!")).comparison is Comparison.DIFFERENT
    texts.salts.clear()
    assert only(verification.verify(DRAFT, TEXTS[DRAFT])).comparison is None


def test_a_damaged_log_proves_nothing(opened: tuple[Verification, PublishedTexts, MemoryLog]) -> None:
    verification, texts, log = opened
    at = next(index for index, name, _, _ in log.rows if name == texts.outputs[DRAFT].record)
    log.rows[at] = (at, log.rows[at][1], b"{}", log.rows[at][3])
    with pytest.raises(EvidenceInconsistent):
        verification.verify(DRAFT, TEXTS[DRAFT])
    del log.rows[at]
    assert only(verification.verify(DRAFT, TEXTS[DRAFT])).comparison is None


# Manifests.


def test_the_manifest_that_was_published_is_read_with_the_text(verification: Verification) -> None:
    manifest = only(verification.verify(text=marked(PUBLICATION))).manifest
    assert manifest is not None
    assert manifest.state is ManifestState.VALID
    assert only(verification.verify(PUBLICATION)).manifest is None
    assert only(verification.verify(text=marked(PUBLICATION) + "!")).manifest is None
    assert only(verification.verify(text=marked(EDITED))).manifest is None


def test_a_manifest_that_is_handed_in_is_read_with_the_text(verification: Verification) -> None:
    text = "Een tekst\nvan een ander."
    for presented, state in ((text, ManifestState.VALID), (text + "!", ManifestState.INVALID)):
        report = verification.verify(text=presented.replace("\n", "\r\n"), manifest=text.encode()).manifest
        assert report is not None
        assert report.state is state


# Anything at all.


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", PUBLICATION, LETTER, DRAFT, FORGED]))
def test_any_text_gets_an_answer(verification: Verification, text: str, code: str) -> None:
    verdict = verification.verify(code, text)
    assert [each.code for each in verdict.codes] == ([code] if code else [])
    assert verdict.found == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_can_stand_around_a_text_that_is_the_same(verification: Verification, before: str, after: str) -> None:
    told = verification.verify(PUBLICATION, before + marked(PUBLICATION) + after).codes[0]
    if any(letter.isalnum() for letter in before + after):
        assert told.comparison is Comparison.DIFFERENT


def test_a_text_is_put_together_again_between_our_lines() -> None:
    text = marked(PUBLICATION)
    assert LINES.remove(reflowed("\n".join(text.split()), LINES)).split() == LINES.remove(text).split()
    assert reflowed("Een  zin\nzonder merk.", LINES).strip() == "Een zin zonder merk."
    twice = text + closing(UNCHECKED, EDITED, ORIGIN)
    assert EDITED not in LINES.remove(reflowed(twice, LINES))
    assert PUBLICATION in LINES.remove(reflowed(twice, LINES))
