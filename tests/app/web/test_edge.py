# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import logging
from http import HTTPStatus

import orjson
import pytest

from app.web.edge import EDGE_PROBLEMS, EdgeProblem, SecurityLog


class Seconds:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("problem", EDGE_PROBLEMS.values(), ids=EDGE_PROBLEMS.keys())
def test_a_problem_is_a_whole_closing_response(problem: EdgeProblem) -> None:
    head, _, body = problem.message.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}"
    assert {"content-type: application/problem+json", f"content-length: {len(body)}", "connection: close"} <= set(lines)
    assert orjson.loads(body) == {
        "type": f"/problems/{problem.name}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }


def test_every_problem_has_a_name_of_its_own_and_an_error_status() -> None:
    assert all(name == problem.name and problem.status >= 400 for name, problem in EDGE_PROBLEMS.items())
    assert len(EDGE_PROBLEMS) == 15


def test_the_security_log_counts_everything_and_writes_a_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    seconds = Seconds()
    security = SecurityLog(seconds, lines_per_second=2)
    with caplog.at_level(logging.WARNING, "waarmerk.security"):
        for _ in range(1000):
            security("malformed-request", "192.0.2.7")
        assert len(caplog.messages) == 2
        seconds.now += 1
        security("unknown-host", "192.0.2.8")
    assert caplog.messages == [
        "refused at the door: malformed-request from 192.0.2.7 (0 before it not written)",
        "refused at the door: malformed-request from 192.0.2.7 (0 before it not written)",
        "refused at the door: unknown-host from 192.0.2.8 (998 before it not written)",
    ]
    assert security.counts == {"malformed-request": 1000, "unknown-host": 1}
