# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Separation of duties, at one place, for everybody (architecture section 6): who may do what with which hold."""

from app.domain.errors import SeparationRefused, UnknownName
from app.domain.review import Act, Hold, Reviewer, Role
from app.domain.text import LocalText

_OF_A_REVIEWER = frozenset(
    {Act.CLAIM, Act.LET_GO, Act.EDIT, Act.APPROVE, Act.REJECT, Act.REQUEST_CHANGES, Act.WITHDRAW}
)


def require(reviewer: Reviewer, hold: Hold, act: Act) -> None:
    """Raise `UnknownName` for another organisation's hold, `SeparationRefused` for what this person may not do with this one."""
    require_sight(reviewer, hold)
    if act not in _OF_A_REVIEWER or Role.REVIEWER not in reviewer.roles:
        raise _refused("U bent geen beoordelaar.", "You are not a reviewer.")
    if act is Act.APPROVE:
        _require_distance(reviewer, hold)


def require_sight(reviewer: Reviewer, hold: Hold) -> None:
    """Raise `UnknownName` for another organisation's hold (it does not exist for them), `SeparationRefused` without a role that reads."""
    if reviewer.organisation != hold.organisation:
        raise UnknownName
    if not reviewer.roles & {Role.REVIEWER, Role.AUDITOR}:
        raise _refused("Alleen beoordelaars en auditors zien inhoud.", "Only reviewers and auditors see content.")


def _require_distance(reviewer: Reviewer, hold: Hold) -> None:
    if hold.requester is not None and hold.requester == reviewer.actor:
        raise _refused(
            "U hebt deze tekst zelf gevraagd. Een collega moet hem beoordelen.",
            "You asked for this text yourself. A colleague has to review it.",
        )
    if hold.requester is None and hold.application in reviewer.uses:
        raise _refused(
            "Niemand weet wie deze tekst vroeg, en u werkt met deze toepassing: u kunt het zelf zijn.",
            "Nobody knows who asked for this text, and you work with this application: it may have been you.",
        )
    if reviewer.id in hold.editors and not hold.review_class.editor_may_approve:
        raise _refused(
            "U hebt deze tekst veranderd. Een collega moet hem goedkeuren.",
            "You changed this text. A colleague has to approve it.",
        )
    if any(sign_off.reviewer == reviewer.id for sign_off in hold.sign_offs):
        raise _refused(
            "U hebt deze tekst al goedgekeurd. Nu is een ander aan de beurt.",
            "You have approved this text already. It is another person's turn.",
        )


def _refused(nl: str, en: str) -> SeparationRefused:
    return SeparationRefused(LocalText(nl=nl, en=en))
