# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Holds as rows: changed by compare-and-set on their version, so that of two who decide at once one has decided."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, or_, select, update

from app.domain.errors import ReviewConflict, UnknownName
from app.domain.review import Attestation, Hold, HoldState, ReviewClass, SignOff
from app.domain.text import LocalText
from app.storage.database import Database, storable
from app.storage.moments import milliseconds, milliseconds_or_none, moment, moment_or_none
from app.storage.schema import UNDECIDED, exchange
from app.storage.schema import hold as hold_

_AT_ONCE = 500
"""Holds in one unit, so that its records fit in one batch; the next unit takes the next."""
_AS_THEY_ARE = ("task", "profile", "policy", "label", "language", "requester", "edition", "binding", "record", "reason")
_OF_A_CLASS = ("id", "sign_offs", "editor_may_approve", "lease_minutes", "expires_days")
_LOCKED = select(hold_).where(hold_.c.org == bindparam("of"), hold_.c.id == bindparam("named")).with_for_update()
_PUT = update(hold_).where(
    hold_.c.org == bindparam("of"), hold_.c.id == bindparam("named"), hold_.c.version == bindparam("before")
)


class SqlHoldReader:
    """The holds of one organisation. Port: `HoldReader`. Each method raises `EvidenceUnavailable`."""

    def __init__(self, database: Database, organisation: str) -> None:
        self._database = database
        self._organisation = organisation

    def hold(self, hold: str) -> Hold | None:
        """By id."""
        return self._first(_of(self._organisation).where(hold_.c.id == hold)) if storable(hold) else None

    def hold_of(self, exchange: str) -> Hold | None:
        """By exchange."""
        return self._first(_of(self._organisation).where(hold_.c.exchange == exchange)) if storable(exchange) else None

    def same(self, application: str, same: str) -> Hold | None:
        """The newest hold of the same call, open or closed."""
        asked = _of(self._organisation).where(hold_.c.application == application, hold_.c.same == same)
        return self._first(asked.order_by(hold_.c.opened_at.desc(), hold_.c.id.desc()))

    def waiting(self, application: str) -> int:
        """How many holds of this application nobody has decided about."""
        asked = select(func.count()).where(
            hold_.c.org == self._organisation, hold_.c.application == application, UNDECIDED
        )
        with self._database.reading() as connection:
            return connection.scalar(asked) or 0

    def holds(self, *, open_only: bool = True, limit: int = 200) -> Sequence[Hold]:
        """Open ones by term, the soonest first, of each application so many; else those closed, the newest first."""
        asked = _of(self._organisation)
        if open_only:
            soonest = _soonest(self._organisation, limit)
            asked = asked.where(hold_.c.id.in_(soonest)).order_by(hold_.c.expires_at, hold_.c.id)
        else:
            closed = asked.where(hold_.c.closed_at.is_not(None)).limit(limit)
            asked = closed.order_by(hold_.c.closed_at.desc(), hold_.c.id.desc())
        with self._database.reading() as connection:
            return [_hold(row) for row in connection.execute(asked)]

    def _first(self, asked: Select[*tuple[Any, ...]]) -> Hold | None:
        with self._database.reading() as connection:
            row = connection.execute(asked.limit(1)).one_or_none()
        return None if row is None else _hold(row)


def add(connection: Connection, fresh: Hold) -> None:
    """Write a new hold. Raises `ReviewConflict` when an open one waits for the same call.

    Of two that write at once the index lets one in; the other is run again, and finds it here.
    """
    known = select(hold_.c.id).where(
        hold_.c.org == fresh.organisation,
        hold_.c.application == fresh.application,
        hold_.c.same == fresh.same,
        UNDECIDED,
    )
    if connection.scalar(known) is not None:
        raise ReviewConflict(
            LocalText(
                nl="Het antwoord op dezelfde vraag wacht al op een beoordelaar.",
                en="The answer to the same question waits for a reviewer already.",
            )
        )
    connection.execute(insert(hold_), _columns(fresh))


def locked(connection: Connection, organisation: str, name: str) -> Hold:
    """As it is now, and nobody else changes it until the commit. Raises `UnknownName`."""
    if not storable(name):
        raise UnknownName
    row = connection.execute(_LOCKED, {"of": organisation, "named": name}).one_or_none()
    if row is None:
        raise UnknownName
    return _hold(row)


def put(connection: Connection, changed: Hold) -> None:
    """In place of the version before it. Raises `ReviewConflict` when that is not what is stored."""
    of = {"of": changed.organisation, "named": changed.id, "before": changed.version - 1}
    done = connection.execute(_PUT, {**_columns(changed), **of})
    if done.rowcount != 1:
        raise ReviewConflict


