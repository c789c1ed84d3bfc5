# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.watermark.texts import CODE, DISCLOSURES, LETTER, ORIGIN, TEXTS, cut
from watermark import label, sentences, text
from watermark.label import OwnLines
from watermark.model import Content, Mark
from watermark.stream import HELD, TextMarker, content_of, mark, unmark

OPENING = label.opening(DISCLOSURES[0])
CLOSING = label.closing(DISCLOSURES[0], CODE, ORIGIN)
INSERTION = text.insertion(Mark.of_code(CODE))
OWN = OwnLines(DISCLOSURES, ORIGIN)


def marker(*, known: Content | None = None) -> TextMarker:
    return TextMarker(OPENING, CLOSING, INSERTION, known=known)


def whole(plain: str, *, known: Content | None = None) -> str:
    return mark(plain, OPENING, CLOSING, INSERTION, known=known)


_BEGINNINGS = st.sampled_from(
    [
        *"<`#{[",
        "",
        " ",
        "\n\n",
        "\ufeff",
        "<<",
        "``",
        "```",
        "~~",
        "~~~",
        "#!",
        "[tru",
        "[\n  n",
        "[Naam]",
        " " * 300,
        "[" + " " * 40,
    ]
)


@given(cut(st.tuples(_BEGINNINGS, TEXTS).map("".join)), st.sampled_from([None, *Content]))
@settings(max_examples=1500)
def test_any_way_of_cutting_gives_the_same(pieces: Sequence[str], known: Content | None) -> None:
    stream = marker(known=known)
    assert "".join([*map(stream.feed, pieces), stream.close()]) == whole("".join(pieces), known=known)


@given(st.tuples(_BEGINNINGS, TEXTS).map("".join))
@settings(max_examples=1000)
def test_unmarking_gives_back_what_was_marked(plain: str) -> None:
    assume(not text.find(plain))
    assume(OWN.remove(plain) == plain)
    assert unmark(whole(plain), OWN) == plain


@given(cut(st.tuples(_BEGINNINGS, TEXTS).map("".join)))
@settings(max_examples=300)
def test_little_waits(pieces: Sequence[str]) -> None:
    stream = marker()
    came, gone = "", ""
    for piece in pieces:
        came += piece
        gone += stream.feed(piece)
        if stream.content is Content.PROSE:
            given_out = len(gone) - len(OPENING) - stream.sentences * len(INSERTION)
            assert len(came) - given_out <= sentences.HELD
        elif stream.content is Content.MACHINE:
            assert gone == came
        else:
            assert gone == ""
            assert len(came) <= HELD


def test_the_label_comes_first_and_the_code_line_last() -> None:
    stream = marker()
    assert stream.feed("Be") == f"{OPENING}Be"
    assert stream.feed("ste lezer.") == "ste lezer"
    assert stream.close() == f"{INSERTION}.{CLOSING}"
    assert (stream.content, stream.sentences) == (Content.PROSE, 1)


@pytest.mark.parametrize(
    ("beginning", "content"),
    [
        ("Beste", Content.PROSE),
        ("\n\n Beste", Content.PROSE),
        ("# Kop", Content.PROSE),
        ("`code` is", Content.PROSE),
        ("``a`b``", Content.PROSE),
        ("~ongeveer", Content.PROSE),
        ("<5 dagen", Content.PROSE),
        ("< 5 dagen", Content.PROSE),
        ("漢字", Content.PROSE),
        ('"Citaat"', Content.PROSE),
        (" " * 256, Content.PROSE),
        ('{"a": 1}', Content.MACHINE),
        ("[Naam van de gemeente]", Content.PROSE),
        ("[naam]", Content.PROSE),
        ("[ Datum ]", Content.PROSE),
        ("[trots", Content.PROSE),
        ("[Lees meer](https://gemeente.example)", Content.PROSE),
        ("[1, 2]", Content.MACHINE),
        ("[-1", Content.MACHINE),
        ('["a"', Content.MACHINE),
        ('[\n  {"a": 1}', Content.MACHINE),
        ("[[", Content.MACHINE),
        ("[ ]", Content.MACHINE),
        ("[true,", Content.MACHINE),
        ("[ null ]", Content.MACHINE),
        ("[" + " " * 32, Content.MACHINE),
        ("[", None),
        ("[\n ", None),
        ("[fals", None),
        ("[false", None),
        ("\ufeff \n{", Content.MACHINE),
        ("<p>", Content.MACHINE),
        ("</p>", Content.MACHINE),
        ("<!DOCTYPE", Content.MACHINE),
        ("<?xml", Content.MACHINE),
        ("```python", Content.MACHINE),
        ("~~~", Content.MACHINE),
        ("#!/bin/sh", Content.MACHINE),
        ("", None),
        (" \n", None),
        ("``", None),
        ("<", None),
        ("#", None),
    ],
)
def test_the_first_characters_say_what_it_is(beginning: str, content: Content | None) -> None:
    assert content_of(beginning) is content


