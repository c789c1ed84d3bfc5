# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the log says of one call: commitments that a salt can open, and never the text itself."""

import asyncio
import hmac
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.answer import Event, Finding
from app.domain.call import Interruption
from app.domain.decision import Decision, Deployment, Effect, Keep
from app.domain.errors import (
    Busy,
    ClientGone,
    Denied,
    EvidenceUnavailable,
    InvalidRequest,
    ReviewConflict,
    UpstreamInvalid,
    UpstreamTimeout,
)
from app.domain.generation import Generation
from app.domain.ledger import Unit
from app.domain.output import OutputStatus
from app.domain.record import Record, RecordType
from app.domain.subject import Context, Subject
from app.domain.text import LocalText
from app.evidence.commitments import commit, keyed
from app.evidence.exchange import MOST_KEPT, Evidence, Exchange
from tests.fake_upstream import FakeUpstream
from tests.furnished import Furnished, furnished

TEXT = LocalText(nl="Ja.", en="Yes.")
DEPLOYMENT: Deployment = FakeUpstream().deployment()
DECISION = Decision(
    Effect.PERMIT,
    "permitted",
    TEXT,
    TEXT,
    "0" * 64,
    task="balie-zoekvraag",
    profile="machine",
    deployment=DEPLOYMENT,
    obligations=(Keep(30),),
)
GENERATION = Generation(
    "openai", "openai.chat.completions", "balie-zoekvraag", stream=True, choices=2, body={}, prompt=("geheim", "plan")
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Furnished]:
    async with furnished(tmp_path / "home", 1) as open_house:
        yield open_house


@pytest.fixture
async def subject(house: Furnished) -> Subject:
    key, _ = await house.house.registrar().create_key("balie", [])
    access = await house.house.identity.refresh()
    context = Context(actor="p-1", case="Z-1")
    return Subject(key.id, "gemeente-voorbeeld", "balie", frozenset(), context, access.version)


def start(house: Furnished, subject: Subject, interruption: Interruption | None = None) -> Exchange:
    return house.pipeline.evidence.exchange(subject, "openai.chat.completions", interruption or Interruption())


async def opened(house: Furnished, subject: Subject, keep: Keep | None = None) -> Exchange:
    exchange = start(house, subject)
    exchange.judged(GENERATION, DECISION if keep is None else replace(DECISION, obligations=(keep,)))
    await exchange.open(DEPLOYMENT)
    return exchange


def salt(house: Furnished, exchange: str) -> bytes:
    with closing(sqlite3.connect(house.house.settings.home / "waarmerk.db")) as database:
        row: tuple[bytes] = database.execute("SELECT salt FROM exchange WHERE id = ?", (exchange,)).fetchone()
    return row[0]


async def test_the_salt_opens_the_commitments_and_the_log_holds_no_text(house: Furnished, subject: Subject) -> None:
    async with await opened(house, subject) as exchange:
        for text in ("Dag ", "burger"):
            exchange.observe(Event(text.encode(), findings=(Finding(0, "content", text), Finding(1, "refusal", "Nee"))))
        await exchange.deliver("m")
    key = salt(house, exchange.id)
    first, last = house.records()[-2:]
    assert first["prompt"] == commit(key, "prompt", "geheim", "plan")
    assert last["output"] == {
        "0": {"content": hmac.digest(key, b"0\0content\0Dag burger", "sha256").hex()},
        "1": {"rest": hmac.digest(key, b"1\0rest\0NeeNee", "sha256").hex()},
    }
    assert last["received"] == hmac.digest(key, b"received\0Dag burger", "sha256").hex()
    assert (last["prev"], last["bytes"], last["upstream_model"]) == (first["id"], 10, "m")
    assert list(last["codes"]) == ["0", "1"]  # type: ignore[call-overload]  # a record is a tree
    stored = b"".join(path.read_bytes() for path in house.house.settings.home.glob("waarmerk.db*"))
    assert not [text for text in (b"geheim", b"burger", b"p-1", b"Z-1") if text in stored]


async def test_who_asked_is_committed_to_under_the_organisations_key(house: Furnished, subject: Subject) -> None:
    async with await opened(house, subject):
        pass
    key = house.house.keys.commitment.of("gemeente-voorbeeld")
    record = house.records()[-2]
    assert record["context"] == {"actor": keyed(key, "actor", "p-1"), "case": keyed(key, "case", "Z-1")}
    assert record["requester"] == "known"


