# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is said beside the content."""

from datetime import date

from app.domain.decision import Envelope, Label, Sandbox
from app.domain.text import LocalText
from app.marking.envelope import GENERATED, find, headers, manifests, of_pilot, of_texts, provenance
from tests.app.marking.said import ENVELOPE
from watermark.model import Content

CODES = {1: "0000-0000-0001", 0: "K7Q2-9FXM-3TBW"}
ORIGIN = "https://waarmerk.example.nl"


def test_what_an_answer_says_of_itself() -> None:
    disclosure = LocalText(nl="Gemaakt met AI.", en="Made with AI.")
    assert provenance("exc_1", "voorbeeld", CODES, ORIGIN, disclosure=disclosure) == {
        "generated": True,
        "id": "exc_1",
        "digital_source_type": GENERATED,
        "organisation": "voorbeeld",
        "codes": ["K7Q2-9FXM-3TBW", "0000-0000-0001"],
        "verify_url": [f"{ORIGIN}/v/K7Q2-9FXM-3TBW", f"{ORIGIN}/v/0000-0000-0001"],
        "review": "not-required",
        "disclosure": {"nl": "Gemaakt met AI.", "en": "Made with AI."},
    }
    assert "disclosure" not in provenance("exc_1", "voorbeeld", CODES, ORIGIN)


def test_the_head_says_it_too() -> None:
    assert headers("exc_1") == {
        "x-ai-generated": "true",
        "x-ai-provenance-id": "exc_1",
        "x-ai-review": "not-required",
        "x-request-id": "exc_1",
    }


def test_a_released_answer_points_to_its_manifests() -> None:
    assert manifests(CODES, ORIGIN) == {
        "link": f'<{ORIGIN}/c2pa/v1/manifests/K7Q2-9FXM-3TBW>; rel="c2pa-manifest", '
        f'<{ORIGIN}/c2pa/v1/manifests/0000-0000-0001>; rel="c2pa-manifest"'
    }


def test_a_pilot_is_named() -> None:
    obligations = (ENVELOPE, Sandbox("fictitious", date(2027, 3, 1)))
    assert of_pilot(obligations) == {"sandbox": {"data": "fictitious", "until": "2027-03-01", "publication": False}}
    assert of_pilot((ENVELOPE,)) == {}


def test_what_was_put_in_is_said() -> None:
    assert of_texts(["label"], Content.PROSE) == {"content_class": "prose", "marks": ["label"]}
    assert of_texts() == {"content_class": "machine", "marks": []}
    assert of_texts(content=None) == {"content_class": None, "marks": []}


def test_an_obligation_is_found_by_its_kind() -> None:
    assert find((ENVELOPE,), Envelope) is ENVELOPE
    assert find((ENVELOPE,), Label) is None
