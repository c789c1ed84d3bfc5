# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The FastAPI half with chosen routers, as a client sees it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI

from app.web.site import pages


@asynccontextmanager
async def nothing_to_open(_app: FastAPI) -> AsyncIterator[None]:
    """A lifespan without a house."""
    yield


def client(*routers: APIRouter, turned_away: list[str] | None = None) -> httpx.AsyncClient:
    """A client of these routers behind the house's own error handling."""
    away = turned_away if turned_away is not None else []
    app = pages(
        routers,
        nothing_to_open,
        version="0",
        public_address="https://waarmerk.example",
        turned_away=lambda name, _peer: away.append(name),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")
