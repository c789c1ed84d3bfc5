# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happens to the house itself rather than to a call: policy that changed, and calls that a dead worker left open."""

from collections.abc import Container, Sequence

from app.domain.clock import Clock
from app.domain.ids import new_id
from app.domain.json import Json
from app.domain.ledger import Ledger, OpenExchange
from app.domain.record import Record, RecordType


class Chronicle:
    """Writes for one organisation."""

    def __init__(self, ledger: Ledger, clock: Clock, organisation: str) -> None:
        self._ledger = ledger
        self._clock = clock
        self._organisation = organisation

    async def policy_loaded(self, policy: str, previous: str | None) -> None:
        """From here on calls are judged by the policy with this SHA-256."""
        await self._write(RecordType.POLICY_LOADED, {"policy": policy, "previous": previous})

    async def policy_rejected(self, policy: str, faults: int) -> None:
        """A changed folder could not be loaded; the policy with this SHA-256 stays in force."""
        await self._write(RecordType.POLICY_REJECTED, {"previous": policy, "faults": faults})

    async def recover(self, running: Container[str] | None = None) -> int:
        """Close as aborted what was left open, by workers that died or by a record that failed; return how many."""
        closed = await self._ledger.commit(lambda unit: unit.orphans(running), self._aborted)
        return len(closed)

    async def _write(self, kind: RecordType, body: dict[str, Json]) -> None:
        moment = self._clock.now()
        record = Record(kind, new_id("rec", moment), moment, self._organisation, body=body)
        await self._ledger.commit(lambda _: None, lambda _: (record,))

    def _aborted(self, orphans: Sequence[OpenExchange]) -> Sequence[Record]:
        moment = self._clock.now()
        return [
            Record(
                RecordType.EXCHANGE_ABORTED,
                new_id("rec", moment),
                moment,
                orphan.organisation,
                orphan.id,
                orphan.record,
                {"cause": WORKER_LOST},
            )
            for orphan in orphans
        ]


WORKER_LOST = "worker-lost"
"""Cause of an exchange whose worker ended without closing it: what its client got, nobody here saw."""
