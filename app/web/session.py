# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is at the desk: the cookie, and whether a form was sent from a page of ours (OWASP ASVS 5.0, 3.3 and 3.5.1)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from fastapi import Request, Response

from app.domain.errors import FormRefused, NotPermitted, NotSignedIn
from app.domain.review import Reviewer, Role
from app.domain.text import LocalText
from app.identity.sessions import Sessions, csrf
from app.web.forms import form

_READING: Final = frozenset({"GET", "HEAD"})
_NO_ROLE: Final = LocalText(nl="Uw account mag deze pagina niet gebruiken.", en="Your account may not use this page.")
_ASK: Final = LocalText(nl="Vraag uw beheerder om de juiste rol.", en="Ask your operator for the right role.")
_STRANGE: Final = LocalText(nl="Dit formulier komt niet van deze dienst.", en="This form is not from this service.")
_STALE: Final = LocalText(
    nl="Dit formulier hoort bij een sessie die voorbij is.", en="This form belongs to a session that is over."
)
_RELOAD: Final = LocalText(
    nl="Laad de pagina opnieuw en vul het formulier nog eens in.",
    en="Load the page again and fill in the form once more.",
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, and what every form of the page must carry in its field `csrf`."""

    reviewer: Reviewer
    csrf: str = field(repr=False)


class Cookie:
    """A secret in the browser: for this host only, never for scripts, never with what another site sends.

    `__Host-` makes the browser itself insist on that (RFC 6265bis 4.1.3); it needs https, which only a development address lacks.
    `strict` also leaves it out when somebody comes here by a link.
    """

    def __init__(self, name: str, public_address: str, *, strict: bool = False) -> None:
        self._secure = public_address.startswith("https://")
        self._strict = strict
        self.name = f"__Host-{name}" if self._secure else name

    def read(self, request: Request) -> str:
        """Its value; "" when there is none."""
        return request.cookies.get(self.name, "")

    def give(self, answer: Response, value: str) -> None:
        """Until the browser is closed; the server ends it earlier."""
        answer.set_cookie(self.name, value, path="/", secure=self._secure, httponly=True, samesite=self._same_site)

    def take(self, answer: Response) -> None:
        """Have it forgotten."""
        answer.delete_cookie(self.name, path="/", secure=self._secure, httponly=True, samesite=self._same_site)

    @property
    def _same_site(self) -> Literal["lax", "strict"]:
        return "strict" if self._strict else "lax"


class Doorman:
    """Stands before every page that is not for everybody. `sessions` is asked once the house is open."""

    def __init__(self, sessions: Callable[[], Sessions], public_address: str) -> None:
        self._sessions = sessions
        self._address = public_address
        self.cookie = Cookie("waarmerk", public_address)

    async def require(self, request: Request, *roles: Role) -> SignedIn:
        """Who asks, in one of these roles (none named: in any). Whatever is not a mere reading is judged as a form.

        Raises `NotSignedIn`, `NotPermitted`, `FormRefused`, `InvalidRequest`, `TooLarge`, `EvidenceUnavailable`.
        """
        secret = self.cookie.read(request)
        if not secret:
            raise NotSignedIn
        if request.method not in _READING:  # first: a form may take its time, and its sender be shut out meanwhile
            await self.require_own_form(request, secret)
        reviewer = await self._sessions().reviewer(secret)
        if roles and not reviewer.roles & frozenset(roles):
            raise NotPermitted(_NO_ROLE, remedy=_ASK)
        return SignedIn(reviewer, csrf(secret))

    async def require_own_form(self, request: Request, secret: str) -> None:
        """Raise `FormRefused` for a form that no page of ours made for the holder of this secret."""
        if not self._is_own(request):
            raise FormRefused(_STRANGE, remedy=_RELOAD)
        given = (await form(request)).all("csrf")
        if not secret or len(given) != 1 or not hmac.compare_digest(given[0].encode(), csrf(secret).encode()):
            raise FormRefused(_STALE, remedy=_RELOAD)

    def _is_own(self, request: Request) -> bool:
        """A browser says where a form comes from, in one header or both; what says nothing is no browser."""
        # The guard let the host pass, so it is ours; a proxy may have rewritten it, so the public address is ours too.
        scheme = urlsplit(self._address).scheme
        ours = {self._address, f"{scheme}://{request.headers.get('host', '')}"}
        said = [
            origin in ours if name == "origin" else origin == "same-origin"
            for name in ("origin", "sec-fetch-site")
            for origin in request.headers.getlist(name)
        ]
        return bool(said) and all(said)
