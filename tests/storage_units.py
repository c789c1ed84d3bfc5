# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What tests of storage put into a ledger, and a log of their own reckoning to compare with."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from app.domain.access import ApiKey
from app.domain.decision import Deployment
from app.domain.ids import new_id
from app.domain.ledger import OpenExchange, TreeHead, Unit
from app.domain.record import Record, RecordType
from app.domain.subject import Scope, Subject
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.log import SqlLogReader

ORGANISATION = "gemeente-voorbeeld"
MOMENT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def encode(record: Record) -> bytes:
    """Enough of a record to tell it from others; the real encoding is of `app.evidence`."""
    return json.dumps([record.id, record.type, record.exchange], separators=(",", ":")).encode()


def leaf(data: bytes) -> bytes:
    """RFC 6962 2.1."""
    return sha256(b"\0" + data).digest()


def fold(head: TreeHead, leaves: Sequence[bytes]) -> TreeHead:
    """RFC 6962 2.1, one leaf at a time."""
    nodes = list(head.nodes)
    for size, fresh in enumerate(leaves, head.size):
        node = fresh
        while size & 1:
            node = sha256(b"\1" + nodes.pop() + node).digest()
            size >>= 1  # noqa: PLW2901  the bits of the size say which subtrees are full
        nodes.append(node)
    return TreeHead(head.size + len(leaves), tuple(nodes))


def a_record(exchange: str | None = None, organisation: str = ORGANISATION) -> Record:
    """A record nobody wrote before."""
    return Record(RecordType.EXCHANGE_OPENED, new_id("rec", MOMENT), MOMENT, organisation, exchange)


def an_exchange(organisation: str = ORGANISATION, erase_after: date = date(2026, 12, 23)) -> OpenExchange:
    """A call that begins."""
    return OpenExchange(
        id=new_id("exc", MOMENT),
        organisation=organisation,
        application="guus",
        task="guus-antwoord",
        record=new_id("rec", MOMENT),
        salt=b"s" * 32,
        erase_after=erase_after,
    )


def a_key(organisation: str = ORGANISATION) -> ApiKey:
    """A key nobody has."""
    name = new_id("key", MOMENT)
    return ApiKey(
        id=name,
        organisation=organisation,
        application="guus",
        digest=sha256(name.encode()).hexdigest(),
        scopes=frozenset({Scope.CREATE_GENERATION, Scope.LIST_MODELS}),
        created_at=MOMENT,
        label="proef",
    )


def holder(key: ApiKey, access: int) -> Subject:
    """Whoever came in with this key, on this version of the access."""
    return Subject(key.id, key.organisation, key.application, key.scopes, access=access)


DEPLOYMENT = Deployment(
    id="voorbeeld-model",
    provider="voorbeeld-aanbieder",
    offering="api",
    contract="voorbeeld-contract",
    dialect="openai",
    scheme="https",
    host="model.example",
    port=443,
    path="",
    model="model-1",
    region="eu",
)


def written(database: Database, organisation: str = ORGANISATION) -> list[str]:
    """Ids of the records in the log, after checking that it is whole: dense, and its head that of its leaves."""
    reader = SqlLogReader(database)
    rows = list(reader.entries(organisation))
    assert [index for index, _, _ in rows] == list(range(len(rows)))
    assert reader.head(organisation) == fold(TreeHead(), [leaf(data) for _, _, data in rows])
    return [record for _, record, _ in rows]


async def write(ledger: SqlLedger, *records: Record) -> None:
    """Only records, no work."""
    await ledger.commit(lambda _: None, lambda _: records)


async def open_exchange(ledger: SqlLedger, exchange: OpenExchange) -> None:
    """The first half of a call."""
    await ledger.commit(lambda unit: unit.open_exchange(exchange), lambda _: [a_record(exchange.id)])


async def close_exchange(ledger: SqlLedger, exchange: OpenExchange) -> None:
    """The second half of a call."""
    await ledger.commit(lambda unit: unit.close_exchange(exchange.id), lambda _: [a_record(exchange.id)])


def in_turn(*steps: Callable[[Unit], object]) -> Callable[[Unit], None]:
    """One unit of several steps."""

    def work(unit: Unit) -> None:
        for step in steps:
            step(unit)

    return work
