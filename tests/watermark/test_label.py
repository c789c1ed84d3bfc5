# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import html
import re
import threading
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.watermark.texts import CODE, DISCLOSURES, LETTER, ORIGIN, TEXTS
from watermark import label
from watermark.label import OwnLines
from watermark.model import Check, Disclosure, Kind

OWN = OwnLines(DISCLOSURES, ORIGIN)
NL = DISCLOSURES[0]
VALUES = {"organisation": "Gemeente Voorbeeld", "date": "3 maart 2026", "contact": "info@gemeente.example"}


def shown(disclosure: Disclosure, text: str) -> str:
    return label.opening(disclosure, **VALUES) + text + label.closing(disclosure, CODE, ORIGIN)


def test_what_people_see() -> None:
    assert shown(NL, "De tekst.") == (
        "AI-concept. Niet gecontroleerd. Niet publiceren.\n\n"
        "De tekst.\n\n"
        "—\nGemaakt met AI · code K7Q2-9FXM-3TBW · https://waarmerk.example.nl/v/K7Q2-9FXM-3TBW"
    )


@given(TEXTS, st.sampled_from(DISCLOSURES))
@settings(max_examples=1000)
def test_removing_gives_back_what_was_labelled(text: str, disclosure: Disclosure) -> None:
    assert OWN.remove(shown(disclosure, text)) == text


@given(TEXTS)
@settings(max_examples=300)
def test_a_text_without_our_lines_stays(text: str) -> None:
    assert OWN.remove(text) == text


@pytest.mark.parametrize("disclosure", DISCLOSURES, ids=lambda each: each.language)
def test_lines_are_recognised_after_a_client_changed_the_breaks(disclosure: Disclosure) -> None:
    marked = shown(disclosure, "De tekst.")
    assert OWN.remove(marked.replace("\n", "\r\n")) == "De tekst."
    assert OWN.remove(marked.replace("\n\n", "\n")) == "De tekst."
    assert OWN.remove(f"{marked}\n") == "De tekst."


def test_an_aborted_answer_has_a_label_and_no_code_line() -> None:
    assert OWN.remove(f"{NL.label}\n\nDe tekst bre") == "De tekst bre"
    assert OWN.remove(NL.label) == ""


CLOSING = label.closing(NL, CODE, ORIGIN)


@pytest.mark.parametrize(
    "text",
    [
        "Iemand schreef: AI-concept. Niet gecontroleerd. Niet publiceren.\n\nTekst.",
        "AI-concept. Niet gecontroleerd. Niet publiceren. En meer.\n\nTekst.",
        f"Tekst.{CLOSING}\n\nEn nog meer tekst.",
        f"Tekst.{CLOSING.replace(ORIGIN, 'https://elders.example.nl')}",
        f"Tekst.{CLOSING.replace('Gemaakt met', 'Gemaakt zonder')}",
        f"Tekst.{CLOSING.replace(f'/v/{CODE}', '/v/0000-0000-0000')}",  # two codes in one line
        f"Tekst.{CLOSING.replace(CODE, 'K7Q2-9FXM-3TBU')}",  # U is no Crockford character
        f"Tekst.{CLOSING.replace(CODE, 'K7Q2-9FXM')}",
        f"Tekst. {CLOSING.lstrip()}",  # within a line
        f"Mijn code is {CODE}, zie {ORIGIN}/v/{CODE}",
    ],
)
def test_what_only_looks_like_ours_stays(text: str) -> None:
    assert OWN.remove(text) == text


def test_of_lines_twice_only_the_outer_are_removed() -> None:
    assert OWN.remove(shown(NL, shown(DISCLOSURES[1], "Text."))) == shown(DISCLOSURES[1], "Text.")


@pytest.mark.parametrize("disclosure", DISCLOSURES, ids=lambda each: each.language)
@pytest.mark.parametrize("text", [LETTER, "- een lijst\n- nog een", "| a | b |\n|---|---|\n| 1 | 2 |", "# Kop\n"])
def test_both_lines_survive_markdown_and_are_paragraphs(text: str, disclosure: Disclosure) -> None:
    rendered = MarkdownIt().enable("table").render(shown(disclosure, text))
    first, last = rendered.split("\n", 1)[0], rendered.strip().rsplit("<p>", 1)[-1]
    assert first == f"<p>{label.opening(disclosure, **VALUES).strip()}</p>"
    assert last == f"{label.closing(disclosure, CODE, ORIGIN).strip()}</p>"
    plain = html.unescape(re.sub(r"<[^>]*>", "", rendered))
    for changed in (plain, " ".join(plain.split())):
        found = OWN.find(changed)
        assert {Kind.LABEL, Kind.CODE_LINE} <= {each.kind for each in found}
        assert [each.code for each in found if each.kind is Kind.CODE_LINE] == [CODE]