@given(st.tuples(_BEGINNINGS, TEXTS).map("".join), st.text(max_size=5))
def test_what_is_certain_stays_so(beginning: str, more: str) -> None:
    assert content_of(beginning) in {None, content_of(beginning + more)}


@pytest.mark.parametrize(
    "plain", ['{"antwoord": "Dit is een zin. Nog een zin."}', "```\nDit is code. Echt waar.\n```\nNa de code."]
)
def test_what_a_machine_reads_is_left_as_it_is(plain: str) -> None:
    assert whole(plain) == plain


def test_what_the_caller_knows_to_be_for_a_machine_is_left_as_it_is() -> None:
    assert whole(LETTER, known=Content.MACHINE) == LETTER


@pytest.mark.parametrize("plain", ['{"antwoord": "Ja."}', "<p>Beste lezer.</p>", "```\nBeste lezer.\n```", "\n #!"])
def test_what_the_caller_knows_to_be_for_people_is_lined_whatever_it_begins_with(plain: str) -> None:
    assert unmark(whole(plain, known=Content.PROSE), OWN) == plain
    assert whole(plain, known=Content.PROSE).startswith(OPENING)
    assert whole(plain, known=Content.PROSE).endswith(CLOSING)


@pytest.mark.parametrize("known", [None, *Content])
@pytest.mark.parametrize("plain", ["", " ", "\n\n", "\ufeff"])
def test_where_nothing_is_said_nothing_is_marked(plain: str, known: Content | None) -> None:
    stream = marker(known=known)
    assert stream.feed(plain) + stream.close() == plain
    assert not stream.lined


@pytest.mark.parametrize("plain", ["<", "`", "#", " ``"])
def test_a_text_that_ends_before_it_is_certain_is_prose(plain: str) -> None:
    assert whole(plain) == OPENING + plain + CLOSING


def test_what_is_left_out_is_not_put_in() -> None:
    assert mark(LETTER) == LETTER
    assert mark(LETTER, OPENING) == OPENING + LETTER
    assert mark(LETTER, "", CLOSING) == LETTER + CLOSING
    assert mark(LETTER, insertion=INSERTION) == text.mark(LETTER, Mark.of_code(CODE))


def test_every_choice_carries_its_own_code() -> None:
    codes = ["0000-0000-0001", "0000-0000-0002"]
    markers = [
        TextMarker(OPENING, label.closing(DISCLOSURES[0], code, ORIGIN), text.insertion(Mark.of_code(code)))
        for code in codes
    ]
    given_out = ["", ""]
    for character in LETTER:
        for index, each in enumerate(markers):
            given_out[index] += each.feed(character)
    for index, each in enumerate(markers):
        found = text.find(given_out[index] + each.close())
        assert {finding.code for finding in found} == {codes[index]}
        assert len(found) == each.sentences


def test_a_text_is_closed_once() -> None:
    stream = marker()
    stream.feed("Tekst")
    stream.close()
    with pytest.raises(ValueError, match="closed"):
        stream.close()
    with pytest.raises(ValueError, match="closed"):
        stream.feed("meer")
