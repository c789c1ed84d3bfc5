# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A verdict, judged: whether it says all it must, whether it is about what was shown, and what it makes of the hold. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.errors import Fault, InvalidRequest, ReviewConflict
from app.domain.review import INVISIBLE_CHARACTERS, REASONS, Act, Hold, SignOff, Verdict, change
from app.domain.text import LocalText
from app.review.binding import binding_of
from watermark.model import Kind
from watermark.verify import inspect

LONGEST_COMMENT = 4000
LONGEST_TEXT = 200_000
"""Characters of one choice."""
_WITH_A_REASON = frozenset({Act.REJECT, Act.REQUEST_CHANGES})


def require_complete(verdict: Verdict, texts: Mapping[int, str]) -> None:
    """Raise `InvalidRequest` with everything that is missing or cannot be. `texts` is the edition as it is."""
    faults = tuple(_faults(verdict, texts))
    if faults:
        raise InvalidRequest(*faults)


def require_shown(hold: Hold, verdict: Verdict) -> None:
    """Raise `ReviewConflict` unless this person saw exactly what is there now.

    An approval of another text, label or policy than was shown is an approval of nothing (Guidelines, point 136).
    """
    if verdict.version != hold.version:
        raise ReviewConflict
    if verdict.act is not Act.APPROVE:
        return
    if not hold.binding or verdict.binding != hold.binding:
        raise ReviewConflict


def require_declared(hold: Hold, verdict: Verdict, texts: Mapping[int, str]) -> None:
    """Raise `ReviewConflict` unless who approves declares all that the review class and these texts ask, and nothing unknown."""
    if verdict.act is not Act.APPROVE:
        return
    asked = {attestation.id for attestation in hold.review_class.attestations}
    if any(map(_holds_foreign, texts.values())):
        asked.add(INVISIBLE_CHARACTERS)
    given = set(verdict.attestations)
    if not asked <= given <= asked | {INVISIBLE_CHARACTERS}:  # a page may ask for it more often than this does
        raise ReviewConflict(
            LocalText(
                nl="U hebt niet alles verklaard wat bij deze beoordeling hoort.",
                en="You have not declared everything that this review asks for.",
            ),
            remedy=LocalText(nl="Kruis alle verklaringen aan.", en="Tick every declaration."),
        )


def edition(verdict: Verdict, texts: Mapping[int, str]) -> Mapping[int, str]:
    """All texts after an edit; those that it does not name stay. Line ends of a form become those of a text."""
    return {**texts, **{choice: text.replace("\r\n", "\n") for choice, text in verdict.texts.items()}}


def judged(hold: Hold, verdict: Verdict, moment: datetime, by: str, texts: Mapping[int, str]) -> Hold:
    """The hold after this act of this person. `texts`: the new edition, where the act is an edit. Raises `ReviewConflict`."""
    changed = change(hold, verdict.act, moment, by)
    if verdict.act is Act.EDIT:
        bound = binding_of(texts, label=hold.label, language=hold.language, policy=hold.policy)
        return replace(changed, binding=bound)
    if verdict.act is Act.APPROVE:
        sign_off = SignOff(by, moment, hold.binding, tuple(sorted(verdict.attestations)))
        return replace(changed, sign_offs=(*hold.sign_offs, sign_off))
    return replace(changed, reason=verdict.reason) if verdict.act in _WITH_A_REASON else changed


def is_last(hold: Hold) -> bool:
    """Whether the next approval is the one that releases."""
    return len(hold.sign_offs) + 1 >= hold.review_class.sign_offs


def _faults(verdict: Verdict, texts: Mapping[int, str]) -> Iterator[Fault]:
    if verdict.act in _WITH_A_REASON and verdict.reason not in REASONS:
        yield Fault("/reason", f"must be one of {', '.join(REASONS)}")
    if len(verdict.comment) > LONGEST_COMMENT or not _is_text(verdict.comment):
        yield Fault("/comment", f"must be a text of at most {LONGEST_COMMENT} characters")
    if verdict.act is Act.EDIT:
        if edition(verdict, texts) == texts:
            yield Fault("/texts", "must differ from what is there")
        for choice, text in verdict.texts.items():
            if choice not in texts:
                yield Fault(f"/texts/{choice}", "is no choice of this answer")
            if not text.strip() or len(text) > LONGEST_TEXT or not _is_text(text):
                yield Fault(f"/texts/{choice}", f"must be a text of at most {LONGEST_TEXT} characters")


def _holds_foreign(text: str) -> bool:
    return bool(inspect(text).of(Kind.FOREIGN))


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
