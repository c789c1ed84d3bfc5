# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Holds, outputs, people and messages that tests of storage put into a ledger."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

from app.domain.account import Session, User
from app.domain.ids import new_code, new_id
from app.domain.ledger import Unit
from app.domain.output import Message, Output, OutputStatus, Released
from app.domain.review import Attestation, Hold, HoldState, ReviewClass, Role, SignOff
from app.domain.text import LocalText
from app.storage.ledger import SqlLedger
from tests.storage_units import MOMENT, ORGANISATION, a_record

T = TypeVar("T")

CLASS = ReviewClass(
    id="two",
    sign_offs=2,
    editor_may_approve=False,
    attestations=(Attestation("read", LocalText(nl="Ik heb alles gelezen.", en="I have read all of it.")),),
    lease_minutes=20,
    expires_days=14,
)


def a_hold(**fields: Any) -> Hold:  # noqa: ANN401
    """One that waits; whatever is not named is as a fresh hold has it."""
    name = new_id("rev", MOMENT)
    fresh = Hold(
        id=name,
        exchange=new_id("exc", MOMENT),
        organisation=ORGANISATION,
        application="guus",
        task="guus-antwoord",
        profile="publication",
        review_class=CLASS,
        policy="a" * 64,
        label="reviewed",
        language="nl",
        requester=None,
        state=HoldState.PENDING,
        opened_at=MOMENT,
        expires_at=MOMENT + timedelta(days=14),
        codes={0: new_code()},
        same=sha256(name.encode()).hexdigest(),
        edition=1,
        binding="b" * 64,
    )
    return replace(fresh, **fields)


def a_busy_hold() -> Hold:
    """One in which no field is as it began."""
    return a_hold(
        requester="c" * 64,
        state=HoldState.CLAIMED,
        codes={0: new_code(), 1: new_code()},
        version=4,
        edition=2,
        record=new_id("rec", MOMENT),
        claimed_by="usr_1",
        claimed_until=MOMENT + timedelta(minutes=20),
        renewals=3,
        editors=("usr_2", "usr_3"),
        sign_offs=(SignOff("usr_4", MOMENT + timedelta(milliseconds=7), "b" * 64, ("read",)),),
        reason="facts",
        fetched_at=MOMENT + timedelta(hours=1),
        attributes={"responsible": "Gemeente Voorbeeld", "contact": "één loket"},
    )


def an_output(**fields: Any) -> Output:  # noqa: ANN401
    """One choice that left at once."""
    fresh = Output(
        code=new_code(),
        exchange=new_id("exc", MOMENT),
        choice=0,
        organisation=ORGANISATION,
        application="guus",
        profile="internal-draft",
        day=MOMENT.date(),
        status=OutputStatus.DELIVERED,
        record=new_id("rec", MOMENT),
    )
    return replace(fresh, **fields)


def outputs_of(hold: Hold) -> list[Output]:
    """What leaves when it is approved."""
    return [
        an_output(
            code=code,
            exchange=hold.exchange,
            choice=choice,
            profile=hold.profile,
            status=OutputStatus.APPROVED,
            record=f"rec_{hold.id}",
            hold=hold.id,
        )
        for choice, code in hold.codes.items()
    ]


def released_of(hold: Hold) -> list[Released]:
    """By what each of its texts is found."""
    return [
        Released(
            code, tuple(sha256(f"{code} {form}".encode()).hexdigest() for form in range(3)), b"\0c2pa " + code.encode()
        )
        for code in hold.codes.values()
    ]


def a_user(**fields: Any) -> User:  # noqa: ANN401
    """Somebody with an account."""
    name = new_id("usr", MOMENT)
    fresh = User(
        id=name, organisation=ORGANISATION, name=f"r{name[-12:]}", roles=frozenset({Role.REVIEWER}), created_at=MOMENT
    )
    return replace(fresh, **fields)


def a_session(user: User, **fields: Any) -> Session:  # noqa: ANN401
    """A browser of theirs."""
    digest = sha256(new_id("", MOMENT).encode()).hexdigest()
    return replace(Session(digest, user.id, user.organisation, MOMENT, MOMENT), **fields)


def a_message(**fields: Any) -> Message:  # noqa: ANN401
    """Something to tell."""
    return replace(Message(new_id("msg", MOMENT), ORGANISATION, "webhook:guus", b'{"id":1}', MOMENT), **fields)


async def do(ledger: SqlLedger, work: Callable[[Unit], T]) -> T:
    """One unit with its record."""
    return await ledger.commit(work, lambda _: [a_record()])
