# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every error becomes a problem with the right status, a type that resolves, and no retry where asking again is useless."""

import pytest

from app.domain import errors
from app.domain.errors import Denied, Fault, InvalidRequest, UpstreamRejected, WaarmerkError
from app.domain.text import LocalText
from app.web.problems import problem
from app.web.rate import TooOften

BASE = "https://waarmerk.example"
TEXT = LocalText(nl="Nee.", en="No.")
NOTICE = errors.ReviewNotice("rev_1", "pending", "chatcmpl-rev_1", 1795530000)


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (errors.UnknownRoute(), 404, False),
        (errors.NotAuthenticated(), 401, False),
        (errors.NotPermitted(), 403, False),
        (InvalidRequest(Fault("/n", "must be a number")), 400, False),
        (errors.FormRefused(), 400, False),
        (errors.NotSignedIn(), 403, False),
        (errors.TooManyAttempts(), 429, True),
        (errors.TooLarge(), 413, False),
        (Denied("r", TEXT, TEXT), 403, False),
        (errors.Stopped(), 403, False),
        (errors.ObligationUnsupported(), 403, False),
        (errors.NotReleased(NOTICE), 423, False),
        (errors.Held(NOTICE), 423, False),
        (errors.ReviewRejected(NOTICE), 403, False),
        (errors.ReviewExpired(NOTICE), 410, False),
        (errors.ReviewWithdrawn(NOTICE), 410, False),
        (errors.ReviewFailed(NOTICE), 502, False),
        (errors.ReviewConflict(), 409, False),
        (errors.SeparationRefused(), 403, False),
        (errors.QueueFull(), 429, False),
        (errors.Busy(), 503, True),
        (errors.EvidenceUnavailable(), 503, True),
        (errors.EvidenceInconsistent(), 503, True),
        (errors.KeyUnusable(), 503, True),
        (errors.UpstreamFailed(), 502, True),
        (errors.UpstreamUnreachable(), 502, True),
        (errors.UpstreamTimeout(), 504, True),
        (errors.UpstreamInvalid(), 502, True),
        (UpstreamRejected(400), 400, False),
        (UpstreamRejected(401), 502, True),
        (UpstreamRejected(403), 502, True),
        (UpstreamRejected(404), 502, True),
        (UpstreamRejected(422), 400, False),
        (UpstreamRejected(429), 429, True),
        (UpstreamRejected(500), 502, True),
        (UpstreamRejected(302), 502, True),
        (WaarmerkError(), 500, True),
    ],
)
def test_status_and_retry(error: WaarmerkError, status: int, retry: bool) -> None:
    told = problem(error, BASE)
    assert told.status == told.body["status"] == status
    assert (told.headers.get("x-should-retry") != "false") is retry
    assert told.body["type"] == f"{BASE}/problems/{error.name}"
    assert told.headers["content-type"] == "application/problem+json"


def test_a_refusal_by_policy_says_which_rule_why_and_what_else() -> None:
    body = problem(Denied("consumer-terms", TEXT, TEXT, source="Q44", alternative="balie-zoekvraag"), BASE).body
    assert (body["code"], body["rule"], body["source"]) == ("blocked_by_policy", "consumer-terms", "Q44")
    assert body["alternative"] == "balie-zoekvraag"
    assert body["nl"] == {"title": "Het beleid staat dit niet toe.", "detail": "Nee.", "remedy": "Nee."}


def test_every_fault_is_listed() -> None:
    body = problem(InvalidRequest(Fault("/n", "a"), Fault("/model", "b")), BASE).body
    assert body["faults"] == [{"pointer": "/n", "detail": "a"}, {"pointer": "/model", "detail": "b"}]


def test_the_exchange_is_named_once_there_is_one() -> None:
    error = errors.Stopped()
    error.exchange = "exc_1"
    told = problem(error, BASE)
    assert (told.body["instance"], told.headers["x-request-id"]) == ("exc_1", "exc_1")


def test_the_models_own_code_and_pause_are_passed_on() -> None:
    told = problem(UpstreamRejected(429, code="rate_limit_exceeded", retry_after="30"), BASE)
    assert (told.body["code"], told.headers["retry-after"]) == ("rate_limit_exceeded", "30")


def test_of_a_pause_only_a_number_is_passed_on() -> None:
    told = problem(UpstreamRejected(429, retry_after="geheim"), BASE)
    assert "retry-after" not in told.headers


def test_who_is_turned_away_learns_how_to_come_in() -> None:
    assert problem(errors.NotAuthenticated(), BASE).headers["www-authenticate"] == "Bearer"
    assert problem(errors.Busy(), BASE).headers["retry-after"] == "2"


def test_who_asks_too_often_is_told_when_to_ask_again() -> None:
    assert problem(TooOften(7), BASE).headers["retry-after"] == "7"
    assert problem(errors.TooManyAttempts(), BASE).headers["retry-after"] == "300"


@pytest.mark.parametrize(
    ("kind", "code", "type_"),
    [
        (errors.Held, "held_for_review", "human_review_pending"),
        (errors.ReviewRejected, "review_rejected", "human_review_rejected"),
        (errors.ReviewExpired, "review_expired", "human_review_expired"),
        (errors.ReviewWithdrawn, "review_withdrawn", "human_review_withdrawn"),
        (errors.ReviewFailed, "review_upstream_failed", "human_review_failed"),
    ],
)
def test_what_is_not_released_says_which_review_and_where_it_stands(
    kind: type[errors.NotReleased], code: str, type_: str
) -> None:
    told = problem(kind(NOTICE), BASE)
    assert (told.body["code"], told.body["error_type"], told.body["review"]) == (code, type_, NOTICE.document())
    assert told.headers["x-review-id"] == "rev_1"
    assert told.headers["link"] == '</api/v1/reviews/rev_1>; rel="status"'
    assert told.headers.get("retry-after") == ("30" if kind is errors.Held else None)


def test_the_review_object_is_ids_links_and_a_reason_where_there_is_one() -> None:
    assert NOTICE.document() == {
        "id": "rev_1",
        "status": "pending",
        "completion_id": "chatcmpl-rev_1",
        "status_url": "/api/v1/reviews/rev_1",
        "expires_at": 1795530000,
    }
    rejected = errors.ReviewNotice("rev_1", "rejected", "chatcmpl-rev_1", 1, "law")
    assert rejected.document()["reason_code"] == "law"
