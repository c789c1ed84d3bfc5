# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from app.domain.output import Released
from tests.storage_reviews import a_message


def test_what_is_long_or_signed_is_not_told_by_accident() -> None:
    assert "c2pa" not in repr(Released("K7Q2-9FXM-3TBW", ("d" * 64,), b"c2pa store"))
    assert "secret" not in repr(a_message(payload=b'{"secret":1}'))
