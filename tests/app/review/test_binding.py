# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An approval is of exactly one content: anything else gives another binding."""

import json
from hashlib import sha256
from typing import Any

import pytest

from app.review.binding import binding_of

TEXTS = {0: "Een.", 1: "Twee."}
TERMS: dict[str, Any] = {"label": "reviewed", "language": "nl", "policy": "0" * 64}


def test_it_is_what_an_outsider_computes() -> None:
    choices = {"0": sha256(b"Een.").hexdigest(), "1": sha256(b"Twee.").hexdigest()}
    canonical = json.dumps({"choices": choices, **TERMS}, sort_keys=True, separators=(",", ":"))
    assert binding_of(TEXTS, **TERMS) == sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize(
    ("texts", "changes"),
    [
        ({0: "Een.", 1: "Twee!"}, {}),
        ({0: "Een."}, {}),
        ({0: "Twee.", 1: "Een."}, {}),
        (TEXTS, {"label": "correspondence"}),
        (TEXTS, {"language": "en"}),
        (TEXTS, {"policy": "1" * 64}),
    ],
)
def test_anything_else_is_bound_otherwise(texts: dict[int, str], changes: dict[str, str]) -> None:
    assert binding_of(texts, **{**TERMS, **changes}) != binding_of(TEXTS, **TERMS)


def test_the_order_of_choices_is_nothing() -> None:
    assert binding_of({1: "Twee.", 0: "Een."}, **TERMS) == binding_of(TEXTS, **TERMS)
