# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The desk on a real socket, with real accounts and sessions; holds are kept in a table instead of a ledger."""

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn

from app.domain.errors import Fault, InvalidRequest, ReviewConflict, UnknownName
from app.domain.ids import new_code, new_id
from app.domain.review import (
    INVISIBLE_CHARACTERS,
    OPEN,
    REASONS,
    Act,
    Attestation,
    Hold,
    HoldState,
    Item,
    Note,
    ReviewClass,
    Reviewer,
    Role,
    SignOff,
    Verdict,
    change,
)
from app.domain.separation import require, require_sight
from app.domain.text import LocalText
from app.web import desk, sign_in
from app.web.pages import ASSETS
from app.web.session import Doorman
from app.web.site import pages
from tests.pages import nothing_to_open
from tests.people import ORGANISATION, HandClock, People, people
from watermark import label, text
from watermark.model import Disclosure, Mark

ONE = ReviewClass(
    "one",
    1,
    editor_may_approve=True,
    attestations=(
        Attestation("facts", LocalText(nl="Ik heb de feiten gecontroleerd.", en="I have checked the facts.")),
        Attestation(
            "sources",
            LocalText(nl="De tekst zegt wat er in de bronnen staat.", en="The text says what the sources say."),
        ),
        Attestation(
            "tone",
            LocalText(nl="De toon past bij de lezer.", en="The tone suits the reader."),
        ),
    ),
)
TWO = replace(ONE, id="two", sign_offs=2, editor_may_approve=False)
LINES = Disclosure(
    "nl",
    "Deze tekst is gemaakt met hulp van AI. Een medewerker van Gemeente Voorbeeld heeft de inhoud gecontroleerd op {date}.",
    "Gemaakt met AI · code {code} · {url}",
)
ANSWER = (
    "U vraagt een paspoort aan bij uw gemeente. Maak daarvoor eerst een afspraak.\n\n"
    "Neem uw oude paspoort mee en een pasfoto die niet ouder is dan zes maanden. Bent u jonger dan 18 jaar? "
    "Dan geeft uw ouder of voogd toestemming.\n\n"
    "Uw nieuwe paspoort ligt na vijf werkdagen klaar."
)
ASKED = (
    ("system", "Schrijf korte antwoorden in eenvoudig Nederlands voor de website van de gemeente."),
    ("user", "Hoe vraag ik een paspoort aan?"),
)


@dataclass
class Sheet:
    """One hold and what is kept of it."""

    hold: Hold
    asked: Sequence[tuple[str, str]]
    texts: dict[int, str]
    original: Mapping[int, str]
    notes: list[Note] = field(default_factory=list)
    erased: bool = False
    data: bool = False
    """Whether it is released as it is."""


