# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Errors as RFC 9457 problems. The only file that knows which error is which HTTP status."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from app.domain.errors import (
    Busy,
    Denied,
    EvidenceInconsistent,
    EvidenceUnavailable,
    FormRefused,
    Held,
    InvalidRequest,
    KeyUnusable,
    NotAuthenticated,
    NotPermitted,
    NotReleased,
    NotSignedIn,
    ObligationUnsupported,
    PolicyInvalid,
    QueueFull,
    ReviewConflict,
    ReviewExpired,
    ReviewFailed,
    ReviewRejected,
    ReviewWithdrawn,
    SeparationRefused,
    Stopped,
    TooLarge,
    TooManyAttempts,
    UnknownName,
    UnknownRoute,
    UpstreamFailed,
    UpstreamInvalid,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnreachable,
    WaarmerkError,
)
from app.domain.json import Json
from app.web.rate import TooOften

_STATUS: dict[type[WaarmerkError], HTTPStatus] = {
    UnknownRoute: HTTPStatus.NOT_FOUND,
    UnknownName: HTTPStatus.NOT_FOUND,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotPermitted: HTTPStatus.FORBIDDEN,
    InvalidRequest: HTTPStatus.BAD_REQUEST,
    FormRefused: HTTPStatus.BAD_REQUEST,
    # A page leads to the sign-in form; what is left asks in another way than by a page.
    NotSignedIn: HTTPStatus.FORBIDDEN,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Denied: HTTPStatus.FORBIDDEN,
    Stopped: HTTPStatus.FORBIDDEN,
    # 403 and not 501: vendor SDKs send a 5xx again, and asking again changes nothing.
    ObligationUnsupported: HTTPStatus.FORBIDDEN,
    # 423 is the one status that every vendor's SDK raises and none sends again (docs/decisions/0008).
    NotReleased: HTTPStatus.LOCKED,
    Held: HTTPStatus.LOCKED,
    ReviewRejected: HTTPStatus.FORBIDDEN,
    ReviewExpired: HTTPStatus.GONE,
    ReviewWithdrawn: HTTPStatus.GONE,
    ReviewFailed: HTTPStatus.BAD_GATEWAY,
    ReviewConflict: HTTPStatus.CONFLICT,
    SeparationRefused: HTTPStatus.FORBIDDEN,
    QueueFull: HTTPStatus.TOO_MANY_REQUESTS,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    EvidenceUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    EvidenceInconsistent: HTTPStatus.SERVICE_UNAVAILABLE,
    KeyUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    PolicyInvalid: HTTPStatus.SERVICE_UNAVAILABLE,
    UpstreamFailed: HTTPStatus.BAD_GATEWAY,
    UpstreamUnreachable: HTTPStatus.BAD_GATEWAY,
    UpstreamInvalid: HTTPStatus.BAD_GATEWAY,
    UpstreamTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    WaarmerkError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
# What the model said of the request itself is passed on as a kind; what it said of our own account is our own fault.
_REJECTED = {
    HTTPStatus.BAD_REQUEST: HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY: HTTPStatus.BAD_REQUEST,
    HTTPStatus.TOO_MANY_REQUESTS: HTTPStatus.TOO_MANY_REQUESTS,
}
# What an SDK's caller sees of an answer that is not released: `code` and `type` of the error object (ecosystem of SDKs: measured).
_REVIEW_CODES: dict[type[NotReleased], tuple[str, str]] = {
    Held: ("held_for_review", "human_review_pending"),
    ReviewRejected: ("review_rejected", "human_review_rejected"),
    ReviewExpired: ("review_expired", "human_review_expired"),
    ReviewWithdrawn: ("review_withdrawn", "human_review_withdrawn"),
    ReviewFailed: ("review_upstream_failed", "human_review_failed"),
}
_RETRY_AFTER = "2"
_ASK_AGAIN_AFTER = "30"
_COOL_DOWN = "300"
_SECONDS = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that says what, why and what now."""

    status: int
    headers: dict[str, str]
    body: dict[str, Json]
    """RFC 9457 members, and our own: `code`, `remedy`, `nl`, and per kind `rule`, `source`, `alternative`, `faults`,
    `review` and `error_type`, the vendor's type of error where it is another than the status says."""


def problem(error: WaarmerkError, public_address: str) -> Problem:
    """The problem of this error; `public_address` is where its `type` resolves."""
    status = _status(error)
    body: dict[str, Json] = {
        "type": f"{public_address}/problems/{error.name}",
        "title": error.title.en,
        "status": int(status),
        "detail": error.reason.en,
        "instance": error.exchange,
        "code": error.name,
        "remedy": error.remedy.en,
        "nl": {"title": error.title.nl, "detail": error.reason.nl, "remedy": error.remedy.nl},
    }
    if isinstance(error, Denied):
        body |= {"code": "blocked_by_policy", "rule": error.rule, "source": error.source}
        body |= {"alternative": error.alternative}
    if isinstance(error, InvalidRequest):
        body["faults"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in error.faults]
    if isinstance(error, UpstreamRejected) and error.code is not None:
        body["code"] = error.code
    if isinstance(error, NotReleased):
        code, kind = _REVIEW_CODES.get(type(error), (error.name, "human_review"))
        body |= {"code": code, "error_type": kind, "review": error.review.document()}
    return Problem(int(status), _headers(error, status), body)


def _status(error: WaarmerkError) -> HTTPStatus:
    if isinstance(error, UpstreamRejected):
        return next((to for kind, to in _REJECTED.items() if error.status == kind), HTTPStatus.BAD_GATEWAY)
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def _headers(error: WaarmerkError, status: HTTPStatus) -> dict[str, str]:
    headers = {"content-type": "application/problem+json"}
    if error.exchange is not None:
        headers["x-request-id"] = error.exchange
    if isinstance(error, NotAuthenticated):
        headers["www-authenticate"] = "Bearer"
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = _RETRY_AFTER
    if isinstance(error, TooManyAttempts | QueueFull):
        headers["retry-after"] = str(error.seconds) if isinstance(error, TooOften) else _COOL_DOWN
    if isinstance(error, UpstreamRejected) and _SECONDS.fullmatch(error.retry_after or ""):
        # Of what an upstream says, only a number of seconds is passed on.
        headers["retry-after"] = str(error.retry_after)
    if isinstance(error, NotReleased):
        headers |= _of_review(error)
    # Sending it again helps who was too fast; but people take longer than an SDK waits.
    too_fast = status is HTTPStatus.TOO_MANY_REQUESTS and not isinstance(error, QueueFull)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR and not too_fast:
        headers["x-should-retry"] = "false"
    return headers


def _of_review(error: NotReleased) -> dict[str, str]:
    """Never sent again, whatever its status: what is decided stays decided, and what waits is told of at another address."""
    link = f'<{error.review.status_url}>; rel="status"'
    headers = {"x-should-retry": "false", "x-review-id": error.review.id, "link": link}
    return {**headers, "retry-after": _ASK_AGAIN_AFTER} if isinstance(error, Held) else headers
