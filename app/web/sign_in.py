# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/review/sign-in`, `/review/sign-out`, `/review/setup`: the doors of the desk. A GET shows a form and changes nothing.

The secret of a setup link stands behind the `#` of its address: a browser sends that part to nobody, so it is in no log of a
proxy, in no `Referer` and not in ours. A script of ours puts it into the form; without scripts one pastes it there.
"""

import re
import secrets
from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Request, Response

from app.domain.errors import FormRefused, NotSignedIn, TooManyAttempts, WaarmerkError
from app.identity.accounts import Accounts
from app.identity.sessions import Sessions, csrf
from app.web.forms import Form, form
from app.web.pages import SIGN_IN, PageRoute, page, see_other
from app.web.problems import problem
from app.web.session import Cookie, Doorman
from app.web.words import WORDS

HOME: Final = "/review/"
_LOCAL: Final = re.compile(r"/review(?=/)(?:(?!/(?:/|\.|%2[Ee]))[A-Za-z0-9/_.~?=&%+-])*")
"""Where a sign-in may lead: a page of the desk, spelled so that no browser can read another host into it."""
_LONGEST_NEXT: Final = 500


def router(
    accounts: Callable[[], Accounts],
    sessions: Callable[[], Sessions],
    doorman: Doorman,
    public_address: str,
    refused: Callable[[str, str], None],
) -> APIRouter:
    """`accounts` and `sessions` are asked once the house is open; `refused` is the security log: problem and peer."""
    entrance = Entrance(accounts, sessions, doorman, Cookie("waarmerk-form", public_address, strict=True), refused)
    routes = APIRouter(prefix="/review", include_in_schema=False, route_class=PageRoute)
    routes.add_api_route("/sign-in", entrance.ask, methods=["GET"])
    routes.add_api_route("/sign-in", entrance.enter, methods=["POST"])
    routes.add_api_route("/sign-out", entrance.leave, methods=["POST"])
    routes.add_api_route("/setup", entrance.begin, methods=["GET"])
    routes.add_api_route("/setup", entrance.choose, methods=["POST"])
    return routes


class Entrance:
    """Where one comes in and goes out. `visitor` holds the browser's half of a form's secret before there is a session."""

    def __init__(
        self,
        accounts: Callable[[], Accounts],
        sessions: Callable[[], Sessions],
        doorman: Doorman,
        visitor: Cookie,
        refused: Callable[[str, str], None],
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._doorman = doorman
        self._visitor = visitor
        self._refused = refused

    async def ask(self, request: Request) -> Response:
        """The form to sign in."""
        notice = {"ready": "sign_in.ready", "left": "sign_in.left"}.get(request.query_params.get("after", ""))
        wanted = local(request.query_params.get("next", ""))
        return self._show("sign_in.html", request, name="", next=wanted, notice=notice)

    async def enter(self, request: Request) -> Response:
        """A name and a password, for a session."""
        given = await self._form(request)
        name, password, wanted = given.one("name"), given.one("password"), local(given.one("next"))
        previous = self._doorman.cookie.read(request)
        try:
            cookie, _ = await self._sessions().sign_in(name, password, _peer(request), previous=previous)
        except (NotSignedIn, TooManyAttempts) as error:
            self._refused(error.name, _peer(request))
            return self._show("sign_in.html", request, error=error, name=name, next=wanted, notice=None)
        answer = see_other(wanted)
        self._doorman.cookie.give(answer, cookie)
        self._visitor.take(answer)
        return answer

    async def leave(self, request: Request) -> Response:
        """The end of a session."""
        await self._doorman.require(request)
        await self._sessions().sign_out(self._doorman.cookie.read(request))
        answer = see_other(f"{SIGN_IN}?after=left")
        self._doorman.cookie.take(answer)
        return answer

    async def begin(self, request: Request) -> Response:
        """The form to choose a password."""
        return self._show("setup.html", request, secret="")

    async def choose(self, request: Request) -> Response:
        """The secret of a setup link, for a password."""
        given = await self._form(request)
        secret, password = given.one("secret").strip(), given.one("password")
        if password != given.one("again"):
            return self._show("setup.html", request, error=FormRefused(WORDS["setup.differ"]), secret=secret)
        try:
            await self._accounts().set_password(secret, password)
        except (FormRefused, TooManyAttempts) as error:
            self._refused(error.name, _peer(request))
            return self._show("setup.html", request, error=error, secret=secret)
        return see_other(f"{SIGN_IN}?after=ready")

    async def _form(self, request: Request) -> Form:
        await self._doorman.require_own_form(request, self._visitor.read(request))
        return await form(request)

    def _show(
        self, template: str, request: Request, *, error: WaarmerkError | None = None, **values: object
    ) -> Response:
        secret = self._visitor.read(request) or secrets.token_urlsafe(32)
        status = 200 if error is None else problem(error, "").status
        answer = page(template, request, status=status, error=error, csrf=csrf(secret), **values)
        self._visitor.give(answer, secret)
        return answer


def local(wanted: str) -> str:
    """Where to go after signing in: what was asked for if it is a page of the desk, else its first page."""
    return wanted if len(wanted) <= _LONGEST_NEXT and _LOCAL.fullmatch(wanted) else HOME


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
