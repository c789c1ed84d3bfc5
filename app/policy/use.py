# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Predicates about what it is used for: application, task, and what is asked. Pure; false where there is nothing to look at."""

from collections import Counter

from app.domain.decision import Profile
from app.policy.application import HELD, Application, DecisionMaking, Duty
from app.policy.facts import Facts
from app.policy.organisation import Organisation
from app.policy.supply import months_after

NATIVE_REVIEW = frozenset({"fy", "pap"})
"""Languages whose texts need a native reviewer: models know them badly, and the shipped texts in them are drafts."""


# Who asks, and for which task.


def application_unknown(facts: Facts) -> bool:
    return facts.application is None or facts.organisation is None


def task_unknown(facts: Facts) -> bool:
    return facts.application is not None and facts.task is None


# What was settled beforehand.


def purpose_missing(facts: Facts) -> bool:
    return facts.application is not None and not facts.application.purpose.strip()


def public_value_missing(facts: Facts) -> bool:
    return facts.application is not None and not facts.application.public_value.strip()


def risk_analysis_missing(facts: Facts) -> bool:
    """A sandbox declares its data set instead (Q69)."""
    if facts.application is None or facts.application.sandbox is not None:
        return False
    return facts.application.risk_analysis is None


def dpia_missing(facts: Facts) -> bool:
    return facts.application is not None and facts.application.personal_data and facts.application.dpia is None


def evaluation_unplanned(facts: Facts) -> bool:
    return facts.application is not None and facts.application.evaluation_date is None


def evaluation_passed(facts: Facts) -> bool:
    planned = facts.application.evaluation_date if facts.application else None
    return planned is not None and facts.today > planned


def decision_autonomous(facts: Facts) -> bool:
    return facts.application is not None and facts.application.decision_making is DecisionMaking.AUTONOMOUS


def practice_excluded(facts: Facts) -> bool:
    return facts.application is not None and bool(facts.application.practices)


def raci_incomplete(facts: Facts) -> bool:
    """Exactly one is accountable, at least one is responsible."""
    if facts.application is None:
        return False
    duties = Counter(role.duty for role in facts.application.raci)
    return duties[Duty.ACCOUNTABLE] != 1 or duties[Duty.RESPONSIBLE] < 1


def editor_missing(facts: Facts) -> bool:
    return facts.application is not None and not facts.application.editorially_responsible.strip()


def contact_missing(facts: Facts) -> bool:
    if facts.application is None or facts.task is None:
        return False
    reaches_people = facts.task.profile in HELD | {Profile.CITIZEN_CHAT}
    return (reaches_people or facts.application.citizen_facing) and not facts.contact


# A pilot outside production.


def sandbox_data_unnamed(facts: Facts) -> bool:
    sandbox = facts.application.sandbox if facts.application else None
    return sandbox is not None and not sandbox.data_set.strip()


def sandbox_outside_term(facts: Facts) -> bool:
    sandbox = facts.application.sandbox if facts.application else None
    return sandbox is not None and not sandbox.starts <= facts.today <= sandbox.until


def sandbox_longer_than(facts: Facts, months: int) -> bool:
    sandbox = facts.application.sandbox if facts.application else None
    return sandbox is not None and sandbox.until > months_after(sandbox.starts, months)


def sandbox_publishes(facts: Facts) -> bool:
    sandbox = facts.application.sandbox if facts.application else None
    return sandbox is not None and facts.task is not None and facts.task.profile in HELD


def sandbox_holds_personal_data(facts: Facts) -> bool:
    sandbox = facts.application.sandbox if facts.application else None
    return sandbox is not None and bool(facts.asked.personal_data)


def sandbox_refuses_personal_data(facts: Facts) -> bool:
    sandbox = facts.application.sandbox if facts.application else None
    return sandbox is not None and sandbox.personal_data == "refuse" and bool(facts.asked.personal_data)


# What is asked of the task.


def media_asked(facts: Facts) -> bool:
    return bool(facts.asked.media)


def media_unlisted(facts: Facts) -> bool:
    return facts.task is not None and not facts.asked.media.issubset(facts.task.media)


def media_unrecorded(facts: Facts) -> bool:
    """A task that offers media counts too: the decision comes before the first picture."""
    if facts.application is None or facts.task is None:
        return False
    recorded = facts.application.media_record.kinds if facts.application.media_record else ()
    return not (facts.asked.media | set(facts.task.media)).issubset(recorded)


def language_unlisted(facts: Facts) -> bool:
    return facts.task is not None and not set(facts.languages).issubset(facts.task.languages)


def native_reviewer_missing(facts: Facts) -> bool:
    if facts.application is None or facts.organisation is None:
        return False
    return any(unread(language, facts.application, facts.organisation) for language in facts.languages)


def unread(language: str, application: Application, organisation: Organisation) -> bool:
    """Whether a native reviewer is needed for this language and nobody is named."""
    return language in NATIVE_REVIEW and not application.development and not organisation.reviews(language)


def tools_unlisted(facts: Facts) -> bool:
    """A held task without a list allows no tool: an argument would carry the text past the reviewer."""
    if facts.task is None or (facts.task.tools is None and not facts.task.held):
        return False
    return not facts.asked.tools.issubset(facts.task.tools or ())


def structured_unlisted(facts: Facts) -> bool:
    return facts.task is not None and facts.asked.structured and not facts.task.structured


def chat_undecided(facts: Facts) -> bool:
    if facts.task is None or facts.task.profile is not Profile.CITIZEN_CHAT:
        return False
    chat = facts.task.chat
    return chat is None or not chat.decided_on <= facts.today <= chat.review_by


def retention_unsettled(facts: Facts) -> bool:
    """What is published is kept for the term of the selection list (Archiefwet), prompt and output both."""
    if facts.task is None or not facts.task.held:
        return False
    keep = facts.task.keep
    return keep is None or not keep.content or not keep.selection_list.strip()