def test_an_address_of_another_origin_is_not_ours() -> None:
    text = f"Zie {ORIGIN}/v/{CODE} en https://elders.example.nl/v/{CODE}."
    assert [each.check for each in OWN.find(text)] == [Check.VALID, Check.FAILED]
    assert [each.check for each in label.addresses(text)] == [Check.UNCHECKED] * 2


def test_an_origin_that_only_begins_like_ours_is_not_ours() -> None:
    assert [each.check for each in OWN.find(f"{ORIGIN}.evil.example/v/{CODE}")] == [Check.FAILED]
    assert [each.check for each in OWN.find(f"{ORIGIN}@evil.example/v/{CODE}")] == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"label": "Gemaakt door een computer."}, "label: does not contain the word AI"),
        ({"label": "Gemaakt door MAIL en meer."}, "label: does not contain the word AI"),
        ({"label": "AI."}, "label: has fewer than 3 words of its own"),
        ({"label": "Gemaakt met AI.\nEcht waar."}, "label: is not one line of visible characters"),
        ({"label": "Gemaakt met AI.\u2028Echt waar."}, "label: is not one line of visible characters"),
        ({"label": "Gemaakt met AI.\u202e Echt waar."}, "label: is not one line of visible characters"),
        ({"label": "Gemaakt met AI\ufe01. Echt waar."}, "label: is not one line of visible characters"),
        ({"label": "Gemaakt met AI. " + "Echt waar. " * 40}, "label: is longer than 400 characters"),
        ({"label": "**Gemaakt met AI**, echt waar."}, "label: holds or begins with a character that Markdown"),
        ({"label": "- Gemaakt met AI, echt waar."}, "label: holds or begins with a character that Markdown"),
        ({"label": "1. Gemaakt met AI, echt waar."}, "label: holds or begins with a character that Markdown"),
        ({"label": "Gemaakt met AI — echt waar."}, "label: holds or begins with a character that Markdown"),
        ({"label": "Gemaakt met AI door {naam}."}, "label: leaves {naam} open"),
        ({"label": "Gemaakt met AI op {date:%d}."}, "label: leaves {date} open"),
        ({"label": "Gemaakt met AI op {date."}, "label: has a loose brace"),
        ({"code_line": "Gemaakt met AI · {url}"}, "code line: must leave {code} open, once"),
        ({"code_line": "Gemaakt met AI · {code} · {code} · {url}"}, "code line: must leave {code} open, once"),
        ({"code_line": "Gemaakt met AI · {code} · {url}x"}, "code line: goes on right after {url}"),
        ({"code_line": "Gemaakt met AI · {code} · {url}/x"}, "code line: goes on right after {url}"),
        ({"code_line": "Gemaakt · nu echt · {code} · {url}"}, "code line: does not contain the word AI"),
    ],
)
def test_a_line_that_cannot_be_shown_is_refused(changes: dict[str, str], fault: str) -> None:
    disclosure = replace(NL, **changes)
    assert any(found.startswith(fault) for found in label.faults(disclosure)), label.faults(disclosure)
    with pytest.raises(ValueError, match=re.escape(fault)):
        label.opening(disclosure, **VALUES)
    with pytest.raises(ValueError, match=re.escape(fault)):
        label.closing(disclosure, CODE, ORIGIN)
    with pytest.raises(ValueError, match=re.escape(fault)):
        OwnLines([disclosure], ORIGIN)


@pytest.mark.parametrize("disclosure", DISCLOSURES)
def test_the_drafts_can_be_shown(disclosure: Disclosure) -> None:
    assert label.faults(disclosure) == []


@pytest.mark.parametrize("organisation", ["", " "])
def test_nothing_does_not_fill_a_place(organisation: str) -> None:
    with pytest.raises(ValueError, match=r"{organisation} is not filled in"):
        label.opening(DISCLOSURES[4], **{**VALUES, "organisation": organisation})


