# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is put in a text: a pure function of decision, sign-off, code and language (architecture section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from app.domain.decision import Label
from watermark import label as lines
from watermark.model import Content, Disclosure, Mark
from watermark.stream import TextMarker
from watermark.text import Carrier, insertion

_MONTHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        language: tuple(months.split())
        for language, months in {
            "nl": "januari februari maart april mei juni juli augustus september oktober november december",
            "en": "January February March April May June July August September October November December",
            "fy": "jannewaris febrewaris maart april maaie juny july augustus septimber oktober novimber desimber",
            "pap": "yanüari febrüari mart aprel mei yüni yüli ougùstùs sèptèmber òktober novèmber desèmber",
        }.items()
    }
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The lines and marks of all texts of one answer; only the code differs from choice to choice."""

    origin: str
    """Where people verify."""
    disclosure: Disclosure | None = None
    opening: str = ""
    """The label as it is shown, its places filled in."""
    sentences: bool = False
    """Whether every sentence carries the code."""
    known: Content | None = None
    """What the texts are, where that is known better than their first characters tell."""
    stops: tuple[str, ...] = ()
    """Strings at which the client reads no further: a line that holds one would end the text for it."""
    carrier: Carrier = Carrier.VS2

    def lines(self, code: str) -> tuple[str, str]:
        """What stands before and after the text of this choice; nothing where a line would end the text."""
        if self.disclosure is None:
            return "", ""
        closing = lines.closing(self.disclosure, code, self.origin)
        if self.stops and any(stop in self.opening or stop in closing for stop in self.stops):
            return "", ""
        return self.opening, closing

    def marker(self, code: str) -> TextMarker:
        """A fresh marker for the choice with this code."""
        mark = insertion(Mark.of_code(code), carrier=self.carrier) if self.sentences else ""
        return TextMarker(*self.lines(code), mark, known=self.known)


@lru_cache(maxsize=256)
def disclosure_of(label: Label, language: str = "") -> Disclosure:
    """The lines in this language, else those that are meant. Raises `ValueError` when the label has no lines."""
    if not label.texts:
        raise ValueError(f"policy has no lines for label {label.variant}")
    return next((text for text in label.texts if text.language == language), label.texts[0])


@lru_cache(maxsize=256)
def opening_of(label: Label, disclosure: Disclosure, day: date | None = None) -> str:
    """The label with its places filled in. Raises `ValueError` when one stays empty or the line cannot be shown."""
    values = {"organisation": label.organisation, "contact": label.contact}
    if day is not None:
        values["date"] = written(day, disclosure.language)
    return lines.opening(disclosure, **{place: value for place, value in values.items() if value})


def written(day: date, language: str) -> str:
    """The day as one writes it in this language: `23 november 2026`; in one that we cannot write, ISO 8601."""
    months = _MONTHS.get(language)
    if months is None:
        return day.isoformat()
    of = " di " if language == "pap" else " "
    return f"{day.day}{of}{months[day.month - 1]} {day.year}"