async def test_kept_content_is_sealed_and_opens_again(house: Furnished, subject: Subject) -> None:
    async with await opened(house, subject, Keep(30, content=True)) as exchange:
        exchange.observe(Event(b"antwoord-in-klare-tekst"))
        await exchange.deliver(None)
    sealed = {item.kind: item for item in house.house.contents.sealed(exchange.id)}
    cipher = house.house.keys.cipher
    assert cipher.open(sealed["prompt"]) == b"geheim\nplan"
    assert cipher.open(sealed["output"]) == b"antwoord-in-klare-tekst"
    assert b"klare-tekst" not in (house.house.settings.home / "waarmerk.db").read_bytes()


async def test_an_answer_too_long_to_keep_is_not_delivered_where_it_must_be_kept(
    house: Furnished, subject: Subject
) -> None:
    long = Event(b"x" * (MOST_KEPT + 1))
    async with await opened(house, subject) as exchange:
        exchange.observe(long)
        await exchange.deliver(None)
    with pytest.raises(UpstreamInvalid):
        async with await opened(house, subject, Keep(30, content=True)) as exchange:
            exchange.observe(long)


async def test_content_that_is_not_to_be_kept_is_not_kept(house: Furnished, subject: Subject) -> None:
    async with await opened(house, subject) as exchange:
        await exchange.deliver(None)
    assert list(house.house.contents.sealed(exchange.id)) == []


@pytest.mark.parametrize(
    ("error", "kind", "cause"),
    [
        (UpstreamTimeout(), "exchange:failed", "upstream-timeout"),
        (ValueError("geheim"), "exchange:failed", "internal-error"),
        (Busy(), "exchange:aborted", "busy"),
        (None, "exchange:aborted", "client-gone"),
    ],
)
async def test_an_exchange_that_was_opened_always_ends_in_the_log(
    house: Furnished, subject: Subject, error: Exception | None, kind: str, cause: str
) -> None:
    exchange = await opened(house, subject)
    await exchange.__aexit__(type(error) if error else None, error, None)
    record = house.records()[-1]
    assert (record["type"], record["cause"], record["exchange"]) == (kind, cause, exchange.id)
    assert house.pipeline.evidence.running == {}


async def test_the_cause_of_an_interruption_is_the_cause_in_the_log(house: Furnished, subject: Subject) -> None:
    interruption = Interruption()
    exchange = start(house, subject, interruption)
    exchange.judged(GENERATION, DECISION)
    await exchange.open(DEPLOYMENT)
    interruption.trip(Busy())
    await exchange.__aexit__(UpstreamTimeout, UpstreamTimeout(), None)
    assert house.records()[-1]["cause"] == "busy"


async def leave_while_it_is_opened(house: Furnished, subject: Subject) -> None:
    """Raises what the call raised."""
    interruption = Interruption()

    async def call() -> None:
        async with start(house, subject, interruption) as exchange:
            exchange.judged(GENERATION, DECISION)
            await exchange.open(DEPLOYMENT)

    running = asyncio.get_running_loop().create_task(call())
    interruption.bind(running)
    while not house.pipeline.evidence.running:  # noqa: ASYNC110 it is opened in a task of its own
        await asyncio.sleep(0)
    interruption.trip(ClientGone())
    await running


async def test_who_leaves_while_it_is_opened_is_told_of_as_such(house: Furnished, subject: Subject) -> None:
    with pytest.raises(asyncio.CancelledError):
        await leave_while_it_is_opened(house, subject)
    told = [(record["type"], record.get("cause")) for record in house.records()[-2:]]
    assert told == [("exchange:opened", None), ("exchange:aborted", "client-gone")]
    assert house.pipeline.evidence.running == {}


async def test_who_leaves_while_it_is_refused_a_key_leaves_nothing_open(house: Furnished, subject: Subject) -> None:
    await house.house.registrar().revoke_key(subject.key)
    with pytest.raises(EvidenceUnavailable):
        await leave_while_it_is_opened(house, subject)
    assert house.records()[-1]["type"] == "key:revoked"
    assert house.pipeline.evidence.running == {}


async def test_a_refusal_tells_as_much_as_was_known(house: Furnished, subject: Subject) -> None:
    for judged, error in ((False, InvalidRequest()), (True, Denied("some-rule", TEXT, TEXT))):
        exchange = start(house, subject)
        if judged:
            exchange.judged(replace(GENERATION, model="x" * 500), DECISION)
        await exchange.__aexit__(type(error), error, None)
    early, late = house.records()[-2:]
    assert (early["name"], early["rule"], early["model_asked"], early["policy"]) == (
        "invalid-request",
        None,
        None,
        None,
    )
    assert (late["name"], late["rule"], late["model_asked"], late["policy"]) == (
        "denied",
        "some-rule",
        "x" * 128,
        "0" * 64,
    )


