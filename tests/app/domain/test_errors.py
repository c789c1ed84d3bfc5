# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every error says what, why and what now, under a name of its own, and the tree in the docstring is the tree."""

import inspect
import re

import pytest

from app.domain import errors
from app.domain.errors import WaarmerkError


def kinds() -> list[type[WaarmerkError]]:
    found = [member for _, member in inspect.getmembers(errors, inspect.isclass) if issubclass(member, WaarmerkError)]
    return sorted(found, key=lambda kind: kind.__name__)


def test_the_docstring_draws_the_tree() -> None:
    drawn = re.findall(r"^[ │├└─]*([A-Z]\w+)\b", errors.__doc__ or "", re.MULTILINE)
    assert sorted(name for name in drawn if hasattr(errors, name)) == [kind.__name__ for kind in kinds()]


def test_each_kind_that_is_raised_has_a_name_of_its_own() -> None:
    named = [kind.name for kind in kinds() if kind is not errors.Refusal]
    assert len(set(named)) == len(named)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in named)


@pytest.mark.parametrize("kind", kinds())
def test_each_kind_speaks_both_languages(kind: type[WaarmerkError]) -> None:
    for text in (kind.title, kind.remedy):
        assert text.nl.endswith(".")
        assert text.en.endswith(".")
