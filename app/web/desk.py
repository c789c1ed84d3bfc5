# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`/review/…`: the desk. A GET shows and changes nothing; a POST is one act of one person, then the browser looks elsewhere.

Every act names the version and the binding of what was shown. Where that is not what is stored, nothing happens: the page
comes back with what changed, and with what was typed.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app.domain.errors import Fault, FormRefused, InvalidRequest, ReviewConflict, SeparationRefused, WaarmerkError
from app.domain.review import INVISIBLE_CHARACTERS, REASONS, Act, HoldState, Role, Verdict
from app.web import review_views
from app.web.diff import compare
from app.web.forms import form
from app.web.pages import PageRoute, page, see_other
from app.web.problems import problem
from app.web.review_views import Viewer
from app.web.safe_text import pieces
from app.web.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from app.domain.clock import Clock
    from app.domain.review import Hold, Item, Reviewer
    from app.web.forms import Form
    from app.web.safe_text import Piece
    from app.web.session import Doorman, SignedIn

HOME: Final = "/review/"
ACTS: Final = {
    "claim": Act.CLAIM,
    "let-go": Act.LET_GO,
    "edit": Act.EDIT,
    "approve": Act.APPROVE,
    "reject": Act.REJECT,
    "request-changes": Act.REQUEST_CHANGES,
    "withdraw": Act.WITHDRAW,
}
"""By the last part of the address."""
_READERS: Final = frozenset({Role.REVIEWER, Role.AUDITOR})
_WITH_COMMENT: Final = frozenset({Act.REJECT, Act.REQUEST_CHANGES})
_LONGEST_COMMENT: Final = 4000
_CHOICE: Final = re.compile("[0-9]{1,3}")
_REVIEW: Final = re.compile(r"rev_[0-9a-f-]{36}")
_SAID: Final = frozenset(name.removeprefix("said.") for name in WORDS if name.startswith("said."))


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form held that did not do what it was sent for: nobody should have to type it twice."""

    act: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an act did not happen."""

    error: WaarmerkError
    moved: bool = False
    """Somebody changed something meanwhile."""
    text_moved: bool = False
    """What they changed is the text."""


@dataclass(frozen=True, slots=True)
class News:
    """What the act before this page did: the name of a sentence, and the hold it is about."""

    said: str
    of: str


class Entries(Protocol):
    """The one door, as far as the desk uses it: `app.pipeline.Pipeline`."""

    async def queue(self, reviewer: Reviewer) -> Sequence[Hold]:
        """What waits."""
        ...

    async def closed(self, reviewer: Reviewer) -> Sequence[Hold]:
        """What was decided."""
        ...

    async def open_item(self, reviewer: Reviewer, review: str) -> Item:
        """One hold with its content."""
        ...

    async def sign_off(self, reviewer: Reviewer, review: str, verdict: Verdict) -> Hold:
        """One act."""
        ...


def router(
    pipeline: Callable[[], Entries],
    doorman: Doorman,
    people: Callable[[], Awaitable[Mapping[str, str]]],
    clock: Clock,
) -> APIRouter:
    """`pipeline` is asked once the house is open; `people` gives the names of this organisation's accounts, by id."""
    desk = Desk(pipeline, doorman, people, clock)
    routes = APIRouter(prefix="/review", include_in_schema=False, route_class=PageRoute)
    routes.add_api_route("", desk.home, methods=["GET"])
    routes.add_api_route("/", desk.queue, methods=["GET"])
    routes.add_api_route("/closed", desk.closed, methods=["GET"])
    routes.add_api_route("/account", desk.account, methods=["GET"])
    routes.add_api_route("/rev_{number}", desk.item, methods=["GET"])
    routes.add_api_route("/rev_{number}/changes", desk.changes, methods=["GET"])
    for name in ACTS:
        routes.add_api_route(f"/rev_{{number}}/{name}", desk.act, methods=["POST"])
    return routes


