# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`Waarmerk-Context` is read exactly, and a bad one never repeats what it held."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidRequest
from app.domain.subject import Context
from app.identity.context import parse

PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=256)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_no_header_is_an_empty_context() -> None:
    assert parse(None) == Context()


def test_every_member_has_its_field() -> None:
    header = 'actor="a", case="Z-1", subject="s", conversation="c", item="i", lang="nl-NL"'
    assert parse(header) == Context("a", "Z-1", "s", "c", "i", "nl-NL")


@given(actor=PRINTABLE, case=PRINTABLE)
def test_any_printable_value_comes_through(actor: str, case: str) -> None:
    context = parse(f"actor={quoted(actor)},case={quoted(case)}")
    assert (context.actor, context.case) == (actor, case)


@pytest.mark.parametrize(
    "header",
    [
        "geheim",
        'actor="geheim',
        "actor=geheim",
        'actor="geheim",',
        'actor="geheim" case="x"',
        'actor="geheim", actor="x"',
        'role="geheim"',
        'actor=""',
        'lang="geheim!"',
        'actor="geheim\\n"',
        'actor="geheim\u00e9"',
        'actor="' + "geheim" * 50 + '"',
    ],
)
def test_anything_else_is_refused_without_repeating_it(header: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse(header)
    assert "geheim" not in str(caught.value)


@given(st.text())
def test_no_header_breaks_the_parser(header: str) -> None:
    with suppress(InvalidRequest):
        assert isinstance(parse(header), Context)
