# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Controls, and where each of them runs: the words of the coverage proof (architecture section 4; docs/coverage.md).

Each room declares its own controls, beside the code that carries them out. A control runs everywhere; where it does not, one of the
reasons of `Why` says why. So a new door is claimed to have every control, until somebody gives a reason that can be tested.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TypeAlias

from app.domain.decision import HoldForReview, Obligation


class Kind(StrEnum):
    """What a door is for."""

    GENERATION = "generation"
    RETRIEVAL = "retrieval"
    """An answer that was held for a human, by its id."""
    MODELS = "models"
    MODEL = "model"
    PUBLICATION = "publication"
    """A text that is handed in for publication."""
    REVIEW = "review"
    """Where a review stands."""


@dataclass(frozen=True, slots=True)
class Door:
    """One way into the pipeline. `template` may end in one `{name}`."""

    method: str
    template: str
    kind: Kind
    operation: str
    """Name of what is done here, `openai.chat.completions`: records and the coverage table use it."""


class Control(Enum):
    """What must happen to a call, in the order in which it takes effect."""

    AUTHENTICATION = "without a key in force nobody is heard"
    AUTHORISATION = "the key must have the right to do this; a refusal is recorded"
    POLICY = "policy judges the task that is asked for"
    OBLIGATIONS = "everything that policy asks can be done, or nothing is"
    STOP = "what a supervisor has stopped is refused"
    CLEANING = "our own marks are taken out of what comes in"
    OPENED = "that it begins is in the log before a byte leaves for the model"
    HOLD = "nothing is given out before a human has signed off"
    ENVELOPE = "head, body and stream say that it is AI-generated, and where to verify that"
    BANNER = "the body says that it is a pilot outside production"
    LABEL = "the first line of the text says what it is"
    SENTENCE_IDS = "every sentence carries the invisible id of its choice"
    CODE_LINE = "the last line gives the code, and verify knows it"
    KEPT = "salts, and content where policy says so, are kept for the term of the task"
    ENDED = "how it ended is in the log before the last byte leaves; once"
    MANIFEST = "a signed C2PA manifest of the text can be fetched by its code"

    @property
    def slug(self) -> str:
        """For programs: `sentence-ids`."""
        return self.name.lower().replace("_", "-")


class Why(StrEnum):
    """Why a control has nothing to do somewhere. There is no other reason, and each is tested where it is given."""

    NO_TEXT = "gives out no text of a model"
    NO_MODEL = "asks no model"
    NO_INPUT = "takes in no text"
    NO_END = "begins nothing that could end: only a refusal is recorded"
    EARLIER = "was done when the answer was asked for"
    NOT_ASKED = "policy does not ask it of this task"
    WAITS = "nothing is given out: it waits for a human, and gets this when it is released"
    NO_PROSE = "no prose: what a program reads stays as the model wrote it, to the letter"
    NO_WORDS = "only calls of tools that policy allows, and no word that could be published"
    ON_DEMAND = "nobody signed it off: a manifest is made for whoever brings the text with its code"
    LETTER = "a letter is for one person: who has only its code gets no manifest"


class Says(StrEnum):
    """What the model answers."""

    PROSE = "prose"
    CALLS = "calls of tools"
    BOTH = "prose with calls of tools"
    DATA = "data"
    """JSON, a tag, a fenced block."""


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is asked for, and what it is."""

    stream: bool = False
    choices: int = 1
    says: Says = Says.PROSE


@dataclass(frozen=True, slots=True)
class Case:
    """One way of using a door: by which task, in which form."""

    door: Door
    application: str
    task: str
    profile: str
    obligations: frozenset[type[Obligation]]
    """What policy asks of this call; empty where it is denied."""
    form: Form = Form()
    tools: frozenset[str] = frozenset()
    """Which the model may call, by the request."""
    data: bool = False
    """Whether a text of it that is released may be for a program (`Label.data`)."""


Excuse: TypeAlias = Callable[[Case], Why | None]


def never(_: Case) -> Why | None:
    """No excuse."""
    return None


NO_TEXT: Mapping[Kind, Why] = dict.fromkeys((Kind.MODELS, Kind.MODEL, Kind.REVIEW), Why.NO_TEXT)
"""Doors by which no text of a model leaves."""
EARLIER: Mapping[Kind, Why] = dict.fromkeys((Kind.RETRIEVAL, Kind.REVIEW), Why.EARLIER)
"""Doors that ask for what was asked before."""
NO_MODEL: Mapping[Kind, Why] = dict.fromkeys((Kind.MODELS, Kind.MODEL), Why.NO_MODEL)
"""Doors that lead to no model."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Where a control runs: everywhere, but for what is said here."""

    obligation: type[Obligation] | None = None
    """Only where policy asks for this; None: whatever policy asks."""
    absent: Mapping[Kind, Why] = field(default_factory=dict)
    """Doors where it has nothing to do."""
    unless: Excuse = never

    def excuse(self, case: Case) -> Why | None:
        """Why it has nothing to do in this case; None: it runs."""
        if case.door.kind in self.absent:
            return self.absent[case.door.kind]
        if self.obligation is not None and self.obligation not in case.obligations:
            return Why.NOT_ASKED
        return self.unless(case)


def waits(case: Case) -> Why | None:
    """What a human must see first carries nothing before it is released; calls of tools, and nothing else, leave at once."""
    held = HoldForReview in case.obligations and case.form.says is not Says.CALLS
    return Why.WAITS if held and case.door.kind is not Kind.RETRIEVAL else None


Controls: TypeAlias = Mapping[Control, Declared]


def fulfilled_by(controls: Controls) -> frozenset[type[Obligation]]:
    """The obligations that these controls carry out: what is not among them is refused, never ignored."""
    return frozenset(each.obligation for each in controls.values() if each.obligation is not None)
