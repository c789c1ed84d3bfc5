# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole surface beside the model routes, address by address: a new one is a decision, and stands here first."""

import pytest
from fastapi.routing import APIRoute

from app.domain.errors import Busy
from app.front import Front
from app.main import coverage
from app.service import Service

SURFACE = [
    "GET /api/v1/reviews/{name}",
    "GET /c2pa/v1/manifests/{code}",
    "GET /health/live",
    "GET /health/ready",
    "GET /log/{org}/checkpoint",
    "GET /log/{org}/coverage.json",
    "GET /log/{org}/tile/{rest:path}",
    "GET /problems/{name}",
    "GET /review",
    "GET /review/",
    "GET /review/account",
    "GET /review/closed",
    "GET /review/rev_{number}",
    "GET /review/rev_{number}/changes",
    "GET /review/setup",
    "GET /review/sign-in",
    "GET /static/{digest}/{name:path}",
    "GET /v/{code}/qr.svg",
    "GET /v/{code}/receipt.json",
    "GET /v/{entry}",
    "GET /verify",
    "POST /api/v1/publications",
    "POST /api/v1/verifications",
    "POST /c2pa/v1/manifests",
    "POST /review/rev_{number}/approve",
    "POST /review/rev_{number}/claim",
    "POST /review/rev_{number}/edit",
    "POST /review/rev_{number}/let-go",
    "POST /review/rev_{number}/reject",
    "POST /review/rev_{number}/request-changes",
    "POST /review/rev_{number}/withdraw",
    "POST /review/setup",
    "POST /review/sign-in",
    "POST /review/sign-out",
    "POST /verify",
]


def closed() -> Service:
    def never(*_: object) -> object:
        raise AssertionError("nothing opens a house here")

    return Service(never, never, never, never)  # type: ignore[arg-type]


def surface() -> list[str]:
    front = Front(
        closed(), coverage, public_address="https://ai.example.org", version="1", refused=lambda name, peer: None
    )
    routes = [route for router in front.routers() for route in router.routes if isinstance(route, APIRoute)]
    return sorted(f"{method} {route.path}" for route in routes for method in route.methods or ())


def test_the_surface_is_what_it_is() -> None:
    assert surface() == SURFACE


def test_a_house_that_is_closed_is_busy() -> None:
    with pytest.raises(Busy):
        closed().house()