class PaperPipeline:
    """The entries that the desk uses, on a table in memory."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.sheets: dict[str, Sheet] = {}
        self.seen: list[tuple[str, str]] = []

    def add(
        self,
        *texts: str,
        asked: Sequence[tuple[str, str]] = ASKED,
        waits: timedelta = timedelta(hours=2),
        **changes: Any,  # noqa: ANN401  fields of the hold
    ) -> Hold:
        """A hold that waits; one with the answer above unless told otherwise."""
        now = self.clock.now()
        content = dict(enumerate(texts or (ANSWER,)))
        hold = Hold(
            id=new_id("rev", now),
            exchange=new_id("exc", now),
            organisation=ORGANISATION,
            application="balie",
            task="balie-antwoord",
            profile="publication",
            review_class=ONE,
            policy="p" * 64,
            label="reviewed",
            language="nl",
            requester="somebody",
            state=HoldState.PENDING,
            opened_at=now - waits,
            expires_at=now + timedelta(days=20),
            codes={choice: new_code() for choice in content},
            same="s",
            edition=1,
            binding=_binding(content),
        )
        hold = replace(hold, **changes)
        self.sheets[hold.id] = Sheet(hold, asked, content, dict(content))
        return hold

    async def queue(self, reviewer: Reviewer) -> Sequence[Hold]:
        """By term."""
        return sorted((hold for hold in self._of(reviewer) if hold.state in OPEN), key=lambda hold: hold.expires_at)

    async def closed(self, reviewer: Reviewer) -> Sequence[Hold]:
        """The newest first."""
        decided = [hold for hold in self._of(reviewer) if hold.state not in OPEN]
        return sorted(decided, key=lambda hold: hold.closed_at or hold.opened_at, reverse=True)

    async def open_item(self, reviewer: Reviewer, review: str) -> Item:
        """With the label and the marks it would get today."""
        sheet = self._sheet(review)
        require_sight(reviewer, sheet.hold)
        self.seen.append((reviewer.name, review))
        if sheet.erased:
            return Item(sheet.hold, erased=True)
        form = {
            choice: content if sheet.data else _published(content, sheet.hold.codes[choice])
            for choice, content in sheet.texts.items()
        }
        return Item(sheet.hold, sheet.asked, sheet.texts, sheet.original, form, sheet.notes)

    async def sign_off(self, reviewer: Reviewer, review: str, verdict: Verdict) -> Hold:
        """As the words of `app.domain.review` say."""
        sheet = self._sheet(review)
        hold, now = sheet.hold, self.clock.now()
        require(reviewer, hold, verdict.act)
        if verdict.version != hold.version or (verdict.act is Act.APPROVE and verdict.binding != hold.binding):
            raise ReviewConflict
        if verdict.act in {Act.REJECT, Act.REQUEST_CHANGES} and verdict.reason not in REASONS:
            raise InvalidRequest(Fault("/reason", "is none"))
        if verdict.act is Act.APPROVE:
            asked = {each.id for each in hold.review_class.attestations}
            if asked != set(verdict.attestations) - {INVISIBLE_CHARACTERS}:
                raise InvalidRequest(Fault("/attest", "not all"))
            signed = SignOff(reviewer.id, now, hold.binding, verdict.attestations)
            changed = change(hold, verdict.act, now, reviewer.id)
            changed = replace(changed, sign_offs=(*hold.sign_offs, signed))
        else:
            changed = change(hold, verdict.act, now, reviewer.id)
        if verdict.act is Act.EDIT:
            sheet.texts.update(verdict.texts)
            changed = replace(changed, binding=_binding(sheet.texts))
        if verdict.act not in {Act.CLAIM, Act.LET_GO}:
            sheet.notes.append(Note(reviewer.id, now, verdict.act, verdict.reason, verdict.comment))
        sheet.hold = replace(changed, reason=verdict.reason)
        return sheet.hold

    def _of(self, reviewer: Reviewer) -> list[Hold]:
        return [sheet.hold for sheet in self.sheets.values() if sheet.hold.organisation == reviewer.organisation]

    def _sheet(self, review: str) -> Sheet:
        try:
            return self.sheets[review]
        except KeyError:
            raise UnknownName from None


def _binding(texts: Mapping[int, str]) -> str:
    said = json.dumps({str(choice): content for choice, content in texts.items()}, sort_keys=True)
    return hashlib.sha256(said.encode(errors="backslashreplace")).hexdigest()


def _published(content: str, code: str) -> str:
    opening = label.opening(LINES, date="23 november 2026")
    marked = text.mark(content, Mark.of_code(code))
    return opening + marked + label.closing(LINES, code, "https://waarmerk.example")


@dataclass
class PaperDesk:
    """What a test works with."""

    address: str
    pipeline: PaperPipeline
    people: People
    stops: list[str]
    """Problems that were told to the security log."""

    async def cookie(self, name: str, *roles: Role, uses: Sequence[str] = ()) -> str:
        """Of a new account that is signed in."""
        await self.people.reviewer(name, *roles)
        return await self.people.cookie(name)


@asynccontextmanager
async def paper_desk(folder: Path) -> AsyncIterator[PaperDesk]:
    """Served on loopback until the end."""
    async with people(folder) as rooms:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        pipeline = PaperPipeline(rooms.clock)
        doorman = Doorman(lambda: rooms.sessions, address)
        stops: list[str] = []

        async def names() -> Mapping[str, str]:
            users = await asyncio.to_thread(rooms.reader.users)
            return {user.id: user.name for user in users}

        def refused(name: str, _peer: str) -> None:
            stops.append(name)

        app = pages(
            [
                sign_in.router(lambda: rooms.accounts, lambda: rooms.sessions, doorman, address, refused),
                desk.router(lambda: pipeline, doorman, names, rooms.clock),
                ASSETS.router(),
            ],
            nothing_to_open,
            version="0",
            public_address=address,
            turned_away=refused,
        )
        app.state.development = False
        async with _served(app, listener):
            yield PaperDesk(address, pipeline, rooms, stops)


@asynccontextmanager
async def _served(app: Any, listener: socket.socket) -> AsyncIterator[None]:  # noqa: ANN401  any ASGI application
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    task = asyncio.create_task(server.serve([listener]))
    try:
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task
