# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages for people: one way to render, with the headers that a browser needs to be told, in the language of the reader."""

import re
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from typing_extensions import override

from app.domain.errors import NotSignedIn, WaarmerkError
from app.domain.text import LocalText
from app.web.assets import Assets
from app.web.problems import problem
from app.web.words import WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

Language: TypeAlias = Literal["nl", "en"]

SIGN_IN: Final = "/review/sign-in"
PAGE_HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    # Under `no-referrer` a browser sends `Origin: null` with a form (Fetch 3.2), and then nobody can tell whose form it is.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""On every page."""
_PREFERENCE: Final = re.compile(r"\s*(nl|en)(?:-[a-z0-9-]+)?\s*(?:;\s*q=([01](?:\.[0-9]{1,3})?)\s*)?", re.IGNORECASE)
_YEAR: Final = 365 * 24 * 3600

ASSETS: Final = Assets()
"""Styles, scripts and pictures of the pages; its router serves them."""
_FOLDER: Final = Path(__file__).parent / "templates"


def page(template: str, request: Request, *, status: int = 200, **values: object) -> Response:
    """Render `templates/{template}`.

    A template has `asset(name)`, the address of a file under `static/`; `language`; `say(name, **values)` for a text of
    `words.py`; `tell(text)` for a `LocalText`; `development` (the house works with development keys, and every page says so);
    `other_language` (its tag) and `other_address` (this page in it, None where it was posted); `signed_in`, None unless given.
    """
    language = language_of(request)

    def say(name: str, **filled: str) -> str:
        return tell(WORDS[name].format(**filled) if filled else WORDS[name])

    def tell(text: LocalText) -> str:
        return text.nl if language == "nl" else text.en

    other = "en" if language == "nl" else "nl"
    given: dict[str, object] = {
        "signed_in": None,
        "asset": ASSETS.address,
        "language": language,
        "say": say,
        "tell": tell,
        "other_language": other,
        "other_address": _in_language(request, other) if request.method == "GET" else None,
        # Where nobody said, it is: a warning too many is seen at once, one too few never.
        "development": getattr(request.app.state, "development", True),
    }
    html = _templates().get_template(template).render(given | values)
    answer = HTMLResponse(html, status, PAGE_HEADERS | {"content-language": language})
    if request.query_params.get("lang") == language:
        answer.set_cookie("lang", language, max_age=_YEAR, path="/", httponly=True, samesite="lax")
    return answer


def language_of(request: Request) -> Language:
    """As chosen now (`?lang=`), as chosen before (cookie `lang`), as the browser prefers, else Dutch."""
    for chosen in (request.query_params.get("lang"), request.cookies.get("lang")):
        if chosen in ("nl", "en"):
            return "en" if chosen == "en" else "nl"
    preferences = [_PREFERENCE.fullmatch(part) for part in request.headers.get("accept-language", "").split(",")]
    weights = {match[1].lower(): float(match[2] or 1) for match in reversed(preferences) if match}
    return "en" if weights.get("en", 0) > weights.get("nl", 0) or ("en" in weights and "nl" not in weights) else "nl"


def see_other(address: str) -> Response:
    """After a form: look at this address instead (RFC 9110 15.4.4)."""
    return RedirectResponse(address, 303, PAGE_HEADERS)


class PageRoute(APIRoute):
    """For routers of pages (`APIRouter(route_class=PageRoute)`): who is not signed in is led there, and every other error is a page."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its errors told to a person."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except NotSignedIn:
                return see_other(_sign_in_for(request))
            except WaarmerkError as error:
                return page("error.html", request, status=problem(error, "").status, error=error)

        return told


@cache
def _templates() -> "Environment":
    """Loaded with the first page: a process that only serves calls shows none."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _sign_in_for(request: Request) -> str:
    """Where to sign in, and to come back from: only to what can be asked for by GET."""
    if request.method != "GET":
        return SIGN_IN
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{SIGN_IN}?{urlencode({'next': request.url.path + query})}"


def _in_language(request: Request, language: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', language)])}"
