# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import html
import json
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.watermark.texts import CODE, LETTER, TEXTS
from watermark import text
from watermark.model import Check, Kind, Mark, Version
from watermark.text import Carrier

OPEN = Mark.of_code(CODE)
KEYED = Mark.of_code(CODE, Version.KEYED)
KEY = b"a key of this test, 32 bytes lng"
KEYS = {"2026": KEY}
MARKS = [(OPEN, None), (KEYED, KEY)]
SENTENCE = "Dit is een zin van woorden."


@given(TEXTS, st.sampled_from(MARKS), st.sampled_from(Carrier))
@settings(max_examples=1000)
def test_removing_gives_back_what_was_marked(plain: str, mark: tuple[Mark, bytes | None], carrier: Carrier) -> None:
    assume(not text.find(plain, KEYS))
    assert text.remove(text.mark(plain, *mark, carrier), KEYS) == plain


@given(TEXTS)
@settings(max_examples=500)
def test_what_is_not_ours_is_not_touched(plain: str) -> None:
    assert text.remove(plain, KEYS) == plain


@given(TEXTS)
@example("Dit is een zin. woord.")
@settings(max_examples=300)
def test_a_marked_sentence_is_not_marked_again(plain: str) -> None:
    """Only a sentence too short for a mark of its own may get one: that of the sentence before it is another's now."""
    assume(not text.SELECTORS.search(plain))
    once, other = text.mark(plain, OPEN), text.insertion(Mark.of_code("0000-0000-0001"))
    twice = text.mark(once, Mark.of_code("0000-0000-0001"))
    assert twice.replace(other, "") == once
    assert {run[0] for run in text.SELECTORS.finditer(twice)} <= {text.insertion(OPEN), other}


@pytest.mark.parametrize(("carrier", "characters", "most"), [(Carrier.VS2, 10, 40), (Carrier.VS1, 20, 60)])
def test_a_mark_is_as_small_as_its_carrier_allows(carrier: Carrier, characters: int, most: int) -> None:
    inserted = text.insertion(OPEN, None, carrier)
    assert len(inserted) == characters
    assert len(inserted.encode()) <= most
    assert text.SELECTORS.fullmatch(inserted)


def test_in_a_store_of_16_bits_nothing_is_lost() -> None:
    assert max(text.mark(LETTER, OPEN, carrier=Carrier.VS1)) < "\U00010000"


SURVIVED: dict[str, Callable[[str], str]] = {
    "nothing": lambda marked: marked,
    "NFC": lambda marked: unicodedata.normalize("NFC", marked),
    "NFD": lambda marked: unicodedata.normalize("NFD", marked),
    "NFKC": lambda marked: unicodedata.normalize("NFKC", marked),
    "casefold": str.casefold,
    "upper": str.upper,
    "JSON": lambda marked: str(json.loads(json.dumps(marked))),
    "UTF-16": lambda marked: marked.encode("utf-16").decode("utf-16"),
    "white space collapsed": lambda marked: re.sub(r"\s+", " ", marked),
    "HTML": lambda marked: html.unescape(html.escape(marked)),
    "format characters dropped": lambda marked: "".join(c for c in marked if unicodedata.category(c) != "Cf"),
    "Markdown": lambda marked: html.unescape(re.sub(r"<[^>]*>", "", MarkdownIt().render(marked))),
}


@pytest.mark.parametrize("change", SURVIVED.values(), ids=SURVIVED)
@pytest.mark.parametrize("mark", MARKS, ids=["open", "keyed"])
@pytest.mark.parametrize("carrier", Carrier)
def test_marks_survive(carrier: Carrier, mark: tuple[Mark, bytes | None], change: Callable[[str], str]) -> None:
    marked = text.mark(LETTER, *mark, carrier)
    found = text.find(change(marked), KEYS)
    assert [each.code for each in found if each.check is Check.VALID] == [CODE] * marked.count(
        text.insertion(*mark, carrier)
    )
    assert len(found) == 7


def test_one_copied_sentence_tells_its_code() -> None:
    marked = text.mark(LETTER, KEYED, KEY)
    copied = next(each for each in re.split(r"(?<=[.!?])\s+", marked) if each.startswith("Wij behandelen"))
    [found] = text.find(f"Iemand schreef: {copied} En dat klopt.", KEYS)
    assert (found.kind, found.code, found.check, found.detail) == (Kind.SENTENCE_ID, CODE, Check.VALID, "2026")


def test_a_finding_says_where() -> None:
    marked = text.mark(SENTENCE, OPEN)
    [found] = text.find(marked)
    assert marked[: found.start] + marked[found.end :] == SENTENCE
    assert marked[found.end :] == "."


@pytest.mark.parametrize("carrier", Carrier)
@given(st.data())
def test_a_damaged_mark_is_not_accepted(carrier: Carrier, data: st.DataObject) -> None:
    """CRC-16 sees every change of one character, and every run of another length is none of ours."""
    inserted = text.insertion(OPEN, None, carrier)
    at = data.draw(st.integers(0, len(inserted) - 1))
    other = data.draw(st.sampled_from([chr(0xFE00 + n) for n in range(16)]).filter(lambda each: each != inserted[at]))
    for damaged in (inserted[:at] + other + inserted[at + 1 :], inserted[:at] + inserted[at + 1 :], inserted + other):
        changed = f"Dit is een zin van woorden{damaged}."
        assert [each for each in text.find(changed) if each.check is Check.VALID] == []
        assert text.remove(changed) == changed


def test_a_mark_made_without_the_key_is_not_accepted() -> None:
    forged = text.mark(SENTENCE, KEYED, b"another key, made up by a stranger")
    assert [each.check for each in text.find(forged, KEYS)] == [Check.FAILED]
    assert text.remove(forged, KEYS) == forged


def test_without_the_key_a_keyed_mark_is_seen_but_not_believed() -> None:
    marked = text.mark(SENTENCE, KEYED, KEY)
    assert [(each.check, each.code) for each in text.find(marked)] == [(Check.UNCHECKED, CODE)]
    assert text.remove(marked) == marked


def test_every_key_in_use_is_tried() -> None:
    marked = text.mark(SENTENCE, KEYED, KEY)
    [found] = text.find(marked, {"2025": b"the key of last year, 32 bytes.", "2026": KEY})
    assert (found.check, found.detail) == (Check.VALID, "2026")


@pytest.mark.parametrize(("mark", "key"), [(OPEN, KEY), (KEYED, None), (KEYED, b"")])
def test_a_key_belongs_to_a_keyed_mark_and_to_no_other(mark: Mark, key: bytes | None) -> None:
    with pytest.raises(ValueError, match="a key belongs to a mark of version KEYED"):
        text.insertion(mark, key)


def test_a_run_of_ours_beside_an_emoji_or_an_ideograph_leaves_those_alone() -> None:
    plain = "Een hart \u2764\ufe0f. Een ideograaf \u845b\U000e0100. Een zin van woorden. \u2764\ufe0f"
    marked = text.mark(plain, OPEN)
    assert len(text.find(marked)) == 1
    assert text.remove(marked) == plain
