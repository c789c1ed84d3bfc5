# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Both languages are filled alike."""

from app.domain.text import LocalText


def test_placeholders_are_filled_in_both_languages() -> None:
    text = LocalText(nl="Contract {id} is verlopen.", en="Contract {id} has expired.").format(id="C-1")
    assert text == LocalText(nl="Contract C-1 is verlopen.", en="Contract C-1 has expired.")