class Desk:
    """The pages of who reviews and of who reads along."""

    def __init__(
        self,
        pipeline: Callable[[], Entries],
        doorman: Doorman,
        people: Callable[[], Awaitable[Mapping[str, str]]],
        clock: Clock,
    ) -> None:
        self._pipeline = pipeline
        self._doorman = doorman
        self._people = people
        self._clock = clock

    async def home(self) -> Response:
        """The desk without its last stroke."""
        return see_other(HOME)

    async def queue(self, request: Request) -> Response:
        """What waits; for who does not review, what they can do instead."""
        who = await self._doorman.require(request)
        if not who.reviewer.roles & _READERS:
            return page("desk/start.html", request, signed_in=who)
        holds = await self._pipeline().queue(who.reviewer)
        asked = request.query_params
        shown = review_views.queue(
            holds,
            await self._viewer(who),
            state=asked.get("state", "all"),
            application=asked.get("application", ""),
        )
        return page("desk/queue.html", request, signed_in=who, queue=shown, news=_news(request))

    async def closed(self, request: Request) -> Response:
        """What was decided."""
        who = await self._doorman.require(request, *_READERS)
        viewer = await self._viewer(who)
        rows = [review_views.row(hold, viewer) for hold in await self._pipeline().closed(who.reviewer)]
        return page("desk/closed.html", request, signed_in=who, rows=rows, news=_news(request))

    async def account(self, request: Request) -> Response:
        """Who one is here."""
        who = await self._doorman.require(request)
        return page("desk/account.html", request, signed_in=who)

    async def item(self, request: Request, number: str) -> Response:
        """One hold, with its content."""
        who = await self._doorman.require(request, *_READERS)
        shown = await self._pipeline().open_item(who.reviewer, f"rev_{number}")
        return await self._show(request, who, shown)

    async def changes(self, request: Request, number: str) -> Response:
        """What people changed in the text of the model."""
        who = await self._doorman.require(request, *_READERS)
        shown = await self._pipeline().open_item(who.reviewer, f"rev_{number}")
        choices = await asyncio.to_thread(_changes, shown)
        return page("desk/changes.html", request, signed_in=who, hold=shown.hold, choices=choices)

    async def act(self, request: Request, number: str) -> Response:
        """One act of one person."""
        who = await self._doorman.require(request, Role.REVIEWER)
        review, act = f"rev_{number}", ACTS[request.url.path.rpartition("/")[2]]
        given = await form(request)
        verdict = _verdict(act, given)
        try:
            _require_comment(verdict)
            if act is Act.APPROVE:
                await self._require_look(who, review, given)
            hold = await self._pipeline().sign_off(who.reviewer, review, verdict)
        except InvalidRequest:
            incomplete = FormRefused(WORDS["item.no_edit" if act is Act.EDIT else "item.incomplete"])
            return await self._again(request, who, review, verdict, incomplete)
        except (ReviewConflict, FormRefused, SeparationRefused) as error:
            return await self._again(request, who, review, verdict, error)
        return see_other(await self._after(who, hold, act))

    async def _again(
        self, request: Request, who: SignedIn, review: str, verdict: Verdict, error: WaarmerkError
    ) -> Response:
        """The item as it is now, with what was typed. Raises what keeps this person from seeing it."""
        shown = await self._pipeline().open_item(who.reviewer, review)
        moved = isinstance(error, ReviewConflict) and shown.hold.version != verdict.version
        failure = Failure(error, moved, moved and shown.hold.binding != verdict.binding)
        typed = Typed(verdict.act.value, verdict.texts, verdict.reason, verdict.comment)
        return await self._show(request, who, shown, typed=typed, failure=failure)

    async def _show(
        self,
        request: Request,
        who: SignedIn,
        shown: Item,
        *,
        typed: Typed | None = None,
        failure: Failure | None = None,
    ) -> Response:
        return page(
            "desk/item.html",
            request,
            status=200 if failure is None else problem(failure.error, "").status,
            signed_in=who,
            item=await asyncio.to_thread(review_views.item, shown, await self._viewer(who)),
            typed=typed or Typed(),
            failure=failure,
            reasons=REASONS,
            foreign=INVISIBLE_CHARACTERS,
            longest_comment=_LONGEST_COMMENT,
            news=_news(request),
        )

    async def _require_look(self, who: SignedIn, review: str, given: Form) -> None:
        """Approving a text with characters that eyes would miss needs a tick of its own (docs/reviewer.md)."""
        found = await self._pipeline().open_item(who.reviewer, review)
        shown = await asyncio.to_thread(review_views.item, found, await self._viewer(who))
        if shown.foreign and INVISIBLE_CHARACTERS not in given.all("attest"):
            raise FormRefused(WORDS["item.need_foreign"])

    async def _after(self, who: SignedIn, hold: Hold, act: Act) -> str:
        """Where to look now: on with the next text once this one is done with."""
        said = act.value
        if act is Act.EDIT and hold.state is HoldState.PENDING:
            said = "edit_back"
        elif act is Act.APPROVE and hold.state is not HoldState.APPROVED:
            said = "approve_more"
        if act in {Act.CLAIM, Act.EDIT, Act.WITHDRAW}:
            return f"{HOME}{hold.id}?said={said}"
        told = urlencode({"said": said, "of": hold.id})
        if act is Act.LET_GO:
            return f"{HOME}?{told}"
        waiting = await self._pipeline().queue(who.reviewer)
        following = review_views.next_of(waiting, await self._viewer(who), hold.id)
        return f"{HOME}{following.id if following else ''}?{told}"

    async def _viewer(self, who: SignedIn) -> Viewer:
        return Viewer(who.reviewer, self._clock.now(), await self._people())


def _changes(shown: Item) -> Sequence[tuple[int, Sequence[tuple[str, Sequence[Piece]]]]]:
    """What changed in each choice."""
    return [
        (choice, [(change.kind, pieces(change.text)) for change in compare(shown.original.get(choice, ""), text)])
        for choice, text in sorted(shown.texts.items())
    ]


def _verdict(act: Act, given: Form) -> Verdict:
    """What a form says. Raises `InvalidRequest`."""
    version = given.one("version")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise InvalidRequest(Fault("/version", "must be a number"))
    return Verdict(
        act,
        int(version),
        binding=given.one("binding"),
        attestations=tuple(given.all("attest")) if act is Act.APPROVE else (),
        texts=_texts(given) if act is Act.EDIT else {},
        reason=given.one("reason") if act in _WITH_COMMENT else "",
        comment=given.one("comment").strip() if act in _WITH_COMMENT else "",
    )


def _texts(given: Form) -> dict[int, str]:
    """The fields `text-0`, `text-1` and so on."""
    named = ((name.removeprefix("text-"), name) for name in given.fields if name.startswith("text-"))
    return {int(choice): given.one(name) for choice, name in named if _CHOICE.fullmatch(choice)}


def _require_comment(verdict: Verdict) -> None:
    """Who made the text can do nothing with a bare no."""
    if verdict.act not in _WITH_COMMENT:
        return
    if verdict.reason not in REASONS:
        raise FormRefused(WORDS["item.need_reason"])
    if not verdict.comment or len(verdict.comment) > _LONGEST_COMMENT:
        raise FormRefused(WORDS["item.need_comment"])


def _news(request: Request) -> News:
    """From the address: only words of ours, and only a link into the desk."""
    said, of = request.query_params.get("said", ""), request.query_params.get("of", "")
    return News(said if said in _SAID else "", of if _REVIEW.fullmatch(of) else "")
