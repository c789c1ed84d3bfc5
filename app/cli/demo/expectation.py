# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a step of the demo says that something did not happen."""


class Unexpected(Exception):
    """A step did not do what it should. The message says what was expected and what came."""


def expect(fact: bool, sentence: str) -> None:  # noqa: FBT001  reads as a sentence: expect(this, or say that)
    """Raise `Unexpected` unless this is so."""
    if not fact:
        raise Unexpected(sentence)