def stale(connection: Connection, organisation: str, now: datetime) -> Sequence[Hold]:
    """At most 500 open holds whose term is over, or whose answer will never come because its exchange has ended.

    Those that somebody is busy with are passed over (`SKIP LOCKED`): the next turn sees what became of them.
    """
    ended = select(exchange.c.id).where(exchange.c.id == hold_.c.exchange, exchange.c.state == "closed").exists()
    asked = _of(organisation).where(
        UNDECIDED,
        or_(hold_.c.expires_at <= milliseconds(now), (hold_.c.state == HoldState.COLLECTING) & ended),
    )
    ordered = asked.order_by(hold_.c.expires_at, hold_.c.id).limit(_AT_ONCE)
    return [_hold(row) for row in connection.execute(ordered.with_for_update(skip_locked=True))]


def _of(organisation: str) -> Select[*tuple[Any, ...]]:
    return select(hold_).where(hold_.c.org == organisation)


def _soonest(organisation: str, limit: int) -> Select[*tuple[Any, ...]]:
    """Ids of so many open holds of each application: one that asks very much hides nothing of another."""
    term = (hold_.c.expires_at, hold_.c.id)
    place = func.row_number().over(partition_by=hold_.c.application, order_by=term).label("place")
    placed = select(hold_.c.id, place).where(hold_.c.org == organisation, UNDECIDED).subquery()
    return select(placed.c.id).where(placed.c.place <= limit)


def _columns(item: Hold) -> dict[str, object]:
    return {
        "id": item.id,
        "org": item.organisation,
        "application": item.application,
        "exchange": item.exchange,
        "same": item.same,
        "state": item.state.value,
        "version": item.version,
        "opened_at": milliseconds(item.opened_at),
        "expires_at": milliseconds(item.expires_at),
        "claimed_by": item.claimed_by,
        "claimed_until": milliseconds_or_none(item.claimed_until),
        "closed_at": milliseconds_or_none(item.closed_at),
        "fetched_at": milliseconds_or_none(item.fetched_at),
        "rest": json.dumps(_rest(item), separators=(",", ":"), ensure_ascii=False),
    }


def _rest(item: Hold) -> dict[str, object]:
    return {
        **{name: getattr(item, name) for name in _AS_THEY_ARE},
        "review_class": _class_as_json(item.review_class),
        "codes": {str(choice): code for choice, code in item.codes.items()},
        "renewals": item.renewals,
        "editors": list(item.editors),
        "sign_offs": [_sign_off_as_json(sign_off) for sign_off in item.sign_offs],
        "attributes": dict(item.attributes),
    }


def _hold(row: Row[*tuple[Any, ...]]) -> Hold:
    rest: Mapping[str, Any] = json.loads(row.rest)
    return Hold(
        id=row.id,
        organisation=row.org,
        application=row.application,
        exchange=row.exchange,
        same=row.same,
        state=HoldState(row.state),
        version=row.version,
        opened_at=moment(row.opened_at),
        expires_at=moment(row.expires_at),
        claimed_by=row.claimed_by,
        claimed_until=moment_or_none(row.claimed_until),
        closed_at=moment_or_none(row.closed_at),
        fetched_at=moment_or_none(row.fetched_at),
        **{name: rest[name] for name in _AS_THEY_ARE},
        review_class=_class(rest["review_class"]),
        codes=MappingProxyType({int(choice): code for choice, code in rest["codes"].items()}),
        renewals=rest.get("renewals", 0),  # a row of an earlier version has none
        editors=tuple(rest["editors"]),
        sign_offs=tuple(_sign_off(sign_off) for sign_off in rest["sign_offs"]),
        attributes=MappingProxyType(rest["attributes"]),
    )


def _class_as_json(review_class: ReviewClass) -> dict[str, object]:
    texts = {attestation.id: [attestation.text.nl, attestation.text.en] for attestation in review_class.attestations}
    return {**{name: getattr(review_class, name) for name in _OF_A_CLASS}, "attestations": texts}


def _class(found: Mapping[str, Any]) -> ReviewClass:
    texts = found["attestations"].items()
    return ReviewClass(
        **{name: found[name] for name in _OF_A_CLASS},
        attestations=tuple(Attestation(name, LocalText(nl=nl, en=en)) for name, (nl, en) in texts),
    )


def _sign_off_as_json(sign_off: SignOff) -> list[object]:
    when = milliseconds(sign_off.moment)
    return [sign_off.reviewer, when, sign_off.binding, list(sign_off.attestations)]


def _sign_off(found: Sequence[Any]) -> SignOff:
    reviewer, when, binding, attestations = found
    return SignOff(reviewer, moment(when), binding, tuple(attestations))
