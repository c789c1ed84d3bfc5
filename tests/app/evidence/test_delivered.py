# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A manifest is for who has the text: whoever has another, or a code that never was, gets the same nothing."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.domain.errors import EvidenceInconsistent
from app.domain.record import RecordType
from app.evidence.delivered import Provenance
from app.evidence.record import decode, encode
from app.keys.signer import FileKeySigner
from tests.memory_log import ORGANISATION, MemoryLog
from tests.published_texts import (
    DAY,
    DRAFT,
    EDITED,
    HELD,
    LETTER,
    ORIGIN,
    PUBLICATION,
    REVIEWED,
    TEXTS,
    UNCHECKED,
    WITHDRAWN,
    PublishedTexts,
    house,
    marked,
    read_manifest,
)
from watermark.label import OwnLines, closing, opening
from watermark.model import Mark
from watermark.stream import mark
from watermark.text import insertion

OTHER = "ABCD-EFGH-JKMN"


class Written:
    """Port: `Manifests`. Remembers what it was asked to sign; the store is the text."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bool, str, datetime, datetime | None, str]] = []

    def make(
        self,
        text: str,
        *,
        code: str,
        title: str,
        edited: bool,
        model: str,
        created: datetime,
        published: datetime | None,
        organisation: str,
    ) -> bytes:
        self.asked.append((code, title, edited, model, created, published, organisation))
        return text.encode()


class WithoutCertificate(Written):
    """Makes none."""

    @override
    def make(self, text: str, **claim: Any) -> bytes:
        return b""


class Asked:
    """What left, and the class under test on top of it."""

    def __init__(self, texts: PublishedTexts, log: MemoryLog, manifests: Written) -> None:
        self.texts, self.log, self.manifests = texts, log, manifests
        self.provenance = Provenance(
            texts,
            log,
            manifests,
            lines=lambda: OwnLines([UNCHECKED], ORIGIN),
            name_of=lambda name: f"Gemeente {name}",
            read_manifest=read_manifest,
        )


@pytest.fixture
async def asked(tmp_path: Path) -> Asked:
    _, texts, log = await house(FileKeySigner.create(tmp_path / "log.pem", development=True))
    for code in (LETTER, EDITED, WITHDRAWN):
        texts.manifests[code] = marked(code).encode()
    return Asked(texts, log, Written())


AS_IT_LEFT = marked(DRAFT, UNCHECKED)


def test_of_a_publication_the_code_is_enough(asked: Asked) -> None:
    assert asked.provenance.published(PUBLICATION) == marked(PUBLICATION).encode()
    assert asked.provenance.published(EDITED) == marked(EDITED).encode()


@pytest.mark.parametrize("code", [LETTER, WITHDRAWN, DRAFT, HELD, OTHER])
def test_of_nothing_else_it_is(asked: Asked, code: str) -> None:
    assert asked.provenance.published(code) is None


def test_of_a_letter_it_is_for_who_has_the_letter(asked: Asked) -> None:
    assert asked.provenance.of_text(LETTER, marked(LETTER)) == marked(LETTER).encode()
    for text in (marked(LETTER) + " ", TEXTS[LETTER], "Beste mevrouw", marked(PUBLICATION)):
        assert asked.provenance.of_text(LETTER, text) is None


def test_what_was_withdrawn_is_no_longer_vouched_for(asked: Asked) -> None:
    assert asked.provenance.of_text(WITHDRAWN, marked(WITHDRAWN)) is None


@pytest.mark.parametrize("text", [AS_IT_LEFT, TEXTS[DRAFT]])
def test_of_a_draft_one_is_made_for_who_has_it_that_says_nothing_of_a_human(asked: Asked, text: str) -> None:
    assert asked.provenance.of_text(DRAFT, text) == text.encode()
    ((code, title, edited, _, created, published, organisation),) = asked.manifests.asked
    assert (code, title, edited, published) == (DRAFT, DRAFT, False, None)
    assert (created.date(), organisation) == (DAY, f"Gemeente {ORGANISATION}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXTS[DRAFT] + " ",
        TEXTS[DRAFT].replace("brief", "Brief"),
        TEXTS[DRAFT][:-1],
        TEXTS[PUBLICATION],
        AS_IT_LEFT + ".",
        AS_IT_LEFT.replace("opzet", "afzet"),
        marked(OTHER, UNCHECKED, TEXTS[DRAFT]),
        mark(TEXTS[DRAFT], "", "", insertion(Mark.of_code(OTHER))),
        mark(TEXTS[DRAFT], "", closing(UNCHECKED, OTHER, ORIGIN)),
        mark(TEXTS[DRAFT], "", closing(UNCHECKED, DRAFT, "https://waarmerk.example.evil.example")),
        mark(TEXTS[DRAFT], opening(REVIEWED, organisation="Gemeente Voorbeeld", date="23 november 2026")),
    ],
)
def test_of_another_text_or_with_other_marks_none_is_made(asked: Asked, text: str) -> None:
    """A label that says that a human looked, and a code of another output, are words that nobody gave with this text."""
    assert asked.provenance.of_text(DRAFT, text) is None
    assert asked.manifests.asked == []


@pytest.mark.parametrize("code", [HELD, OTHER])
def test_of_what_did_not_leave_none_is_made(asked: Asked, code: str) -> None:
    for text in (AS_IT_LEFT, marked(code, UNCHECKED, "Vastgehouden tekst.")):
        assert asked.provenance.of_text(code, text) is None
    assert asked.manifests.asked == []


def test_after_the_term_of_the_salt_nobody_can_prove_it(asked: Asked) -> None:
    asked.texts.salts[asked.texts.outputs[DRAFT].exchange] = b""
    assert asked.provenance.of_text(DRAFT, AS_IT_LEFT) is None


def test_without_a_certificate_there_is_none(asked: Asked) -> None:
    without = Asked(asked.texts, asked.log, WithoutCertificate())
    assert without.provenance.of_text(DRAFT, AS_IT_LEFT) is None


@pytest.mark.parametrize(
    ("answered", "expected"), [("mistral-small-2506", "mistral-small-2506"), (None, "mistral-small")]
)
def test_the_model_is_named_as_the_provider_named_it_else_as_it_was_asked(
    asked: Asked, answered: str | None, expected: str
) -> None:
    index, name, data, noted = row_of(asked, DRAFT)
    delivered = decode(data)
    body = {**delivered.body, **({"upstream_model": answered} if answered else {})}
    asked.log.rows[index] = (index, name, encode(replace(delivered, body=body)), noted)
    opened = replace(
        delivered, type=RecordType.EXCHANGE_OPENED, id=str(delivered.previous), body={"model": "mistral-small"}
    )
    asked.log.append(opened)
    assert asked.provenance.of_text(DRAFT, AS_IT_LEFT) is not None
    assert asked.manifests.asked[0][3] == expected


def test_a_log_that_cannot_be_read_proves_nothing(asked: Asked) -> None:
    index, name, _, noted = row_of(asked, DRAFT)
    asked.log.rows[index] = (index, name, b"not a record", noted)
    with pytest.raises(EvidenceInconsistent):
        asked.provenance.of_text(DRAFT, AS_IT_LEFT)


def row_of(asked: Asked, code: str) -> tuple[int, str, bytes, bytes]:
    """The row of the log that tells of it."""
    return next(row for row in asked.log.rows if row[1] == asked.texts.outputs[code].record)
