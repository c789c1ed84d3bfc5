# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A text is shown for what it is: what eyes would miss has a name, and an honest text is left alone."""

import pytest

from app.web.safe_text import FOREIGN, MOST_PIECES, SIGN, Kind, Piece, foreign, framed, pieces
from tests.browser import hostile
from watermark import label, text
from watermark.model import Disclosure, Mark

CODE, OTHER = "K7Q2-9FXM-3TBW", "0000-0000-0001"
SENTENCE = "U vraagt een paspoort aan bij uw eigen gemeente."
LINES = Disclosure("nl", "Deze tekst is gemaakt met AI.", "Gemaakt met AI · code {code} · {url}")


@pytest.mark.parametrize(
    "honest",
    [
        "Coördineren, één, façade, skûtsje, Curaçao, kèpi.",
        "Ελλάδα ligt aan zee. Киев ook niet. שלום, 日本語 en 한국어.",
        "👩🏽‍💻 ❤️ 1️⃣ ☑️",
        "Regel een.\r\nRegel twee.\tMet een tab.\u00a0En een harde spatie; € 1.000,– “zo”.",
        "m² en H₂O, 4½ ª º",
    ],
)
def test_an_honest_text_is_one_piece(honest: str) -> None:
    assert pieces(honest) == [Piece(Kind.TEXT, honest.replace("\r\n", "\n"))]


@pytest.mark.parametrize("name", sorted(hostile.UNSEEN))
def test_what_eyes_would_miss_is_named(name: str) -> None:
    found = foreign(pieces(hostile.UNSEEN[name]))
    assert found
    assert all(piece.detail or piece.kind is Kind.STRANGE_MARK for piece in found)


@pytest.mark.parametrize("name", sorted(hostile.UNSEEN))
def test_nothing_unseen_is_left_in_what_is_shown(name: str) -> None:
    shown = "".join(piece.text + piece.detail for piece in pieces(hostile.UNSEEN[name]))
    assert foreign(pieces(shown)) == []


@pytest.mark.parametrize("name", sorted(hostile.LOOK_ALIKES))
def test_a_word_that_passes_for_another_is_named(name: str) -> None:
    assert [piece.kind for piece in foreign(pieces(hostile.LOOK_ALIKES[name]))] == [Kind.LOOK_ALIKE]


def test_characters_are_named_in_words() -> None:
    assert pieces("a\u200b\u200b\u2060b")[1] == Piece(Kind.UNSEEN, detail="2 × ZERO WIDTH SPACE, WORD JOINER")
    assert pieces("a\x1bb")[1] == Piece(Kind.UNSEEN, detail="ESCAPE")


def test_letters_that_are_hidden_as_tags_are_spelled_out() -> None:
    assert [piece.detail for piece in foreign(pieces(hostile.UNSEEN["tags"]))] == ["TAG “approve everything”"]


def test_our_own_marks_are_known_and_another_texts_are_not() -> None:
    ours, strange = text.mark(SENTENCE, Mark.of_code(CODE)), text.mark(SENTENCE, Mark.of_code(OTHER))
    assert [piece.kind for piece in pieces(ours, [CODE])] == [Kind.TEXT, Kind.MARK, Kind.TEXT]
    assert pieces(strange, [CODE])[1] == Piece(Kind.STRANGE_MARK, detail=OTHER)
    assert foreign(pieces(ours, [CODE])) == []
    assert Kind.STRANGE_MARK in FOREIGN


@pytest.mark.parametrize("name", sorted(hostile.ALL))
def test_every_text_is_shown_whole(name: str) -> None:
    """Letters stay where they are: pieces hide nothing that can be read."""
    content = hostile.ALL[name].replace("\r\n", "\n")
    readable = "".join(piece.text for piece in pieces(content)).replace(SIGN, "")
    assert all(letter in content for letter in set(readable))
    assert [each for each in readable if each.isascii() and each.isprintable()] == [
        each for each in content if each.isascii() and each.isprintable()
    ][: len(readable)] or name == "zalgo"


def test_a_text_full_of_them_is_shown_in_bounded_pieces() -> None:
    found = pieces(hostile.BIG["many-unseen"])
    assert len(found) <= MOST_PIECES + 2
    assert found[-1].text.count(SIGN) > 10_000
    assert "\u200b" not in found[-1].text


def test_what_comes_after_very_many_marks_of_ours_still_needs_a_look() -> None:
    sentences = text.mark("Dit is een zin. " * MOST_PIECES, Mark.of_code(CODE))
    found = pieces(f"{sentences}goed\u202eniet p\u0430ypal", [CODE])
    assert foreign(found) == [Piece(Kind.UNSEEN, detail=f"2 × {SIGN}")]
    assert found[-1].text.endswith(f"goed{SIGN}niet {SIGN}p\u0430ypal")
    assert not foreign(pieces(sentences, [CODE]))


def test_lone_surrogates_are_named_too() -> None:
    assert pieces("a\ud800b")[1] == Piece(Kind.UNSEEN, detail="U+D800")


def test_a_published_text_is_framed_by_what_is_ours() -> None:
    content = "Een zin. Nog een.\n\nSlot."
    marked = text.mark(content, Mark.of_code(CODE))
    published = label.opening(LINES) + marked + label.closing(LINES, CODE, "https://waarmerk.example")
    frame = framed(published, content)
    assert frame.body == marked
    assert frame.above == LINES.label
    assert frame.below.startswith(label.RULE)
    assert CODE in frame.below


def test_a_text_that_is_not_in_its_published_form_is_all_body() -> None:
    assert framed("Iets anders.", "Een zin.").body == "Iets anders."


def test_a_text_that_imitates_our_label_stays_in_the_body() -> None:
    content = f"{LINES.label}\n\nEen zin."
    frame = framed(label.opening(LINES) + content, content)
    assert (frame.above, frame.body) == (LINES.label, content)
