# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Letting in and shutting out: keys and stops are changed here, each with its record in the same step."""

from collections.abc import Iterable

from app.domain.access import ApiKey, Stop, StopKind
from app.domain.clock import Clock
from app.domain.ids import new_id
from app.domain.json import Json
from app.domain.ledger import Ledger
from app.domain.record import Record, RecordType
from app.domain.subject import Scope
from app.identity.authentication import make_key

APPLICATION_SCOPES = frozenset({Scope.CREATE_GENERATION, Scope.LIST_MODELS})
"""What an application needs to ask a model, and no more."""


class Registrar:
    """Acts for one organisation. `by` is the commitment to whoever gives the order."""

    def __init__(self, ledger: Ledger, clock: Clock, organisation: str, by: str) -> None:
        self._ledger = ledger
        self._clock = clock
        self._organisation = organisation
        self._by = by

    async def create_key(self, application: str, scopes: Iterable[Scope], label: str = "") -> tuple[ApiKey, str]:
        """A new key and its secret, which is nowhere kept."""
        new, moment = make_key(), self._clock.now()
        key = ApiKey(
            new_id("key", moment), self._organisation, application, new.digest, frozenset(scopes), moment, label
        )
        said: dict[str, Json] = {
            "key": key.id,
            "application": application,
            "scopes": [scope.value for scope in sorted(key.scopes)],
            "label": label,
            "by": self._by,
        }
        record = self._record(RecordType.KEY_CREATED, said)
        await self._ledger.commit(lambda unit: unit.add_key(key), lambda _: (record,))
        return key, new.secret

    async def revoke_key(self, key: str) -> ApiKey:
        """Withdraw a key, at once on every worker. Raises `UnknownName`."""
        moment = self._clock.now()
        return await self._ledger.commit(
            lambda unit: unit.revoke_key(key, moment),
            lambda revoked: (
                self._record(RecordType.KEY_REVOKED, {"key": key, "application": revoked.application, "by": self._by}),
            ),
        )

    async def stop(self, kind: StopKind, name: str, reason: str) -> Stop:
        """Order that something is used no longer: running calls end within a second, new ones are refused."""
        order = Stop(kind, name, reason, self._clock.now())
        record = self._record(RecordType.POLICY_STOPPED, self._order(order))
        await self._ledger.commit(lambda unit: unit.stop(order), lambda _: (record,))
        return order

    async def start(self, kind: StopKind, name: str, reason: str) -> Stop:
        """Lift a stop. Raises `UnknownName` when there is none."""
        lifted = Stop(kind, name, reason, self._clock.now())
        record = self._record(RecordType.POLICY_STARTED, self._order(lifted))
        return await self._ledger.commit(lambda unit: unit.start(kind, name), lambda _: (record,))

    def _order(self, order: Stop) -> dict[str, Json]:
        return {"kind": order.kind.value, "name": order.name, "reason": order.reason, "by": self._by}

    def _record(self, kind: RecordType, body: dict[str, Json]) -> Record:
        moment = self._clock.now()
        return Record(kind, new_id("rec", moment), moment, self._organisation, body=body)
