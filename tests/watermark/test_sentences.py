# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.watermark.texts import TEXTS, cut
from watermark.sentences import HELD, Sentences

SIGN = "\u2021"
"""Stands for a mark, so that a failing test can be read."""


def whole(text: str) -> str:
    sentences = Sentences(SIGN)
    return sentences.feed(text) + sentences.close()


@given(cut())
@settings(max_examples=1500)
def test_any_way_of_cutting_gives_the_same(pieces: Sequence[str]) -> None:
    sentences = Sentences(SIGN)
    assert "".join([*map(sentences.feed, pieces), sentences.close()]) == whole("".join(pieces))


@given(cut())
@settings(max_examples=300)
def test_little_waits(pieces: Sequence[str]) -> None:
    sentences = Sentences(SIGN)
    came = gone = 0
    for piece in pieces:
        came += len(piece)
        gone += len(sentences.feed(piece).replace(SIGN, "") if SIGN not in piece else piece)
        assert came - gone <= HELD


@pytest.mark.parametrize("run", ["`", "]", "\\", ".", "!", '"', "~", " ", "\n", "a", "[", "https://x.nl/a?b=c&"])
def test_a_long_run_of_anything_does_not_wait(run: str) -> None:
    sentences = Sentences(SIGN)
    text = "Een zin van woorden" + run * 5000
    assert len(text) - len(sentences.feed(text)) <= HELD


@given(TEXTS)
@settings(max_examples=500)
def test_only_the_sign_is_put_in_and_only_between_a_latin_letter_and_the_end_of_its_sentence(text: str) -> None:
    marked = whole(text)
    assert marked.replace(SIGN, "") == text.replace(SIGN, "")
    for place in re.finditer(SIGN, marked):
        if place.start() and SIGN not in text:
            assert re.fullmatch(r"[^\W\d_]", marked[place.start() - 1])
            assert re.match(r"[.!?…]{1,3}[\"'”’»)*_]{0,3}(?:\s|\Z)", marked[place.end() :])


@pytest.mark.parametrize(
    "text",
    [
        "Dit is een zin‡. En dit nog een‡! Is dit de derde‡? Ja, dat klopt‡…",
        "Dit is een zin‡.\nEn dit de volgende‡.\r\n\r\nEen nieuwe alinea‡.",
        'Hij zei: "Dat mag echt niet‡." (Zie de bijlage‡.) **Let hier goed op‡.** _Echt heel belangrijk‡!_',
        "Wat zeg je nou toch‡?! Dat weet ik nog niet‡... En dat is dat‡.",
        "Ja. Nee. Misschien‡. Goed.",  # short ones share a mark
        "Met mevr. De Vries en dr. A. B. Jansen, op grond van art. 5 en o.a. bijv. dit‡.",
        "Kijk op www.voorbeeld.nl. Of op https://voorbeeld.nl/pagina. Of mail naar info@voorbeeld.nl. Zo is het‡.",
        "Uw rekening is NL91 ABNA 0417 1643 00. Die van ons is NL20 INGB 0001 AB. Het adres is 1234 AB. Bel het UWV‡.",
        "Dit was in 2025. Het kostte 3,50. Dat is versie v2. Het staat in bestand.py. Of in snake_case. Of en/of. Klaar‡.",
        "Zie `dit. en dat. dan` en ``a ` b. c. dan`` maar hier wel‡. Nu niet `open. meer. tekst.\n\nWeer een alinea‡.",
        "Een \\` is geen code, dit is tekst‡. En `dit\\` ook tekst‡.",
        'Zie [de site. Die is mooi.](https://x.nl/a. "Titel. Meer. ") en de rest‡.',
        "[naam]: https://x.nl 'Een lange titel. Nog meer.'\n\nHier gaat het verder‡.",
        'Een <a href="x" title="Een titel. Nog een titel.">verwijzing</a> in de tekst‡. Het is < dan dit‡.',
        "| Een cel met tekst. | Nog een cel. |\n|---|---|\n| Weer een cel. | Tekst. |\n\nNa de tabel‡.",
        "# Een kop is geen zin. Nee\n\n> Een citaat is van een ander. Echt waar.\n\nDit is weer van ons‡.",
        "Een voorbeeld‡.\n\n    dit is code. echt waar.\n\n\tdit ook. echt waar.\n\nEn dit niet‡.",
        "- een punt met tekst‡.\n    - een dieper punt met tekst‡.\n      - nog dieper met tekst‡.",
        "Voorbeeld van code‡.\n\n```python\nprint(1). Dit is code.\n~~~\n```` \nNa de code‡.\n~~~ abc. def.\nnog code.\n~~~\nNa de code‡.",
        "1. Voer dit hier uit‡.\n   ```sh\n   echo dit. en dat.\n   ```\n   En daarna dit‡.\n2. Ga dan verder‡.",
        "```\ncode die niet eindigt. echt niet.\n\nnog steeds code. echt.",
        "Tekst met ```code. erin.``` en dan verder‡.\n\nEen nieuwe alinea‡.",
        "漢字です。漢字 ABC‡. مرحبا بالعالم. Ελλάδα είναι. Een emoji 👩‍💻. Een hart ❤️. Een ideograaf 葛󠄀. Café en ook thé‡.",
        "Dit is de hypotheekrenteaftrekberekeningsmethodiek‡. Of arbeidsongeschiktheidsverzekeringsmaatschappijhoofdkantoor.",
        "Een woord met eigen teken x︁. En zonder eigen teken‡.",
    ],
)
def test_where_a_sentence_ends(text: str) -> None:
    plain = text.replace(SIGN, "")
    for size in (len(plain), 1, 2, 5, 13):
        sentences = Sentences(SIGN)
        pieces = [plain[at : at + size] for at in range(0, len(plain), size)]
        assert "".join([*map(sentences.feed, pieces), sentences.close()]) == text


@given(st.text(), st.text())
def test_without_an_insertion_nothing_waits(first: str, second: str) -> None:
    sentences = Sentences("")
    assert [sentences.feed(first), sentences.feed(second), sentences.close()] == [first, second, ""]
    assert sentences.count == 0


@given(
    st.lists(
        st.sampled_from(
            [
                *("Een zin van woorden. ", "Nog een zin. ", "\n", "\n\n", "\n\n", "`", "``", "`code. van mij` "),
                *(
                    "\n```\n",
                    "\n```\n",
                    "\n```python\n",
                    "\n~~~\n",
                    "\n````\n",
                    "- ",
                    "1. ",
                    "   ",
                    "    ",
                    "\n> ",
                    "\t",
                ),
                *(
                    "[tekst. meer",
                    "](https://x.nl/a. 'Een titel. Meer.') ",
                    "\\",
                    "een <b title='Een zin. Meer.'> ",
                    "\\`",
                ),
            ]
        ),
        max_size=14,
    ).map("".join)
)
@settings(max_examples=1500)
def test_no_sign_comes_where_a_reader_of_markdown_sees_code_or_an_address(text: str) -> None:
    for token in tokens(MarkdownIt().parse(whole(text))):
        assert token.type not in {"code_inline", "code_block", "fence", "html_inline"} or SIGN not in token.content
        assert SIGN not in str(token.attrs)


def tokens(parsed: Sequence[Token]) -> Iterator[Token]:
    for token in parsed:
        yield token
        yield from tokens(token.children or ())
