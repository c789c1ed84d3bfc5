# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The texts that people see (`baseline/disclosures/*.yaml`): what they say is decided here, where they stand is not."""

import string
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from app.policy.model import Entry, Language, Sentence
from watermark.label import faults
from watermark.model import Disclosure

PLACEHOLDERS = frozenset({"organisation", "date", "contact", "url", "code", "what"})
"""What a text may leave open."""


class Variant(StrEnum):
    """Which text, by what was done with the output."""

    REVIEWED = "reviewed"
    CORRESPONDENCE = "correspondence"
    INTERNAL_DRAFT = "internal-draft"
    UNREVIEWED = "unreviewed"
    ASSISTIVE = "assistive"
    CHAT = "chat"
    AGENT = "agent"
    IMAGE = "image"
    IMAGE_MODIFIED = "image-modified"
    AUDIO = "audio"
    TELEPHONE = "telephone"


SHOWN: Mapping[Variant, str] = MappingProxyType(
    {Variant.REVIEWED: "long", Variant.CORRESPONDENCE: "long", Variant.INTERNAL_DRAFT: "short"}
)
"""Variants that stand in the text itself, and which wording of them: who publishes is named with a way to be reached (Guidelines
C(2026) 5054, point 138); a colleague needs to see at a glance that nobody checked it."""


class Wording(Entry):
    """One text, for a line and for a paragraph."""

    short: Sentence
    long: Sentence


class DisclosuresFile(Entry):
    """All texts in one language."""

    language: Language
    native_review: str = ""
    """Who read these texts as a native speaker, and when; empty while they are drafts."""
    envelope: Sentence
    """Beside the content, on every answer."""
    code_line: Sentence
    """The last line of a text that shows a label: where it can be verified."""
    texts: Mapping[Variant, Wording] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        missing = sorted(set(Variant) - set(self.texts))
        if missing:
            raise ValueError(f"has no text for {', '.join(missing)}")
        for wording in self.texts.values():
            unknown = open_places(wording.short, wording.long) - PLACEHOLDERS
            if unknown:
                raise ValueError(f"uses {{{min(unknown)}}}; known are {', '.join(sorted(PLACEHOLDERS))}")
        for variant in SHOWN:
            if found := faults(self.shown(variant)):
                raise ValueError(f"texts.{variant}.{SHOWN[variant]} cannot be shown in a text: {'; '.join(found)}")
        return self

    def shown(self, variant: Variant) -> Disclosure:
        """The lines of a variant that stands in the text; its organisation, date and contact are still open."""
        return Disclosure(self.language, getattr(self.texts[variant], SHOWN[variant]), self.code_line)


def open_places(*sentences: str) -> set[str]:
    """What stands between braces, formatting included (so that it matches no name); raises `ValueError` on a loose brace."""
    parts = (part for sentence in sentences for part in string.Formatter().parse(sentence))
    return {f"{name}{layout}{conversion or ''}" for _, name, layout, conversion in parts if name is not None}
