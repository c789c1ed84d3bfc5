# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Digests by which verify finds a published text again: under a key, so that a copy of the database answers nobody."""

import unicodedata
from collections.abc import Callable

from app.domain.normal import normalized
from app.evidence.commitments import commit
from watermark.text import SELECTORS


def digests_of(key: bytes, text: str, unmark: Callable[[str], str]) -> tuple[str, str, str]:
    """Of the text to the letter, of its normal form, and of the text without our marks; 64 hex characters each.

    `key` is the organisation's commitment key. `unmark` takes our label, code line and sentence ids out, and is given the text in
    Unicode NFC: PDF, mail and browsers change the form of letters, and nobody sees it.
    """
    exact = normalized("NFC", text)
    unmarked = unmark(exact)
    return (
        commit(key, "published text", exact),
        commit(key, "normal form", normal_form(unmarked)),
        commit(key, "unmarked text", unmarked),
    )


def normal_form(text: str) -> str:
    """What remains of an unmarked text when layout, capitals and invisible characters are left aside."""
    folded = normalized("NFKC", SELECTORS.sub("", text)).casefold()
    seen = (letter for letter in folded if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).split())
