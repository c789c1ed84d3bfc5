# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Logs are JSON lines, and no exception's values get into them."""

import json
import logging

from app.web.logs import JsonFormatter


def line(message: str, *, error: bool = False, **extra: object) -> dict[str, object]:
    record = logging.getLogger("waarmerk.test").makeRecord(
        "waarmerk.test", logging.ERROR, "", 0, message, (), None, extra=extra
    )
    if error:
        caught = ValueError("geheim")
        record.exc_info = (ValueError, caught, None)
    written: dict[str, object] = json.loads(JsonFormatter().format(record))
    return written


def test_a_line_says_when_where_and_what() -> None:
    written = line("job failed", job="lease")
    assert (written["level"], written["logger"], written["message"], written["job"]) == (
        "ERROR", "waarmerk.test", "job failed", "lease",
    )  # fmt: skip
    assert str(written["ts"]).endswith("+00:00")


def test_of_an_exception_only_its_kind_is_written() -> None:
    written = line("unexpected", error=True)
    assert written["kind"] == "ValueError"
    assert "geheim" not in json.dumps(written)


def test_a_traceback_that_comes_as_text_is_cut_to_its_last_line() -> None:
    assert (
        line("Traceback (most recent call last):\n  x = 'geheim'\nKeyUnusable: missing\n")["message"]
        == "KeyUnusable: missing"
    )
