# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.policy.disclosure import DisclosuresFile, Variant, open_places
from app.policy.snapshot import PolicySnapshot

TEXTS = {variant.value: {"short": "s", "long": "l {organisation}"} for variant in Variant}


def disclosures(texts: object) -> DisclosuresFile:
    return DisclosuresFile.model_validate_json(json.dumps({"language": "nl", "envelope": "AI.", "texts": texts}))


def test_every_variant_has_its_text() -> None:
    assert disclosures(TEXTS).texts[Variant.CHAT].short == "s"
    with pytest.raises(ValidationError, match="has no text for chat"):
        disclosures({name: wording for name, wording in TEXTS.items() if name != "chat"})


@pytest.mark.parametrize("text", ["{naam}", "{organisation.name}", "{organisation!r}", "{organisation:>9}", "{"])
def test_a_text_leaves_open_only_what_is_known(text: str) -> None:
    with pytest.raises(ValidationError):
        disclosures(TEXTS | {"chat": {"short": text, "long": "l"}})


def test_open_places() -> None:
    assert open_places("a {b} {{c}}", "{d}") == {"b", "d"}


def test_the_shipped_texts_name_ai_and_claim_no_quality(snapshot: PolicySnapshot) -> None:
    for file in snapshot.disclosures.values():
        assert "AI" in file.envelope
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