async def test_a_caller_who_makes_us_stumble_leaves_a_trace(house: Furnished, subject: Subject) -> None:
    exchange = start(house, subject)
    await exchange.__aexit__(TypeError, TypeError("geheim"), None)
    record = house.records()[-1]
    assert (record["type"], record["name"], record["exchange"]) == ("exchange:refused", "internal-error", exchange.id)


@pytest.mark.parametrize("error", [ClientGone(), EvidenceUnavailable(), asyncio.CancelledError()])
async def test_who_left_before_anything_was_asked_was_not_refused(
    house: Furnished, subject: Subject, error: BaseException
) -> None:
    before = house.records()
    await start(house, subject).__aexit__(type(error), error, None)
    assert house.records() == before


async def test_the_error_learns_the_name_of_its_exchange(house: Furnished, subject: Subject) -> None:
    exchange, error = start(house, subject), InvalidRequest()
    await exchange.__aexit__(InvalidRequest, error, None)
    assert error.exchange == exchange.id


async def test_an_exchange_that_another_worker_closed_cannot_be_delivered(house: Furnished, subject: Subject) -> None:
    exchange = await opened(house, subject)
    await house.house.ledger.commit(lambda unit: unit.close_exchange(exchange.id), lambda _: ())
    with pytest.raises(EvidenceUnavailable):
        await exchange.deliver(None)


async def test_it_is_opened_only_when_it_was_judged(house: Furnished, subject: Subject) -> None:
    with pytest.raises(RuntimeError):
        await start(house, subject).open(DEPLOYMENT)


def test_evidence_promises_what_it_does() -> None:
    assert Evidence.fulfils == {Keep}


async def test_what_leaves_is_known_to_verify_under_its_code(house: Furnished, subject: Subject) -> None:
    async with await opened(house, subject) as exchange:
        assert house.house.outputs.output(exchange.codes[0]) is None
        await exchange.deliver(None)
    for index, code in exchange.codes.items():
        output = house.house.outputs.output(code)
        assert output is not None
        assert (output.choice, output.profile, output.status) == (index, "machine", OutputStatus.DELIVERED)
        assert output.record == house.records()[-1]["id"]


async def test_what_is_held_ends_the_exchange_in_one_step_with_its_hold(house: Furnished, subject: Subject) -> None:
    done: list[str] = []
    async with await opened(house, subject) as exchange:
        exchange.observe(Event(b"Dag", findings=(Finding(0, "content", "Dag"),)))
        told = Record(
            RecordType.HOLD_OPENED,
            "rec_x",
            house.house.clock.now(),
            "gemeente-voorbeeld",
            exchange.id,
            exchange.opening,
        )
        await exchange.hold("rev_1", "b" * 64, "m", lambda unit: done.append("worked"), [told])
    first, last, hold = house.records()[-3:]
    assert done == ["worked"]
    assert (last["type"], last["prev"], last["hold"], last["upstream_model"]) == (
        "exchange:held",
        first["id"],
        "rev_1",
        "m",
    )
    assert last["binding"] == commit(salt(house, exchange.id), "binding", "b" * 64)
    assert (hold["id"], hold["prev"]) == ("rec_x", first["id"])
    assert house.house.outputs.output(exchange.codes[0]) is None
    assert house.pipeline.evidence.running == {}


async def test_a_hold_that_another_was_before_leaves_an_exchange_that_still_ends(
    house: Furnished, subject: Subject
) -> None:
    def work(unit: Unit) -> None:
        raise ReviewConflict

    with pytest.raises(ReviewConflict):
        async with await opened(house, subject) as exchange:
            await exchange.hold("rev_1", "b" * 64, None, work, [])
    record = house.records()[-1]
    assert (record["type"], record["cause"], record["exchange"]) == ("exchange:failed", "review-conflict", exchange.id)
    assert house.pipeline.evidence.running == {}


async def test_a_repeated_call_is_a_record_that_names_the_review(house: Furnished, subject: Subject) -> None:
    async with start(house, subject) as exchange:
        exchange.judged(GENERATION, DECISION)
        await exchange.repeat("rev_1")
    record = house.records()[-1]
    assert (record["type"], record["name"], record["hold"]) == ("exchange:refused", "held", "rev_1")


async def test_of_a_text_that_is_handed_in_no_model_is_named(house: Furnished, subject: Subject) -> None:
    async with start(house, subject) as exchange:
        exchange.judged(GENERATION, DECISION)
        await exchange.open(DEPLOYMENT, asked=False)
    record = house.records()[-2]
    assert (record["provider"], record["deployment"], record["model"]) == (None, None, None)
