# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people and other programs meet beside the model routes: sign-in, desk, verify, manifests, reviews, log, health."""

from __future__ import annotations

import time
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from app.domain.clock import SystemClock
from app.evidence.delivered import Provenance
from app.evidence.receipt import Receipts
from app.evidence.verification import Verification
from app.marking.manifests import C2paManifests
from app.policy.disclosure import SHOWN, Variant
from app.web import desk, health, manifests, problem_pages, reviews, sign_in, verify, verify_api
from app.web import log as log_pages
from app.web.enquiry import Enquiries
from app.web.pages import ASSETS
from app.web.rate import RateLimit
from app.web.session import Doorman
from watermark.label import OwnLines
from watermark.manifest import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fastapi import APIRouter

    from app.coverage import Coverage
    from app.main import House
    from app.policy.organisation import Organisation
    from app.policy.room import PolicyRoom
    from app.service import Service
    from watermark.model import Disclosure

_QUESTIONS_AT_ONCE = 30
_QUESTIONS_PER_SECOND = 0.5
"""Of one network, of verify and manifests together: a citizen with a letter needs a few."""


class Front:
    """Furnishes the pages from a house that opens later, and closes earlier, than the server."""

    def __init__(
        self,
        service: Service,
        coverage: Callable[[PolicyRoom], Coverage],
        *,
        public_address: str,
        version: str,
        refused: Callable[[str, str], None],
    ) -> None:
        """`refused` is the security log: problem and peer."""
        self._service = service
        self._coverage = coverage
        self._address = public_address
        self._version = version
        self._refused = refused

    def routers(self) -> Iterable[APIRouter]:
        """All of them; what none of them knows is 404."""
        service, address = self._service, self._address
        doorman = Doorman(lambda: self._house.sessions, address)
        enquiries = Enquiries(
            self._verification,
            RateLimit(time.monotonic, burst=_QUESTIONS_AT_ONCE, per_second=_QUESTIONS_PER_SECOND),
        )
        yield ASSETS.router()
        yield health.router(service.checks)
        yield problem_pages.router()
        yield log_pages.router(service.log, lambda: self._coverage(self._house.policy), service.auditor)
        yield reviews.router(service.pipeline)
        yield sign_in.router(
            lambda: self._house.accounts, lambda: self._house.sessions, doorman, address, self._refused
        )
        yield desk.router(service.pipeline, doorman, self._people, SystemClock())
        yield verify.router(enquiries, self._organisation, public_address=address)
        yield verify_api.router(enquiries, self._organisation, public_address=address)
        yield manifests.router(self._provenance, enquiries)

    @property
    def _house(self) -> House:
        return self._service.house()

    async def _people(self) -> Mapping[str, str]:
        return {user.id: user.name for user in await self._house.accounts.users()}

    def _organisation(self, organisation: str) -> Organisation | None:
        return self._house.policy.organisation(organisation)

    def _name_of(self, organisation: str) -> str:
        registered = self._organisation(organisation)
        return registered.name if registered else organisation

    def _lines(self, *variants: Variant) -> OwnLines:
        return _own_lines(tuple(self._house.policy.disclosures(variants)), self._address)

    def _verification(self) -> Verification:
        house = self._house
        return Verification(
            house.outputs,
            house.reader,
            Receipts(house.reader, house.published),
            house.keys.commitment,
            house.organisation,
            lines=partial(self._lines, *SHOWN),
            read_manifest=partial(read_text, trust_anchors=self._roots),
        )

    def _provenance(self) -> Provenance:
        house = self._house
        return Provenance(
            house.outputs,
            house.reader,
            C2paManifests(house.keys.claim, house.clock, version=self._version),
            lines=partial(self._lines, Variant.INTERNAL_DRAFT),
            name_of=self._name_of,
            read_manifest=read_text,
        )

    @cached_property
    def _roots(self) -> str:
        root = self._house.keys.claim_root
        return "" if root is None else root.read_text(encoding="ascii")


@lru_cache(maxsize=8)
def _own_lines(disclosures: tuple[Disclosure, ...], origin: str) -> OwnLines:
    """Compiled once for each version of the texts."""
    return OwnLines(disclosures, origin)
