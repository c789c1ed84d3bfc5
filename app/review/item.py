# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The content of a hold: kept beside the log, each piece under a key of its own, and never in clear.

asked       what was asked: role and text of each message
terms       the obligations under which it is released, so that releasing is a pure function of what is kept
answer      what the model gave, whole
edition-1   the texts by choice, without marks; one more for every edit
note-4      what a person said with the act that made version 4
release     what is retrieved
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.clock import timestamp
from app.domain.decision import Envelope, Label, Obligation, Sandbox, SentenceMarks
from app.domain.errors import UnknownName
from app.domain.json import Json
from app.domain.keys import ContentCipher
from app.domain.ledger import ContentReader, SealedContent
from app.domain.review import Act, Hold, Note
from app.domain.text import LocalText
from watermark.model import Disclosure


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything that is kept of a hold, decrypted."""

    asked: Sequence[tuple[str, str]] = field(default=(), repr=False)
    terms: tuple[Obligation, ...] = ()
    answer: bytes = field(default=b"", repr=False)
    editions: Mapping[int, Mapping[int, str]] = field(default_factory=dict, repr=False)
    notes: Sequence[Note] = field(default=(), repr=False)
    release: bytes = field(default=b"", repr=False)

    def texts(self, edition: int) -> Mapping[int, str]:
        """The texts of one edition; none of an answer that is still collected."""
        return self.editions.get(edition, {})


class Contents:
    """Seals and opens. What it seals is written by a unit of work, in the step that says so in the log."""

    def __init__(self, reader: ContentReader, cipher: ContentCipher) -> None:
        self._reader = reader
        self._cipher = cipher

    def call(
        self, exchange: str, asked: Sequence[tuple[str, str]], obligations: Sequence[Obligation]
    ) -> list[SealedContent]:
        """What was asked, and on which terms an answer may leave."""
        return [
            self._seal(exchange, "asked", [list(turn) for turn in asked]),
            self._seal(exchange, "terms", _terms(obligations)),
        ]

    def answer(self, exchange: str, body: bytes, texts: Mapping[int, str]) -> list[SealedContent]:
        """What the model gave, and the first edition."""
        return [self._cipher.seal(exchange, "answer", body), self.edition(exchange, 1, texts)]

    def edition(self, exchange: str, number: int, texts: Mapping[int, str]) -> SealedContent:
        """The texts as a person left them."""
        return self._seal(exchange, f"edition-{number}", {str(choice): text for choice, text in texts.items()})

    def note(self, exchange: str, version: int, note: Note) -> SealedContent:
        """What was said with the act that made this version."""
        said: dict[str, Json] = {
            "by": note.by,
            "moment": timestamp(note.moment),
            "act": note.act.value,
            "reason": note.reason,
            "comment": note.comment,
        }
        return self._seal(exchange, f"note-{version:08}", said)

    def release(self, exchange: str, body: bytes) -> SealedContent:
        """What leaves from now on, to the byte."""
        return self._cipher.seal(exchange, "release", body)

    def open(self, hold: Hold) -> Opened:
        """Everything that is kept. Raises `UnknownName` once it was erased, `KeyUnusable`, `EvidenceUnavailable`. Reads storage."""
        kept = {sealed.kind: self._cipher.open(sealed) for sealed in self._reader.sealed(hold.exchange)}
        if "terms" not in kept:
            raise UnknownName
        numbered = {kind: body for kind, body in kept.items() if kind.startswith("edition-")}
        return Opened(
            asked=[(str(role), str(text)) for role, text in json.loads(kept["asked"])],
            terms=_obligations(json.loads(kept["terms"])),
            answer=kept.get("answer", b""),
            editions={int(kind.removeprefix("edition-")): _texts(body) for kind, body in numbered.items()},
            notes=[_note(kept[kind]) for kind in sorted(kept) if kind.startswith("note-")],
            release=kept.get("release", b""),
        )

    def _seal(self, exchange: str, kind: str, content: Json) -> SealedContent:
        return self._cipher.seal(exchange, kind, json.dumps(content, ensure_ascii=False).encode())


def _texts(body: bytes) -> Mapping[int, str]:
    return {int(choice): str(text) for choice, text in json.loads(body).items()}


def _note(body: bytes) -> Note:
    said = json.loads(body)
    moment = datetime.fromisoformat(said["moment"])
    return Note(said["by"], moment, Act(said["act"]), said["reason"], said["comment"])


def _terms(obligations: Sequence[Obligation]) -> dict[str, Json]:
    """Of all obligations those that say how an answer leaves; the others are done with when it is held."""
    terms: dict[str, Json] = {}
    for obligation in obligations:
        match obligation:
            case Envelope(disclosure):
                terms["envelope"] = {"nl": disclosure.nl, "en": disclosure.en}
            case Label(variant, languages, texts, organisation, contact, data):
                lines = [[each.language, each.label, each.code_line] for each in texts]
                terms["label"] = {
                    "variant": variant,
                    "languages": list(languages),
                    "texts": lines,
                    "organisation": organisation,
                    "contact": contact,
                    "data": data,
                }
            case SentenceMarks():
                terms["sentence_marks"] = True
            case Sandbox(data, until):
                terms["sandbox"] = {"data": data, "until": until.isoformat()}
            case _:
                pass
    return terms


def _obligations(terms: Mapping[str, Any]) -> tuple[Obligation, ...]:
    found: list[Obligation] = []
    if envelope := terms.get("envelope"):
        found.append(Envelope(LocalText(nl=envelope["nl"], en=envelope["en"])))
    if label := terms.get("label"):
        lines = tuple(Disclosure(*each) for each in label["texts"])
        languages, data = tuple(label["languages"]), label.get("data", False)
        found.append(Label(label["variant"], languages, lines, label["organisation"], label["contact"], data))
    if terms.get("sentence_marks"):
        found.append(SentenceMarks())
    if sandbox := terms.get("sandbox"):
        found.append(Sandbox(sandbox["data"], date.fromisoformat(sandbox["until"])))
    return tuple(found)
