# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each choice has a text, an end and a code of its own."""

import pytest

from app.domain.errors import UpstreamInvalid
from app.marking.choices import Choices
from app.marking.wording import Wording
from tests.app.marking.said import CODES
from tests.watermark.texts import DISCLOSURES, ORIGIN
from watermark import label, text

OPENING = label.opening(DISCLOSURES[0])
WORDING = Wording(ORIGIN, DISCLOSURES[0], OPENING, sentences=True)


def test_choices_do_not_mix() -> None:
    choices = Choices(WORDING, CODES)
    texts = {0: "", 1: ""}
    for first, second in zip("Een eerste zin van woorden.", "Een tweede zin van woorden.", strict=True):
        texts[0] += choices.feed(0, first)
        texts[1] += choices.feed(1, second)
    for index, said in texts.items():
        marked = said + choices.close(index)
        assert {found.code for found in text.find(marked)} == {CODES[index]}
        assert marked.endswith(f"/v/{CODES[index]}")


def test_a_choice_ends_once() -> None:
    choices = Choices(WORDING, CODES)
    choices.feed(0, "Tekst")
    assert choices.close(0)
    assert choices.close(0) == ""
    with pytest.raises(UpstreamInvalid):
        choices.feed(0, "meer")


def test_who_said_nothing_has_no_end() -> None:
    choices = Choices(WORDING, CODES)
    assert choices.close(0) == ""
    assert choices.rest() == {}


def test_the_rest_is_of_who_has_not_ended() -> None:
    choices = Choices(WORDING, CODES)
    for index in (0, 1, 2):
        choices.feed(index, "{" if index == 2 else "Tekst")
    choices.close(0)
    assert choices.rest() == {1: label.closing(DISCLOSURES[0], CODES[1], ORIGIN)}
    assert choices.rest() == {}


def test_what_was_put_in_is_told_by_choice_and_together() -> None:
    choices = Choices(WORDING, CODES)
    choices.feed(0, "Een zin van woorden. ")
    choices.feed(1, "[1]")
    assert choices.told([0]) == {"content_class": "prose", "marks": ["label", "sentence-ids", "code-line"]}
    assert choices.told([1]) == {"content_class": "machine", "marks": []}
    assert choices.told([2]) == {"content_class": None, "marks": []}
    assert choices.told() == choices.told([0])