def test_a_place_must_be_filled_in_with_one_line() -> None:
    with pytest.raises(ValueError, match=r"{organisation} is not filled in"):
        label.opening(DISCLOSURES[4])
    with pytest.raises(ValueError, match="not one line"):
        label.opening(DISCLOSURES[4], organisation="Gemeente\nVoorbeeld")


def test_a_date_is_short() -> None:
    assert OwnLines([TWICE], ORIGIN).remove(label.opening(TWICE, **{**VALUES, "date": "x" * 40})) == ""
    with pytest.raises(ValueError, match=r"{date} is filled in with more than 40 characters"):
        label.opening(TWICE, **{**VALUES, "date": "x" * 41})


@pytest.mark.parametrize(
    "template",
    [
        "{organisation}: deze tekst is met AI gemaakt op {date}.",
        "{organisation}, {contact}: {organisation} gebruikte AI voor deze tekst.",
        "Deze tekst is gemaakt met AI.",
        "Gemaakt met AI: {organisation}",
        "Gemaakt {{met}} AI door {organisation}.",
    ],
)
def test_a_label_is_found_anywhere_and_as_often_as_it_stands_there(template: str) -> None:
    disclosure = Disclosure("nl", template, NL.code_line)
    shown = label.opening(disclosure, **VALUES).strip()
    text = f"Eerst iets. {shown}\nDan weer {shown.replace(' ', '  ')}"
    found = OwnLines([disclosure], ORIGIN).find(text)
    assert [(each.kind, each.check) for each in found] == [(Kind.LABEL, Check.VALID)] * 2
    assert all("AI" in text[each.start : each.end] for each in found)


@pytest.mark.parametrize(
    "origin", ["", "waarmerk.example.nl", f"{ORIGIN}/", "ftp://x.nl", "https://X.nl", "https://a@b"]
)
def test_an_address_to_verify_at_is_an_origin(origin: str) -> None:
    with pytest.raises(ValueError, match="no address to verify at"):
        label.closing(NL, CODE, origin)
    with pytest.raises(ValueError, match="no address to verify at"):
        OwnLines(DISCLOSURES, origin)


def test_what_is_no_code_is_refused() -> None:
    with pytest.raises(ValueError, match="is no code"):
        label.closing(NL, "K7Q2", ORIGIN)


TWICE = Disclosure(
    "nl", "Een AI van {organisation} op {date}. {organisation} is verantwoordelijk: {contact}", DISCLOSURES[0].code_line
)


def test_blanks_around_what_is_filled_in_are_left_out() -> None:
    marked = label.opening(TWICE, organisation=" A ", date="1 mei 2026 ", contact=" x ") + "Tekst"
    assert OwnLines([TWICE], ORIGIN).remove(marked) == "Tekst"


def test_what_stands_twice_in_a_label_is_the_same() -> None:
    lines = OwnLines([TWICE], ORIGIN)
    marked = label.opening(TWICE, organisation="A", date="1 mei 2026", contact="x") + "Tekst"
    assert lines.remove(marked) == "Tekst"
    forged = marked.replace("A is", "B is")
    assert lines.remove(forged) == forged


@pytest.mark.parametrize("end", [" " * 1_000_000 + "x", ". A is" * 100_000, "." * 1_000_000])
def test_what_is_made_to_look_like_a_label_costs_little(end: str) -> None:
    """Of quadratic time this would never end; of linear time nobody notices."""
    text = "Een AI van A op 1 mei 2026. A is verantwoordelijk: " + end
    lines = OwnLines([TWICE], ORIGIN)
    assert lines.remove(text) == text


@pytest.mark.parametrize("blanks", [1, 40, 400])
def test_what_is_full_of_beginnings_of_a_label_costs_little(blanks: int) -> None:
    """Verify reads a megabyte of whoever asks."""
    text = f"Een AI van {' ' * blanks}x Een AI van A op {' ' * blanks}"
    assert not OwnLines([TWICE], ORIGIN).find(text * (1_000_000 // len(text)))


def test_other_threads_go_on_while_a_text_is_read_that_is_full_of_beginnings() -> None:
    """One search for a whole label would hold them all up until it is done."""
    done, lines = threading.Event(), OwnLines([TWICE], ORIGIN)

    def read() -> None:
        lines.find("Een AI van x Een AI van A op " * 20_000)
        done.set()

    turns = 0
    threading.Thread(target=read).start()
    while not done.is_set():
        time.sleep(0)  # gives the other thread a turn, and comes back when that lets it
        turns += 1
    assert turns > 20
