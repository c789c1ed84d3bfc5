# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.policy.disclosure import SHOWN, DisclosuresFile, Variant, open_places
from app.policy.snapshot import PolicySnapshot
from watermark.label import OwnLines, closing, opening
from watermark.model import Disclosure

LINE = "Gemaakt met AI, code {code}, {url}"
TEXTS = {variant.value: {"short": "Door AI gemaakt.", "long": "Door AI van {organisation}."} for variant in Variant}


def disclosures(texts: object, code_line: str = LINE) -> DisclosuresFile:
    tree = {"language": "nl", "envelope": "AI.", "code_line": code_line, "texts": texts}
    return DisclosuresFile.model_validate_json(json.dumps(tree))


def test_every_variant_has_its_text() -> None:
    assert disclosures(TEXTS).texts[Variant.CHAT].short == "Door AI gemaakt."
    with pytest.raises(ValidationError, match="has no text for chat"):
        disclosures({name: wording for name, wording in TEXTS.items() if name != "chat"})


@pytest.mark.parametrize("text", ["{naam}", "{organisation.name}", "{organisation!r}", "{organisation:>9}", "{"])
def test_a_text_leaves_open_only_what_is_known(text: str) -> None:
    with pytest.raises(ValidationError):
        disclosures(TEXTS | {"chat": {"short": text, "long": "l"}})


@pytest.mark.parametrize(
    ("variant", "wording", "text", "fault"),
    [
        ("reviewed", "long", "Gemaakt door een computer.", "does not contain the word AI"),
        ("correspondence", "long", "Gemaakt door *AI* zelf.", "Markdown or HTML"),
        ("correspondence", "long", "Gemaakt door AI: {what}.", "leaves {what} open"),
        ("internal-draft", "short", "AI!", "fewer than 3 words"),
        ("internal-draft", "short", "Gemaakt door AI.\nNiet publiceren.", "not one line"),
        ("reviewed", "long", "Gemaakt door AI. " * 30, "longer than 400"),
    ],
)
def test_what_stands_in_a_text_is_a_line_that_can_be_shown_and_recognised(
    variant: str, wording: str, text: str, fault: str
) -> None:
    with pytest.raises(ValidationError, match=re.escape(f"texts.{variant}.{wording} cannot be shown")) as caught:
        disclosures(TEXTS | {variant: TEXTS[variant] | {wording: text}})
    assert fault in str(caught.value)


@pytest.mark.parametrize("text", ["Gemaakt met AI, {url}", "Gemaakt met AI, {code} {code} {url}", "code {code} {url}"])
def test_a_code_line_is_one_that_can_be_verified(text: str) -> None:
    with pytest.raises(ValidationError, match="code line: "):
        disclosures(TEXTS, text)


def test_wordings_that_stand_beside_a_text_are_free() -> None:
    free = {"short": "AI", "long": "*AI*: {what}. " * 40}
    assert disclosures(TEXTS | {"chat": free, "assistive": free}).texts[Variant.CHAT].short == "AI"


def test_who_publishes_is_named_in_full_and_a_draft_says_so_at_a_glance(snapshot: PolicySnapshot) -> None:
    for language, file in snapshot.disclosures.items():
        for variant in (Variant.REVIEWED, Variant.CORRESPONDENCE):
            shown = file.shown(variant)
            assert shown == Disclosure(language, file.texts[variant].long, file.code_line)
            assert open_places(shown.label) == {"organisation", "date", "contact"}
        draft = file.shown(Variant.INTERNAL_DRAFT)
        assert draft == Disclosure(language, file.texts[Variant.INTERNAL_DRAFT].short, file.code_line)
        assert open_places(draft.label) == set()


def test_the_lines_that_a_text_shows_are_recognised_as_ours(snapshot: PolicySnapshot) -> None:
    shown = [file.shown(variant) for file in snapshot.disclosures.values() for variant in SHOWN]
    own = OwnLines(shown, "https://waarmerk.example")
    for lines in shown:
        before = opening(lines, organisation="Gemeente Voorbeeld", date="23 november 2026", contact="14 000")
        after = closing(lines, "K7Q2-9FXM-3TBW", "https://waarmerk.example")
        assert own.remove(f"{before}De tekst.{after}") == "De tekst."


def test_a_long_name_with_every_way_to_be_reached_fits(snapshot: PolicySnapshot) -> None:
    name = "Ministerie van Binnenlandse Zaken en Koninkrijksrelaties"
    contact = "14 000, vragen@organisatie.example, https://organisatie.example/contact"
    for file in snapshot.disclosures.values():
        for variant in SHOWN:
            assert opening(file.shown(variant), organisation=name, date="23 november 2026", contact=contact)


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "klacht|bezwaar"), ("en", "complaint|object"), ("fy", "klacht|beswier"), ("pap", "keho|opheshon")],
)
def test_a_letter_says_where_to_complain_and_to_object(language: str, words: str, snapshot: PolicySnapshot) -> None:
    complain, object_to = words.split("|")
    said = snapshot.disclosures[language].shown(Variant.CORRESPONDENCE).label
    assert re.search(rf"\b{complain}\b.*\b{object_to}\b.*: {{contact}}\.$", said)


def test_open_places() -> None:
    assert open_places("a {b} {{c}}", "{d}") == {"b", "d"}


def test_the_shipped_texts_name_ai_and_claim_no_quality(snapshot: PolicySnapshot) -> None:
    for file in snapshot.disclosures.values():
        assert "AI" in file.envelope
        assert "AI" in file.code_line
        for wording in file.texts.values():
            assert "AI" in wording.short
            assert "AI" in wording.long
            assert not any(claim in wording.long.lower() for claim in ("betrouwbaar", "reliable", "expert"))


def test_texts_in_languages_that_nobody_read_as_a_native_speaker_say_so(
    baseline: Path, snapshot: PolicySnapshot
) -> None:
    for language in ("fy", "pap"):
        assert snapshot.disclosures[language].native_review == ""
        assert "DRAFT" in (baseline / "disclosures" / f"{language}.yaml").read_text()
