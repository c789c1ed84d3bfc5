# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table that is proved: of the shipped example, as of today."""

from collections.abc import Mapping

from app.coverage import Row
from app.domain.clock import SystemClock
from app.domain.subject import Subject
from app.main import coverage, load_policy
from app.policy.room import PolicyRoom
from app.settings import Settings

ORGANISATION = "gemeente-voorbeeld"
ROWS = coverage(load_policy(Settings(), SystemClock())).rows()


def usable(policy: PolicyRoom) -> Mapping[str, frozenset[str]]:
    """By application, the tasks whose calls are not refused."""
    applications = {row.case.application for row in ROWS}
    return {name: frozenset(policy.models(Subject("-", ORGANISATION, name, frozenset()))) for name in applications}


def name_of(row: Row) -> str:
    """For the reader of a report."""
    door, form = row.case.door, row.case.form
    said = f"{form.says.value}-n{form.choices}-{'stream' if form.stream else 'json'}"
    return f"{door.method}-{door.template}-{row.case.task}-{said}".replace(" ", "-")
